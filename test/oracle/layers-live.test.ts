import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Exchange } from '../../server/src/cors/browser';
import type { Call } from '../../server/src/cors/call';
import { platforms, rules } from '../../server/src/lint/registry';
import type { Finding } from '../../server/src/lint/types';
import { nodeDisk } from '../../server/src/workspace/nodeDisk';
import { openWorkspace } from '../../server/src/workspace/openWorkspace';
import { openScratch } from '../../server/src/workspace/testing/scratch';
import type { FoundEndpoint } from '../../server/src/workspace/types';
import { type Outcome, type RunningChromium, startChromium } from '../harness/chromium';
import { startExpress } from '../harness/express';
import { describeCall, differences, predict } from '../harness/judge';
import { startNginx } from '../harness/nginx';
import { freePort } from '../harness/ports';
import { suiteNeeds } from '../harness/require';
import { callsTo, makePair, type Pair, type Ports, program } from './layers-grammar';
import { chooseSeed, randomFrom } from './nginx-random';

/**
 * Real stacks: nginx in front of Express 4 and 5, one hop and two, and a page in Chromium that calls them. What is
 * predicted of the proxy with the application behind it is what the browser gets, before and after the fixes.
 *
 * `CASES=400 npx vitest run test/oracle/layers-live.test.ts` tries more; `SEED=` picks others.
 */

const seed = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 20);
const BATCH = 10;

/** As the analysed texts have them. */
const WRITTEN: Ports = { proxy: 80, inner: 8081, apps: { 4: 3004, 5: 3005 } };

suiteNeeds('nginx', 'chromium')(`applications behind a proxy, SEED=${seed}`, () => {
  let chromium: RunningChromium;
  beforeAll(async () => {
    chromium = await startChromium();
  }, 60_000);
  afterAll(() => chromium.stop());

  test(`${CASES} pairs`, async () => {
    const counts: Counts = {
      known: 0,
      unknown: 0,
      composed: 0,
      blocked: 0,
      mended: 0,
      fixes: 0,
      told: 0,
      ends: { turned: 0, 'still told': 0 },
    };
    for (let first = 0; first < CASES; first += BATCH) {
      await compareBatch(chromium, first, Math.min(BATCH, CASES - first), counts);
    }
    const calls = counts.known + counts.unknown;
    console.log(
      `${calls} calls, ${counts.known} predicted, ${counts.composed} with the application's answer; ${counts.blocked} refused before ${counts.fixes} fixes, ${counts.mended} of them not after`,
    );
    const ends = Object.entries(counts.ends).map(([end, times]) => `${times} ${end}`);
    console.log(`${counts.told} calls that findings between the layers show, after the fixes: ${ends.join(', ')}`);
    expect(counts.told).toBeGreaterThan(0);
    expect(counts.ends.turned).toBeGreaterThan(0.8 * counts.told);
    expect(counts.unknown / calls).toBeLessThan(0.3);
    expect(counts.composed / calls).toBeGreaterThan(0.4);
    expect(counts.mended).toBeGreaterThan(0);
  }, 3_600_000);
});

interface Counts {
  known: number;
  unknown: number;
  composed: number;
  blocked: number;
  mended: number;
  fixes: number;
  /** Calls that a finding between the layers gives as its proof, and what becomes of each by the fixes. */
  told: number;
  readonly ends: Record<End, number>;
}

/**
 * - `turned`: it passes
 * - `still told`: what refuses it is told as an error before and after, and has no preferred edit: the layers name
 *   different origins or one of them says `*`, so that whoever is kept out by one edit has to be chosen by somebody
 */
type End = 'turned' | 'still told';

async function compareBatch(chromium: RunningChromium, first: number, count: number, counts: Counts): Promise<void> {
  const random = randomFrom(seed + first);
  const pairs = Array.from({ length: count }, (_, i) => makePair(random, first + i, WRITTEN));
  const calls = pairs.map((pair) => callsTo(random, pair));
  const scratch = openScratch({
    'nginx/site.conf': pairs.map(({ site }) => site).join('\n'),
    'four/server.js': program(pairs, 4, WRITTEN.apps[4]),
    'four/package.json': '{ "dependencies": { "express": "^4.18.0" } }',
    'five/server.js': program(pairs, 5, WRITTEN.apps[5]),
    'five/package.json': '{ "dependencies": { "express": "^5.1.0" } }',
  });
  const four = await startExpress({ version: 4, name: 'server.js', text: program(pairs, 4, WRITTEN.apps[4]) });
  const five = await startExpress({ version: 5, name: 'server.js', text: program(pairs, 5, WRITTEN.apps[5]) });
  const conf = scratch.at('nginx/site.conf');
  try {
    const apps = { 4: four.port, 5: five.port };
    const workspace = openWorkspace({ disk: nodeDisk, root: scratch.root, platforms, rules });
    const { findings, text } = await workspace.lintWhole(conf);
    const proofs = findings.flatMap((finding) => proofOf(finding, text ?? '', pairs) ?? []);
    for (const { index, call } of proofs) calls[index]?.push(call);
    const before = await compare(chromium, pairs, calls, {
      text: workspace.host.read(conf) ?? '',
      endpoints: await workspace.endpoints(conf),
      apps,
      counts,
    });
    const { texts, made } = await workspace.fixAll(conf);
    workspace.setOverlay(conf, texts.get(conf), 1);
    expect([...texts.keys()].filter((file) => file !== conf)).toEqual([]);
    const remaining = await workspace.lintWhole(conf);
    const endpoints = await workspace.endpoints(conf);
    const after = await compare(chromium, pairs, calls, {
      text: texts.get(conf) ?? workspace.host.read(conf) ?? '',
      endpoints,
      apps,
      counts,
    });
    const isBlocked = ({ verdict }: Outcome): boolean => verdict === 'blocked';
    for (const { index, call } of proofs) {
      const at = playedInOrder(pairs, calls).findIndex((played) => played.call === call);
      expect(before[at]?.verdict, `SEED=${seed}: ${describeCall(call)}`).toBe('blocked');
      const left = remaining.findings.filter(({ place }) => pairAt(place, remaining.text ?? '', pairs) === index);
      const end = endOf(after[at], left, stepOf(endpoints, call));
      if (end === undefined) {
        const { site = '', router = '' } = pairs[index] ?? {};
        expect.fail(`SEED=${seed}\n${site}\n${router}\n${describeCall(call)} is told, and blocked after the fixes`);
      }
      counts.told += 1;
      counts.ends[end] += 1;
    }
    counts.fixes += made.length;
    counts.blocked += before.filter(isBlocked).length;
    counts.mended += before.filter((outcome, i) => isBlocked(outcome) && after[i]?.verdict === 'allowed').length;
  } finally {
    await four.stop();
    await five.stop();
    scratch.remove();
  }
}

/** The rules that tell of two layers that stand in each other's way. */
const BETWEEN = new Set(['conflicting-layers', 'duplicate-header']);

/** The call that shows a certain fault between the layers, and the pair that it is of. */
function proofOf(
  { rule, severity, exchange, place, fixes }: Finding,
  text: string,
  pairs: readonly Pair[],
): { readonly index: number; readonly call: Call } | undefined {
  const isMended = BETWEEN.has(rule.id) && severity === 'error' && fixes().some(({ preferred }) => preferred);
  const index = pairs.findIndex(({ site }) => {
    // The browser reaches the first server of the site only.
    const [outer = site] = site.split(/(?<=^\}\n)/m);
    const start = text.indexOf(site);
    return place.start >= start && place.end <= start + outer.length;
  });
  const pair = pairs[index];
  if (!isMended || exchange === undefined || pair === undefined) return undefined;
  // How an upstream ends, at this path or at all, is for its real routes to say.
  const { answeredBy } = exchange.actual.response.source;
  if (answeredBy.kind === 'upstream' || exchange.call.ending !== 'success') return undefined;
  return { index, call: { ...exchange.call, host: pair.host } };
}

function endOf(
  after: Outcome | undefined,
  left: readonly Finding[],
  step: Exchange['verdict']['step'] | undefined,
): End | undefined {
  if (after?.verdict === 'allowed') return 'turned';
  if (after?.verdict !== 'blocked' || step === undefined) return undefined;
  const tells = ({ severity, exchange, fixes }: Finding): boolean =>
    severity === 'error' && exchange?.verdict.step === step && !fixes().some(({ preferred }) => preferred);
  return left.some(tells) ? 'still told' : undefined;
}

/** The step of the standard at which the call is refused, where that is certain. */
function stepOf(endpoints: readonly FoundEndpoint[], call: Call): Exchange['verdict']['step'] | undefined {
  const host = call.host ?? '';
  const found = endpoints.find(
    ({ endpoint }) => endpoint.matches(call.path, call.method, { scheme: 'http', host }) === true,
  );
  const [exchange, ...others] = found === undefined ? [] : predict(found.endpoint, call, host);
  return others.length === 0 && exchange?.verdict.result === 'blocked' ? exchange.verdict.step : undefined;
}

/** The pair whose site has the place. */
function pairAt({ start }: Finding['place'], text: string, pairs: readonly Pair[]): number {
  return pairs.findLastIndex(({ host }) => {
    const name = text.indexOf(`server_name ${host};`);
    return name !== -1 && text.lastIndexOf('server {', name) <= start;
  });
}

/** Every call with its pair. A new page takes longer than a request, so that calls of one page come together. */
function playedInOrder(pairs: readonly Pair[], calls: readonly (readonly Call[])[]) {
  const all = pairs.flatMap((pair, i) => (calls[i] ?? []).map((call) => ({ pair, call })));
  return all.sort((a, b) => (a.call.origin < b.call.origin ? -1 : a.call.origin > b.call.origin ? 1 : 0));
}

interface Stack {
  /** The proxy's configuration as it was analysed. */
  readonly text: string;
  readonly endpoints: readonly FoundEndpoint[];
  readonly apps: Ports['apps'];
  readonly counts: Counts;
}

async function compare(
  chromium: RunningChromium,
  pairs: readonly Pair[],
  calls: readonly (readonly Call[])[],
  { text, endpoints, apps, counts }: Stack,
): Promise<Outcome[]> {
  const inner = await freePort();
  const proxy = await startNginx((port) => ({
    text: text.replaceAll(
      /127\.0\.0\.1:(\d+)/g,
      (_, written: string) => `127.0.0.1:${real(Number(written), port, inner, apps)}`,
    ),
  }));
  const web = await chromium.web(Object.fromEntries(pairs.map(({ host }) => [`https://${host}`, proxy.port])));
  const outcomes: Outcome[] = [];
  try {
    for (const { pair, call } of playedInOrder(pairs, calls)) {
      const outcome = await web.fetch({
        origin: call.origin,
        url: `https://${pair.host}${call.path}`,
        method: call.method,
        headers: Object.fromEntries(call.headers),
        credentials: call.credentials,
        ...(call.method === 'GET' || call.method === 'DELETE' ? {} : { body: '{}' }),
      });
      outcomes.push(outcome);
      const site = { scheme: 'http', host: pair.host } as const;
      const found = endpoints.find(({ endpoint }) => endpoint.matches(call.path, call.method, site) === true);
      if (found === undefined) {
        counts.unknown += 1;
        continue;
      }
      const { endpoint } = found;
      const predicted = predict(endpoint, call, pair.host);
      // How an upstream ends that has no such route is the call's own assumption.
      if (predicted.some(({ actual }) => actual.response.source.answeredBy.kind === 'upstream')) {
        counts.unknown += 1;
        continue;
      }
      const parted = differences(predicted, outcome);
      if (parted.length > 0) {
        expect.fail(
          `SEED=${seed}\n${pair.site}\nExpress ${pair.version}\n${pair.router}\n${describeCall(call)} at ${endpoint.label}: ${parted.join('; ')}`,
        );
      }
      const isKnown = predicted.length === 1 && predicted[0]?.verdict.result !== 'unknown';
      counts[isKnown ? 'known' : 'unknown'] += 1;
      if (endpoint.behind !== undefined) counts.composed += 1;
    }
  } finally {
    await web.close();
    await proxy.stop();
  }
  return outcomes;
}

function real(written: number, proxy: number, inner: number, apps: Ports['apps']): number {
  switch (written) {
    case WRITTEN.proxy:
      return proxy;
    case WRITTEN.inner:
      return inner;
    case WRITTEN.apps[4]:
      return apps[4];
    default:
      return apps[5];
  }
}
