import { describe, expect, it } from 'vitest';
import { completionAt } from './completion';

/** What the cursor, `|`, would write over, and the words offered. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const context = completionAt(text, offset);
  if (context === undefined) return undefined;
  const { replace, words } = context;
  return [text.slice(replace.start, replace.end), ...words.map((word) => word.text)].join(' ');
}

const REST = (cors: string) => `functions:
  f:
    events:
      - http:
          path: /f
          cors:${cors}
          method: get
`;
const HTTP_API = (cors: string) => `provider:
  httpApi:
    cors:${cors}
functions: {}
`;
const URL = (cors: string) => `functions:
  f:
    url:
      cors:${cors}
    handler: a.b
`;

describe('completion below cors', () => {
  it.each([
    [REST('\n            |'), ' origin: origins: headers: methods: allowCredentials: maxAge:'],
    [
      REST('\n            origin: x\n            all|\n            maxAge: 1'),
      'all origins: headers: methods: allowCredentials:',
    ],
    [REST('\n            ori|gins:'), 'origins origin origins headers methods allowCredentials maxAge'],
    [REST(' |'), ' true'],
    [REST(' tr|'), 'tr true'],
    [REST('\n            origin: |'), " '*'"],
    [REST("\n            origin: 'ht|'"), 'ht *'],
    [REST('\n            origins:\n              - |'), " '*'"],
    [REST('\n            allowCredentials: |'), ' true false'],
    [
      HTTP_API('\n      |'),
      ' allowedOrigins: allowedHeaders: allowedMethods: allowCredentials: exposedResponseHeaders: maxAge:',
    ],
    [HTTP_API('\n      allowedMethods:\n        - G|'), 'G GET POST PUT PATCH DELETE OPTIONS'],
    [
      HTTP_API('\n      allowedHeaders:\n      # as deep as the key\n      - |'),
      ' Content-Type Authorization X-Requested-With',
    ],
    [HTTP_API('\n      exposedResponseHeaders:\n        - ETag\n        - "|"'), ' Content-Disposition ETag Location'],
    [HTTP_API('\n      maxAge: |'), ' 7200 86400 600'],
    [HTTP_API(' |'), ' true'],
    [
      URL('\n        max|'),
      'max allowedOrigins: allowedHeaders: allowedMethods: allowCredentials: exposedResponseHeaders: maxAge:',
    ],
    [URL('\n        allowedOrigins:\n          - |'), " '*'"],
    [HTTP_API('\n      allowedMethods: [|]'), ' GET POST PUT PATCH DELETE OPTIONS'],
    [HTTP_API('\n      allowedMethods: [GET, P|OST]'), 'POST GET POST PUT PATCH DELETE OPTIONS'],
    [HTTP_API("\n      allowedHeaders: ['A', '|"), ' Content-Type Authorization X-Requested-With'],
    [REST('\n            origins: [ |'), " '*'"],
    [HTTP_API('\n      allowedMethods: [GET] |'), undefined],
    [HTTP_API('\n      maxAge: [|]'), undefined],
    [URL('|'), undefined],
    [URL('\n        # |'), undefined],
    [URL('\n        maxAge: 5 # |'), undefined],
    [URL('\n        unknown:\n          - |'), undefined],
    [URL('\n        allowedOrigins:\n          deeper:\n            |'), undefined],
    ['custom:\n  cors:\n    |', undefined],
    ['functions:\n  f:\n    |', undefined],
    ['cors: |', undefined],
    ['|', undefined],
  ])('%j', (marked, expected) => {
    expect(at(marked)).toEqual(expected);
  });

  it('tells what the block is that the cursor is in', () => {
    const text = REST('\n            origin: x\n            # why\n            maxAge: 1');
    const block = completionAt(text, text.indexOf('maxAge'))?.block;
    expect(block && text.slice(block.start, block.end)).toBe(
      '            origin: x\n            # why\n            maxAge: 1',
    );
  });

  it('puts quotes around configured origins that stand without', () => {
    const text = HTTP_API('\n      allowedOrigins:\n        - ');
    expect(completionAt(text, text.indexOf('- ') + 2)?.originQuote).toBe("'");
  });
});
