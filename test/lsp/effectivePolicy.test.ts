import { describe, expect, it } from 'vitest';
import { openBrowser } from '../../server/src/cors/browser';
import { effectivePolicy, policyRows, policySummary } from '../../server/src/cors/effectivePolicy';
import { platforms } from '../../server/src/lint/registry';
import { memoryHost } from '../harness/memoryHost';

/** "Label: words" for the first endpoint of a file, the summary first. */
async function policyOf(file: string, text: string): Promise<string[]> {
  const platform = platforms.find(({ claims }) => claims(file, text));
  if (platform === undefined) throw new Error(`no platform reads ${file}`);
  await platform.prepare?.();
  const analysis = platform.analyse(file, text, memoryHost(new Map([[file, text]])), {});
  const [endpoint] = analysis.endpoints;
  if (endpoint === undefined) throw new Error(`no endpoint in ${file}`);
  const policy = effectivePolicy(openBrowser(endpoint));
  return [policySummary(policy), ...policyRows(policy).map(({ label, words }) => `${label}: ${words}`)];
}

const EXPRESS = "const app = require('express')();\nconst cors = require('cors');\n";

describe('the effective policy', () => {
  it.each<[string, string, string, string[]]>([
    [
      'cors() without options',
      'app.js',
      `${EXPRESS}app.use(cors());\napp.get('/a', (req, res) => res.json([]));\n`,
      [
        'any origin (*) · no credentials · GET · preflight 204',
        'Origins: any origin (*)',
        'Credentials: no',
        'Methods: GET',
        'Request headers: any',
        'Exposed headers: none beyond the usual',
        'Preflight: 204 by the cors middleware',
        'Preflight remembered: 5 seconds, the default',
        'Vary: none',
      ],
    ],
    [
      'a list and a pattern',
      'app.js',
      `${EXPRESS}app.use(cors({ origin: ['https://a.example', /\\.b\\.example$/], credentials: true, maxAge: 600, exposedHeaders: ['X-Total'] }));\napp.put('/a', (req, res) => res.json([]));\n`,
      [
        'https://a.example, origins that match /\\.b\\.example$/ · credentials · PUT · preflight 204',
        'Origins: https://a.example, origins that match /\\.b\\.example$/',
        'Credentials: yes',
        'Methods: PUT',
        'Request headers: any',
        'Exposed headers: X-Total',
        'Preflight: 204 by the cors middleware',
        'Preflight remembered: 600 seconds',
        'Vary: Origin',
      ],
    ],
    [
      'every origin sent back',
      'app.js',
      `${EXPRESS}app.use(cors({ origin: true, credentials: true }));\napp.get('/a', (req, res) => res.json([]));\n`,
      [
        'any origin, sent back as it came · credentials · GET · preflight 204',
        'Origins: any origin, sent back as it came',
        'Credentials: yes',
        'Methods: GET',
        'Request headers: any',
        'Exposed headers: none beyond the usual',
        'Preflight: 204 by the cors middleware',
        'Preflight remembered: 5 seconds, the default',
        'Vary: Origin',
      ],
    ],
    [
      'an environment variable with a default',
      'app.js',
      `${EXPRESS}app.use(cors({ origin: process.env.ORIGIN || '*' }));\napp.get('/a', (req, res) => res.json([]));\n`,
      [
        'cannot be told: ORIGIN is set outside the code when ORIGIN is set; any origin (*) when ORIGIN is unset · no credentials · GET · preflight not certain',
        'Origins: cannot be told: ORIGIN is set outside the code when ORIGIN is set; any origin (*) when ORIGIN is unset',
        'Credentials: no',
        'Methods: GET',
        'Request headers: any',
        'Exposed headers: none beyond the usual',
        'Preflight: 204 by the cors middleware; cannot be told whether it passes when ORIGIN is set; 204 by the cors middleware when ORIGIN is unset',
        'Preflight remembered: 5 seconds, the default',
        'Vary: Origin when ORIGIN is set; none when ORIGIN is unset',
      ],
    ],
    [
      'no CORS',
      'app.js',
      `${EXPRESS}app.get('/a', (req, res) => res.json([]));\n`,
      ['nothing for other origins', 'Origins: no other origin'],
    ],
    [
      'headers by hand without a preflight',
      'app.js',
      `${EXPRESS}app.put('/a', (req, res) => { res.set('Access-Control-Allow-Origin', 'https://a.example'); res.json([]); });\n`,
      [
        'https://a.example · no credentials · none; not PUT · preflight fails',
        'Origins: https://a.example',
        'Credentials: no',
        'Methods: none; not PUT',
        'Request headers: none beyond the usual',
        'Exposed headers: none beyond the usual',
        'Preflight: fails: the response has no Access-Control-Allow-Origin',
        'Preflight remembered: 5 seconds, the default',
        'Vary: none',
      ],
    ],
    [
      'an nginx location',
      'nginx.conf',
      "http { server { listen 80; location /api/ { if ($request_method = OPTIONS) { add_header Access-Control-Allow-Origin '*'; add_header Access-Control-Allow-Methods 'GET, PUT'; add_header Access-Control-Max-Age 86400; return 204; } add_header Access-Control-Allow-Origin '*' always; return 200 ok; } } }\n",
      [
        'any origin (*) · no credentials · GET, HEAD, POST, PUT · preflight 204',
        'Origins: any origin (*)',
        'Credentials: no',
        'Methods: GET, HEAD, POST, PUT',
        'Request headers: none beyond the usual',
        'Exposed headers: none beyond the usual',
        'Preflight: 204 by return 204',
        'Preflight remembered: 86400 seconds; Chromium keeps to 7200',
        'Vary: none',
      ],
    ],
    [
      'an nginx map',
      'nginx.conf',
      'http { map $http_origin $allowed { default ""; https://a.example $http_origin; "~^https://[a-z]+\\.b\\.example$" $http_origin; } server { listen 80; location / { add_header Access-Control-Allow-Origin $allowed always; add_header Access-Control-Allow-Credentials true always; add_header Vary Origin always; root /srv; } } }\n',
      [
        'https://a.example, origins that match /^https://[a-z]+\\.b\\.example$/ · credentials · GET, HEAD · preflight fails',
        'Origins: https://a.example, origins that match /^https://[a-z]+\\.b\\.example$/',
        'Credentials: yes',
        'Methods: GET, HEAD',
        'Request headers: none beyond the usual',
        'Exposed headers: none beyond the usual',
        'Preflight: fails: the preflight is answered with 405, not with a status from 200 to 299',
        'Preflight remembered: 5 seconds, the default',
        'Vary: Origin',
      ],
    ],
    [
      'an HTTP API of Serverless',
      'serverless.yml',
      "service: a\nframeworkVersion: '3'\nprovider:\n  name: aws\n  httpApi:\n    cors:\n      allowedOrigins:\n        - https://a.example\n      allowCredentials: true\n      maxAge: 300\nfunctions:\n  a:\n    handler: a.b\n    events:\n      - httpApi: PUT /a\n",
      [
        'https://a.example · credentials · PUT · preflight 204',
        'Origins: https://a.example',
        'Credentials: yes',
        'Methods: PUT',
        'Request headers: Content-Type, X-Amz-Date, Authorization, X-Api-Key, X-Amz-Security-Token and 2 more',
        'Exposed headers: none beyond the usual',
        'Preflight: 204 by cors of the HTTP API',
        'Preflight remembered: 300 seconds',
        'Vary: cannot be told: AWS decides whether it sends Vary',
      ],
    ],
    [
      'a REST event of Serverless',
      'serverless.yml',
      "service: a\nframeworkVersion: '3'\nprovider:\n  name: aws\nfunctions:\n  a:\n    handler: a.b\n    events:\n      - http:\n          path: /a\n          method: put\n          cors: true\n",
      [
        'cannot be told: a is not in the workspace · perhaps credentials · PUT · preflight 200',
        'Origins: cannot be told: a is not in the workspace',
        'Credentials: cannot be told: a is not in the workspace',
        'Methods: PUT',
        'Request headers: Content-Type, X-Amz-Date, Authorization, X-Api-Key, X-Amz-Security-Token and 2 more',
        'Exposed headers: cannot be told: a is not in the workspace',
        'Preflight: 200 by the OPTIONS method that cors makes',
        'Preflight remembered: 5 seconds, the default',
        'Vary: cannot be told: a is not in the workspace',
      ],
    ],
  ])('%s', async (_name, file, text, expected) => {
    expect(await policyOf(file, text)).toEqual(expected);
  });
});
