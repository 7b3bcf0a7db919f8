import { beforeAll, describe, expect, test } from 'vitest';
import { createHandlerReader, type HandlerResponse } from '../../server/src/aws/lambda/handler';
import type { Request } from '../../server/src/cors/http';
import { resolveResponse } from '../../server/src/cors/resolve';
import { prepare } from '../../server/src/javascript';
import { memoryHost } from '../harness/memoryHost';
import { ADMIN, APP, type MadeHandler, madeHandler } from './lambda-grammar';
import { type Event, type Outcome, runHandlers } from './lambda-run';
import { chooseSeed, randomFrom } from './nginx-random';

/**
 * Made-up handlers are read, and then run with events of both formats of API Gateway. Wherever the reading is certain,
 * the CORS headers and Vary must be those that come out.
 */
const SEED = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 300);
const SECONDS = 1000;

const EVENTS: readonly Event[] = (['1.0', '2.0'] as const).flatMap((payload) =>
  ['OPTIONS', 'GET', 'POST'].flatMap((method) =>
    [undefined, APP, ADMIN, 'https://evil.example', 'https://evilexample.com', 'null'].flatMap((origin) =>
      (method === 'POST' ? ['{"a":1}', 'boom'] : [null]).map((body) => ({ payload, method, origin, body })),
    ),
  ),
);

beforeAll(prepare);

describe('handlers that are run', () => {
  test(
    `${CASES} of them answer as they were read, SEED=${SEED}`,
    async () => {
      const random = randomFrom(SEED);
      const made = Array.from({ length: CASES }, () => madeHandler(random));
      const outcomes = await runHandlers(made.map((each) => ({ ...each, events: EVENTS })));
      const wrong: string[] = [];
      const counts = { agreed: 0, unknown: 0, failed: 0, thrown: 0 };
      for (const [i, { files }] of made.entries()) {
        for (const [j, event] of EVENTS.entries()) {
          const outcome = outcomes[i]?.[j];
          if (outcome === undefined) throw new Error('a handler was not run');
          const verdict = judge(files, event, outcome);
          if (verdict === 'agreed' || verdict === 'unknown' || verdict === 'thrown') counts[verdict] += 1;
          else {
            counts.failed += 1;
            wrong.push(`#${i} ${JSON.stringify(event)}: ${verdict}\n${Object.values(files).join('\n---\n')}`);
          }
        }
      }
      const total = counts.agreed + counts.unknown + counts.failed;
      const share = ((100 * counts.unknown) / total).toFixed(1);
      console.info(`${total} answers: ${counts.agreed} as read, ${counts.failed} not, ${share} % not claimed`);
      expect(wrong.slice(0, 3)).toEqual([]);
      expect(counts.agreed).toBeGreaterThan(total * 0.75);
    },
    120 * SECONDS,
  );
});

/** Whether what came out is what was read; else in words what was read. */
function judge(files: MadeHandler['files'], event: Event, { answer, error }: Outcome): string {
  const reader = createHandlerReader(memoryHost(new Map(Object.entries(files))), 'serverless.yml', () => undefined);
  const reading = reader.read('h.handler', event.payload);
  if (reading.kind !== 'responses') return 'unknown';
  if (error !== undefined) return 'thrown';
  const request = requestOf(event);
  const status = answer?.statusCode;
  const possible = reading.responses.filter(
    (response) =>
      response.taken(request) !== 'no' && (response.status === undefined ? true : response.status === status),
  );
  if (possible.length === 0) return `nothing with the status ${status}`;
  if (possible.some(({ open }) => open !== undefined)) return 'unknown';
  const lines = linesOf(answer ?? {});
  const read = possible.map((response) => compare(response, request, lines));
  if (read.includes('agreed')) return 'agreed';
  if (read.includes('unknown')) return 'unknown';
  return `${read.join(' or ')}, and it was ${JSON.stringify(lines)}`;
}

function compare(response: HandlerResponse, request: Request, lines: readonly string[]): string {
  const answeredBy = { kind: 'handler', what: '', place: response.place } as const;
  const ways = resolveResponse({ status: response.status, answeredBy, headers: response.headers }, request);
  const texts = ways.map(({ headers }) =>
    headers.filter(({ name }) => TELLING.test(name)).map(({ name, text }) => [name.toLowerCase(), text] as const),
  );
  for (const way of texts) {
    if (way.some(([, text]) => text === undefined)) continue;
    if (JSON.stringify(way.map(([name, text]) => `${name}: ${text}`).sort()) === JSON.stringify(lines)) return 'agreed';
  }
  return texts.some((way) => way.some(([, text]) => text === undefined)) ? 'unknown' : JSON.stringify(texts);
}

const TELLING = /^(?:access-control-.*|vary)$/i;

function linesOf({ headers, multiValueHeaders }: NonNullable<Outcome['answer']>): string[] {
  const single = Object.entries(headers ?? {}).map(([name, value]) => [name, value] as const);
  const several = Object.entries(multiValueHeaders ?? {}).flatMap(([name, values]) =>
    values.filter((value) => value !== null).map((value) => [name, value] as const),
  );
  return [...single, ...several]
    .filter(([name]) => TELLING.test(name))
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .sort();
}

function requestOf({ method, origin, body }: Event): Request {
  return {
    method,
    scheme: 'https',
    path: '/',
    origin,
    headers: new Map([['host', 'api.example.com']]),
    ending: body === 'boom' ? 500 : 'success',
  };
}
