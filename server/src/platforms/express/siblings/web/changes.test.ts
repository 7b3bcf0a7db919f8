import { beforeAll, expect, test } from 'vitest';
import { createReader, type FunctionValue, prepare, type Reader } from '../../../../javascript';
import { join } from '../../../../javascript/resolve';
import { waysThrough } from './ways';

beforeAll(prepare);

/** A handler whose tests double its ways, every one of which calls `mark` first and last. */
function handler(tests: number): string {
  const forks = Array.from({ length: tests }, (_, i) => `  if (request.flag${i} === 1) note(${i});\n`).join('');
  return `function mark(response) { response.headers.set('X-Seen', '1'); }
function note(n) { console.log(n); }
export function GET(request) {
  const response = Response.json({});
  mark(response);
${forks}  mark(response);
  return response;
}
`;
}

/** The ways through the handler, and how often its reader was asked for the ways through a function that it calls. */
function followed(tests: number) {
  const text = handler(tests);
  const reader = createReader({ readFile: () => text, join });
  const module = reader.module('/w/route.js');
  const fn = module && reader.findExport(module, 'GET');
  if (fn?.kind !== 'function') throw new Error('no handler');
  let count = 0;
  const counting: Reader = {
    ...reader,
    paths: (inner: FunctionValue, options) => {
      if (inner.function !== fn.function) count += 1;
      return reader.paths(inner, options);
    },
  };
  return { ways: waysThrough(counting, fn), count };
}

test.each([1, 3, 5])(
  'a function that all of the ways through %i tests call is followed once for each call',
  (tests) => {
    const { ways, count } = followed(tests);
    expect(ways).toHaveLength(2 ** tests);
    for (const { changes } of ways) expect(changes.map(({ setting }) => setting.name)).toEqual(['X-Seen', 'X-Seen']);
    expect(count).toBe(2 + tests);
  },
);
