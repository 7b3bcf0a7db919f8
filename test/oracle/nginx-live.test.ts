import { beforeAll, expect, test } from 'vitest';
import type { Ending, Request, Response } from '../../server/src/cors/http';
import type { NginxEndpoint } from '../../server/src/platforms/nginx/endpoints/endpoints';
import { play } from '../../server/src/platforms/nginx/evaluate/play';
import { type Run, startRun } from '../../server/src/platforms/nginx/evaluate/run';
import { createEngine } from '../../server/src/platforms/nginx/evaluate/serve';
import { chooseServer } from '../../server/src/platforms/nginx/evaluate/server-choice';
import { captureServerName } from '../../server/src/platforms/nginx/evaluate/server-name';
import { nginx } from '../../server/src/platforms/nginx/platform';
import { suiteNeeds } from '../harness/require';
import { agrees, described, lines } from './nginx-agreement';
import { type Case, makeCase } from './nginx-grammar';
import { memoryHost } from './nginx-host';
import { chooseSeed, randomFrom } from './nginx-random';
import { endingOf, requestsFor, startWorld, truthOf, type World } from './nginx-world';

/**
 * What we predict against what a live nginx answers, over configurations made from a grammar: status and the CORS,
 * `Vary`, `Location` and `X-` headers in order, wherever the prediction is certain.
 *
 * `CASES=5000 npx vitest run test/oracle/nginx-live.test.ts` tries more; `SEED=` picks others.
 */

const seed = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 50);
const BATCH = 250;

suiteNeeds('nginx')(`predictions against a live nginx, SEED=${seed}`, () => {
  beforeAll(() => nginx.prepare?.());

  test(`${CASES} configurations`, async () => {
    const counts: Counts = { whole: 0, apart: 0, unknown: 0 };
    for (let first = 0; first < CASES; first += BATCH) {
      await compareBatch(first, Math.min(BATCH, CASES - first), counts);
    }
    const all = counts.whole + counts.apart + counts.unknown;
    const share = (count: number): string => `${((100 * count) / all).toFixed(1)} %`;
    console.log(
      `${all} answers agree: ${share(counts.whole)} known whole, ${share(counts.apart)} but for what an upstream brings, ${share(counts.unknown)} unknown`,
    );
    // Being unsure of everything would agree with anything.
    expect(counts.unknown / all).toBeLessThan(0.05);
  }, 3_600_000);
});

interface Counts {
  whole: number;
  /** Known but for the headers of an upstream that nobody knows. */
  apart: number;
  unknown: number;
}

async function compareBatch(first: number, count: number, counts: Counts): Promise<void> {
  const random = randomFrom(seed + first);
  let cases: Case[] = [];
  let listen = '';
  const httpLines = random.pick([
    '',
    'add_header X-Http 1;',
    'add_header Vary Accept always; error_page 405 =204 /50x.html;',
  ]);
  const world = await startWorld((port, other) => {
    listen = `127.0.0.1:${port}`;
    const around = { listen, itself: `http://${listen}`, elsewhere: `http://127.0.0.1:${other}` };
    cases = Array.from({ length: count }, (_, i) => makeCase(random, first + i, around));
    return [frame(httpLines, listen), ...cases.map(({ text }) => text)].join('\n');
  });
  try {
    for (const item of cases) {
      const predict = predictor(item, frame(httpLines, listen), world.port);
      for (const request of requestsFor(random, item.host)) {
        counts[await compare(predict, item, request, world)] += 1;
      }
    }
  } finally {
    await world.stop();
  }
}

/** What all the servers have in common, and the default one. */
function frame(httpLines: string, listen: string): string {
  return `${httpLines} limit_req_zone $arg_limit zone=limited:10m rate=1r/m; server { listen ${listen} default_server; return 421; }`;
}

interface Prediction {
  /** As everybody gets them, one for each circumstance. */
  readonly responses: readonly Response[];
  /** The one of this world, and whether the world settled all that was open. */
  readonly here: Response;
  readonly settled: boolean;
  /** Whether the request's ending fits this world all the way: a path of its own may end in another way. */
  readonly fits: boolean;
}

function predictor({ text, host }: Case, common: string, port: number): (request: Request) => Prediction {
  const main = '/etc/nginx/nginx.conf';
  const whole = `http { ${common} include conf.d/site.conf; }`;
  const file = '/etc/nginx/conf.d/site.conf';
  const options = { nginxVersion: '1.22.1' };
  const analysis = nginx.analyse(file, text, memoryHost({ [main]: whole, [file]: text }), options);
  const { configuration } = analysis;
  const server = chooseServer(configuration.servers, { port, address: '127.0.0.1' }, host);
  const endpoint = analysis.endpoints.find((one: NginxEndpoint) => one.server === server);
  if (server === undefined) throw new Error(`no server for ${host} in ${text}`);
  const engine = createEngine(configuration, options);
  return (request) => {
    let settled = true;
    let fits = true;
    const [here] = play(engine, () => {
      const run: Run = startRun(configuration, server, request, (holds) => {
        const truth = truthOf(holds, request, run.uri);
        settled &&= truth !== undefined;
        return truth ?? true;
      });
      captureServerName(run);
      let { ending } = run;
      Object.defineProperty(run, 'ending', {
        get() {
          const real = endingOf(run.uri) ?? ending;
          fits &&= real === ending;
          return real;
        },
        set(next: Ending) {
          ending = next;
        },
      });
      return run;
    });
    if (here === undefined) throw new Error('no answer');
    // A server whose locations are all internal has no endpoint.
    const responses = endpoint?.respond(request) ?? [here.response];
    return { responses, here: here.response, settled, fits };
  };
}

async function compare(
  predict: (request: Request) => Prediction,
  item: Case,
  request: Request,
  world: World,
): Promise<keyof Counts> {
  const answer = await world.ask(request);
  const { responses, here, settled, fits } = predict(request);
  const agreed =
    (!fits || responses.some((response) => agrees(response, request, answer))) &&
    (!settled || agrees(here, request, answer));
  if (!agreed) {
    expect.fail(`SEED=${seed}\n${item.text}\n${described(request, answer, [...responses, here])}`);
  }
  if (!settled || here.status === undefined || lines(here, request).some(({ text }) => text === undefined)) {
    return here.answeredBy.kind === 'upstream' ? 'apart' : 'unknown';
  }
  return here.open === undefined ? 'whole' : here.answeredBy.kind === 'upstream' ? 'apart' : 'unknown';
}
