import { describe, expect, it } from 'vitest';
import { misspelling } from './headerSpelling';
import { RESPONSE_HEADERS } from './names';

describe('names that mean nothing to a browser', () => {
  it.each([
    ['Access-Control-Allow-Origins', 'near-miss', 'Access-Control-Allow-Origin'],
    ['Access-Control-Allow-Orgin', 'near-miss', 'Access-Control-Allow-Origin'],
    ['Acess-Control-Allow-Origin', 'near-miss', 'Access-Control-Allow-Origin'],
    ['Access-Control-Origin', 'near-miss', 'Access-Control-Allow-Origin'],
    ['Access-Allow-Origin', 'near-miss', 'Access-Control-Allow-Origin'],
    ['X-Access-Control-Allow-Origin', 'near-miss', 'Access-Control-Allow-Origin'],
    ['AccessControlAllowOrigin', 'near-miss', 'Access-Control-Allow-Origin'],
    ['Allow-Origin', 'near-miss', 'Access-Control-Allow-Origin'],
    ['Access-Control-Allow-Method', 'near-miss', 'Access-Control-Allow-Methods'],
    ['Access-Control-Allowed-Methods', 'near-miss', 'Access-Control-Allow-Methods'],
    ['Access-Control-Allow-Header', 'near-miss', 'Access-Control-Allow-Headers'],
    ['Access-Control-Allow-Credential', 'near-miss', 'Access-Control-Allow-Credentials'],
    ['Access-Control-Allow-Credentails', 'near-miss', 'Access-Control-Allow-Credentials'],
    ['Access-Control-Expose-Header', 'near-miss', 'Access-Control-Expose-Headers'],
    ['Access-Control-Exposed-Headers', 'near-miss', 'Access-Control-Expose-Headers'],
    ['Access-Control-MaxAge', 'near-miss', 'Access-Control-Max-Age'],
    ['Access-Control-Allow-Origin:', 'colon', 'Access-Control-Allow-Origin'],
    ['Access-Control-Allow-Origins:', 'colon', 'Access-Control-Allow-Origin'],
    ['Access_Control_Allow_Origin', 'underscore', 'Access-Control-Allow-Origin'],
    ['access-control-max_age', 'underscore', 'Access-Control-Max-Age'],
    ['Access-Control-Request-Method', 'request-header', 'Access-Control-Allow-Methods'],
    ['Access-Control-Request-Headers', 'request-header', 'Access-Control-Allow-Headers'],
    ['Origin', 'request-header', 'Access-Control-Allow-Origin'],
  ])('%s: %s, %s', (name, kind, meant) => {
    expect(misspelling(name)).toEqual({ kind, meant });
  });
});

it.each([
  ...RESPONSE_HEADERS,
  ...RESPONSE_HEADERS.map((name) => name.toUpperCase()),
  'Vary',
  'Timing-Allow-Origin',
  'Access-Control-Allow-Private-Network',
  'Cross-Origin-Resource-Policy',
  'Allow',
  'Accept',
  'Accept-Control',
  'Content-Type',
  'Access-Token',
  'X-Origin',
  'Origin-Agent-Cluster',
  'X-Allow-Methods-Count',
  '',
  ':',
])('%j is left alone', (name) => {
  expect(misspelling(name)).toBeUndefined();
});
