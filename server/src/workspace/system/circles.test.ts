import { afterEach, describe, expect, test } from 'vitest';
import { platforms, rules } from '../../lint/registry';
import { nodeDisk } from '../nodeDisk';
import { openWorkspace } from '../openWorkspace';
import { openScratch, type Scratch } from '../testing/scratch';

let scratch: Scratch;
afterEach(() => scratch?.remove());

const HEADERS = `add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Credentials true always;`;

const server = (name: string, pass: string, host = '', listen = '80'): string => `server {
  listen ${listen};
  server_name ${name};
  location / {
    ${HEADERS}
    ${host && `proxy_set_header Host ${host};`}
    proxy_pass ${pass};
  }
}
`;

const compose = `services:
  web:
    image: nginx:1.27
    ports: ["80:80"]
    volumes: ["./nginx.conf:/etc/nginx/conf.d/default.conf:ro"]
`;

/** Requests that come back to the server that passed them on: none of these ever gets an answer but an error. */
const CIRCLES: readonly (readonly [name: string, files: Readonly<Record<string, string>>])[] = [
  ['its own address', { 'nginx.conf': server('a.example.com', 'http://127.0.0.1') }],
  ['its own address, with the host', { 'nginx.conf': server('a.example.com', 'http://127.0.0.1', '$host') }],
  ['its own name', { 'nginx.conf': server('a.example.com', 'http://a.example.com') }],
  ['its own name, with the host', { 'nginx.conf': server('a.example.com', 'http://a.example.com', '$host') }],
  ['its own service', { 'nginx.conf': server('a.example.com', 'http://web'), 'compose.yaml': compose }],
  [
    'its own service, with the host',
    { 'nginx.conf': server('a.example.com', 'http://web', '$host'), 'compose.yaml': compose },
  ],
  [
    "a neighbour's name, with the host",
    {
      'nginx.conf':
        server('a.example.com', 'http://b.example.com', '$host') + server('b.example.com', 'http://127.0.0.1:3001'),
    },
  ],
  [
    "a neighbour's address, with the host",
    {
      'nginx.conf':
        server('a.example.com', 'http://127.0.0.1', '$host') + server('b.example.com', 'http://127.0.0.1:3001'),
    },
  ],
  [
    'two names',
    { 'nginx.conf': server('a.example.com', 'http://b.example.com') + server('b.example.com', 'http://a.example.com') },
  ],
  [
    'two ports',
    {
      'nginx.conf':
        server('a.example.com', 'http://127.0.0.1:81') + server('a.example.com', 'http://127.0.0.1', '', '81'),
    },
  ],
  [
    'two files',
    {
      'a.conf': server('a.example.com', 'http://b.example.com'),
      'b.conf': server('b.example.com', 'http://a.example.com'),
    },
  ],
];

describe('requests that go round in a circle', () => {
  test.each(CIRCLES)('by %s', async (_, files) => {
    scratch = openScratch(files);
    const workspace = openWorkspace({ root: scratch.root, disk: nodeDisk, platforms, rules });
    for (const file of Object.keys(files).filter((name) => name.endsWith('.conf'))) {
      const { findings } = await workspace.lintWhole(scratch.at(file));
      expect(findings.map(({ rule, severity, message }) => `${severity} ${rule.id} ${message}`)).toEqual([]);
    }
  });
});
