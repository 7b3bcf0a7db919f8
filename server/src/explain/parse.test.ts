import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../../test/harness/require';
import { parseMessages } from './parse';

const URL = 'https://api.example.com/items?id=1';
const ORIGIN = 'https://app.example.com';

const chrome = (detail: string) =>
  `Access to fetch at '${URL}' from origin '${ORIGIN}' has been blocked by CORS policy: ${detail}`;
const firefox = (reason: string, status = '') =>
  `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ${URL}. (Reason: ${reason}).${status}`;

describe('what Chromium was seen to say', () => {
  const facts: { cases: { chromium: string }[] } = JSON.parse(
    readFileSync(join(projectRoot, 'test/oracle/facts/browser.json'), 'utf8'),
  );
  const details = [...new Set(facts.cases.map(({ chromium }) => chromium))].filter((said) => said !== 'ok');

  it('is enough to learn from', () => expect(details.length).toBeGreaterThan(25));

  it.each(details.map((detail) => detail.replace('blocked: ', '')))('%s', (detail) => {
    const [message, ...others] = parseMessages(chrome(detail));
    expect(others).toEqual([]);
    expect(message).toMatchObject({ browser: 'chrome', url: URL, origin: ORIGIN });
    expect(message?.reason).not.toBe('unspecified');
    expect(message?.isPreflight).toBe(/preflight/.test(detail));
  });
});

describe('each form', () => {
  it.each<[string, object]>([
    [
      chrome("No 'Access-Control-Allow-Origin' header is present on the requested resource."),
      { reason: 'no-allow-origin', isPreflight: false },
    ],
    [
      chrome(
        "The 'Access-Control-Allow-Origin' header has a value 'https://b.example' that is not equal to the supplied origin.",
      ),
      { reason: 'other-origin', names: 'https://b.example' },
    ],
    [
      chrome('Method PATCH is not allowed by Access-Control-Allow-Methods in preflight response.'),
      { reason: 'method', names: 'PATCH', isPreflight: true },
    ],
    [
      chrome('Request header field x-trace is not allowed by Access-Control-Allow-Headers in preflight response.'),
      { reason: 'header', names: 'x-trace' },
    ],
    [
      chrome(
        "Response to preflight request doesn't pass access control check: Redirect is not allowed for a preflight request.",
      ),
      { reason: 'preflight-redirect', isPreflight: true },
    ],
    [
      chrome('The request client is not a secure context and the resource is in more-private address space `local`.'),
      { reason: 'local-network' },
    ],
    [
      `XMLHttpRequest cannot load ${URL}. No 'Access-Control-Allow-Origin' header is present on the requested resource. Origin '${ORIGIN}' is therefore not allowed access.`,
      { browser: 'chrome', reason: 'no-allow-origin', origin: ORIGIN },
    ],
    [
      `Failed to load ${URL}: Response for preflight has invalid HTTP status code 405`,
      { browser: 'chrome', reason: 'preflight-status', status: 405, isPreflight: true },
    ],
    [
      firefox('CORS header ‘Access-Control-Allow-Origin’ missing', ' Status code: 200.'),
      { reason: 'no-allow-origin', status: 200 },
    ],
    [
      firefox('CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://b.example’'),
      { reason: 'other-origin', names: 'https://b.example' },
    ],
    [firefox('Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed'), { reason: 'several-origins' }],
    [
      `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ‘${URL}’. (Reason: Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).`,
      { reason: 'wildcard-with-credentials' },
    ],
    [
      firefox('expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’'),
      { reason: 'credentials-not-allowed' },
    ],
    [
      firefox('CORS preflight response did not succeed', ' Status code: 404.'),
      { reason: 'preflight-status', status: 404, isPreflight: true },
    ],
    [firefox('Did not find method in CORS header ‘Access-Control-Allow-Methods’'), { reason: 'method' }],
    [
      firefox(
        'header ‘authorization’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response',
      ),
      { reason: 'header', names: 'authorization' },
    ],
    [
      firefox('missing token ‘x-a’ in CORS header ‘Access-Control-Allow-Headers’ from CORS preflight channel'),
      { reason: 'header', names: 'x-a' },
    ],
    [
      firefox('invalid token ‘GET PUT’ in CORS header ‘Access-Control-Allow-Methods’'),
      { reason: 'unparsable-methods', names: 'GET PUT' },
    ],
    [firefox('CORS request did not succeed', ' Status code: (null).'), { reason: 'network', status: undefined }],
    [firefox('CORS request not http'), { reason: 'not-http' }],
    [firefox('CORS request external redirect not allowed'), { reason: 'redirect' }],
    [firefox('CORS disabled'), { reason: 'disabled' }],
    [
      `Origin ${ORIGIN} is not allowed by Access-Control-Allow-Origin. Status code: 200\nFetch API cannot load ${URL} due to access control checks.`,
      { browser: 'safari', reason: 'origin-refused', origin: ORIGIN, status: 200 },
    ],
    [
      `Preflight response is not successful. Status code: 404\nXMLHttpRequest cannot load ${URL} due to access control checks.`,
      { browser: 'safari', reason: 'preflight-status', status: 404, isPreflight: true },
    ],
    [
      `Method PUT is not allowed by Access-Control-Allow-Methods.\nFetch API cannot load ${URL} due to access control checks.`,
      { browser: 'safari', reason: 'method', names: 'PUT' },
    ],
    [
      `Request header field X-Trace is not allowed by Access-Control-Allow-Headers.\nFetch API cannot load ${URL} due to access control checks.`,
      { browser: 'safari', reason: 'header', names: 'X-Trace' },
    ],
    [
      `Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.\nFetch API cannot load ${URL} due to access control checks.`,
      { browser: 'safari', reason: 'wildcard-with-credentials' },
    ],
    [
      `Credentials flag is true, but Access-Control-Allow-Credentials is not "true".\nFetch API cannot load ${URL} due to access control checks.`,
      { browser: 'safari', reason: 'credentials-not-allowed' },
    ],
    [
      `Access-Control-Allow-Origin cannot contain more than one origin.\nFetch API cannot load ${URL} due to access control checks.`,
      { browser: 'safari', reason: 'several-origins' },
    ],
    [`Fetch API cannot load ${URL} due to access control checks.`, { browser: 'safari', reason: 'unspecified' }],
  ])('%s', (text, expected) => {
    const messages = parseMessages(text);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({ url: URL, ...expected });
  });
});

describe('what is pasted', () => {
  const one = chrome("No 'Access-Control-Allow-Origin' header is present on the requested resource.");

  it('may be broken into lines, with a stack and other lines around it', () => {
    const text = `orders.js:12 ${one.replace(' from origin', '\n   from origin').replace('policy: ', 'policy:\n')}
      load @ orders.js:12
    (anonymous) @ main.js:3
    GET ${URL} net::ERR_FAILED 200 (OK)`;
    expect(parseMessages(text)).toMatchObject([{ reason: 'no-allow-origin', url: URL, origin: ORIGIN }]);
  });

  it('may hold several messages, each told once', () => {
    const other = firefox('CORS disabled');
    expect(parseMessages(`${one}\n${one}\n${other}\n${other}`).map(({ browser }) => browser)).toEqual([
      'chrome',
      'firefox',
    ]);
  });

  it('may be what Safari says three times', () => {
    const refused = `Origin ${ORIGIN} is not allowed by Access-Control-Allow-Origin. Status code: 200`;
    const text = `[Error] ${refused}\n[Error] Fetch API cannot load ${URL} due to access control checks.\n[Error] Failed to load resource: ${refused} (items, line 0)`;
    expect(parseMessages(text)).toMatchObject([{ browser: 'safari', url: URL, origin: ORIGIN }]);
  });

  it.each(['', 'Hello', 'TypeError: Failed to fetch', 'GET https://a.example net::ERR_FAILED', 'Access to fetch at '])(
    'may have nothing to do with it: %s',
    (text) => expect(parseMessages(text)).toEqual([]),
  );

  it('is read in no time, however long', () => {
    const text = "Access to fetch at '".repeat(20_000) + 'Origin '.repeat(20_000);
    const start = performance.now();
    expect(parseMessages(text)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
