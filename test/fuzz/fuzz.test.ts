/**
 * Whatever the text: reading and linting it never throw and never hang, every place lies inside its file, and the edits
 * of every fix lie inside their files and apart from each other.
 *
 * `SEED=1234` replays a run, `FUZZ_ROUNDS=50` takes longer and looks further.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, simpleCall } from '../../server/src/cors/browser';
import type { Call } from '../../server/src/cors/call';
import type { Endpoint } from '../../server/src/cors/endpoint';
import type { Place } from '../../server/src/cors/place';
import { overlap } from '../../server/src/lint/edits';
import { lint } from '../../server/src/lint/engine';
import { platforms, rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import type { Finding, Fix, Platform } from '../../server/src/lint/types';
import { memoryHost } from '../harness/memoryHost';
import { chooseSeed, randomFrom } from '../oracle/nginx-random';
import { type Mutation, monsters, mutationsOf } from './mutations';
import { readSeeds, type Seed } from './seeds';
import { startWatchdog } from './watchdog';

const SEED = chooseSeed();
const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 4);
/** Far above what anything takes, far below for ever. */
const CAP_SECONDS = 60;

/** Endpoints of one file that are sent requests. */
const MOST_PLAYED = 10;
/** Findings of one file whose fixes are worked out. */
const MOST_FIXED = 4;
const CALLS: readonly Partial<Call>[] = [
  {},
  { ending: 404, credentials: true },
  { method: 'PUT', headers: [['Content-Type', 'application/json']] },
];

const NESTING: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  nginx: [
    ['location / { ', ' }'],
    ['if ($a) { ', '}'],
  ],
  express: [
    ['(', ')'],
    ['[', ']'],
    ['{', '}'],
    ['a(() => { ', '})'],
    ['!', ''],
    ['a + ', 'a'],
    ['a ? ', ': a'],
  ],
  frontend: [
    ['(', ')'],
    ['{', '}'],
    ['fetch(', ')'],
    ['`${', '}`'],
  ],
  cloudformation: [
    ['[', ']'],
    ['{Fn::Join: ["", [', ']]}'],
    ['!Sub ', ''],
    ['- ', ''],
  ],
  serverless: [
    ['[', ']'],
    ['{a: ', '}'],
    ['- ', ''],
    ['!Sub ', ''],
    ['? ', ''],
  ],
};

const seeds = readSeeds();
const watchdog = startWatchdog(CAP_SECONDS);
afterAll(() => watchdog.stop());

describe.each(platforms.map((platform) => [platform.id, platform] as const))(`%s, seed ${SEED}`, (id, platform) => {
  const own = seeds.filter((seed) => seed.platform === id);

  beforeAll(async () => {
    await platform.prepare?.();
  });

  it('has seeds', () => {
    expect(own.length).toBeGreaterThan(3);
  });

  it('takes every spoilt text', () => {
    const random = randomFrom(SEED);
    for (const seed of own) {
      for (const mutation of mutationsOf(seed.text, random, ROUNDS)) check(platform, seed, mutation);
    }
  }, 600_000);

  it('takes monsters', () => {
    const seed = own[0];
    if (seed === undefined) throw new Error('no seed');
    for (const mutation of monsters(seed.text, NESTING[id] ?? [])) check(platform, seed, mutation);
  }, 600_000);
});

function check(platform: Platform, seed: Seed, mutation: Mutation): void {
  const name = `${seed.name}, ${mutation.name} (SEED=${SEED})`;
  watchdog.watch(name);
  const files = new Map(seed.files).set(seed.file, mutation.text);
  const host = memoryHost(files);
  try {
    const { analysis, findings } = lint({
      platform,
      file: seed.file,
      text: mutation.text,
      host,
      settings: DEFAULT_SETTINGS,
      rules,
      onCrash: ({ during, error }) => {
        throw new Error(`crash in ${during}`, { cause: error });
      },
    });
    if (analysis === undefined) throw new Error('no analysis');
    for (const { place } of [...analysis.endpoints, ...analysis.settings]) inside(place, files);
    for (const endpoint of analysis.endpoints.slice(0, MOST_PLAYED)) play(endpoint, files);
    for (const finding of findings) checkPlaces(finding, files);
    // Working a fix out takes a lint of the whole file.
    for (const finding of findings.slice(0, MOST_FIXED))
      for (const fix of finding.fixes()) checkFix(finding, fix, files);
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** What a rule may ask of an endpoint, with every header of the answers in its place. */
function play(endpoint: Endpoint, files: ReadonlyMap<string, string>): void {
  const browser = openBrowser(endpoint);
  for (const changes of CALLS) {
    for (const { preflight, actual } of browser.fetch(simpleCall(endpoint, 'https://app.example.com', changes))) {
      for (const response of [preflight?.response, actual.response]) {
        for (const { header } of response?.headers ?? []) inside(header.place, files);
      }
    }
  }
}

function checkPlaces(finding: Finding, files: ReadonlyMap<string, string>): void {
  inside(finding.place, files);
  for (const { place } of finding.related) inside(place, files);
}

function checkFix(finding: Finding, fix: Fix, files: ReadonlyMap<string, string>): void {
  for (const edit of fix.edits) inside(edit, files);
  if (overlap(fix.edits)) throw new Error(`${finding.rule.id}: "${fix.title}" has edits that overlap`);
}

function inside({ file, start, end }: Place, files: ReadonlyMap<string, string>): void {
  const length = files.get(file)?.length;
  const fits = length !== undefined && Number.isInteger(start) && 0 <= start && start <= end && end <= length;
  if (!fits) throw new Error(`${start}–${end} is not inside ${file} (${length ?? 'no such file'})`);
}
