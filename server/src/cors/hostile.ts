import { entryAdmits } from './admits';
import { isPrivateHost, parseOrigin } from './origin';
import { type Path, type PathItem, pathsOf } from './patternPaths';
import { hostText, render, toOrigin } from './patternText';
import type { OriginEntry, OriginPart, OriginTest } from './policy';
import { isPublicSuffix, type Registration, registrationOf } from './publicSuffix';

/** An origin that a check lets in and that its author did not mean. */
export interface Witness {
  /** A serialised origin whose host an attacker can register, or reach in the clear (`scheme`). */
  readonly origin: string;
  readonly fault: Fault;
  /** The host or the text that the check was written for: `example.com`. */
  readonly meant: string;
}

/**
 * What lets the witness in:
 * - `end`: the match does not have to reach the end
 * - `start`: no dot has to stand before the host
 * - `dot`: an unescaped dot reads any character
 * - `alternation`: an anchor binds to one branch of `a|b` only
 * - `part`: the origin is looked for inside the configured text, and a piece of it is enough
 * - `gap`: `.*` or a class reads more than it should
 * - `public-suffix`: the host is one that anybody can have under the suffix (`.vercel.app`)
 * - `scheme`: the same host over `http:`
 */
export type Fault = 'end' | 'start' | 'dot' | 'alternation' | 'part' | 'gap' | 'public-suffix' | 'scheme';

/** A fault in words, to stand after the witness: "nothing ends the match after example.com". */
export function faultWords({ fault, meant }: Witness): string {
  switch (fault) {
    case 'end':
      return `nothing ends the match after ${meant}`;
    case 'start':
      return `no dot has to stand before ${meant}`;
    case 'dot':
      return `the unescaped dot in ${meant} matches any character`;
    case 'alternation':
      return `^ and $ bind to one side of the | only, so ${meant} is not anchored`;
    case 'part':
      return `it is a piece of ${meant}`;
    case 'gap':
      return `the part that may vary beside ${meant} matches more than one host`;
    case 'public-suffix':
      return `anybody can have a host under ${meant}`;
    case 'scheme':
      return `${meant} is let in over http: too`;
  }
}

/** Origins of anybody's. A check that admits both lets every origin in. */
export const UNRELATED_ORIGINS: readonly [string, string] = ['https://evil.example', 'https://unrelated.test'];

/** Whether the entry lets in origins that have nothing in common: every one, a pattern for anything, the scheme alone. */
export function admitsEveryone(entry: OriginEntry): boolean {
  return UNRELATED_ORIGINS.every((origin) => entryAdmits(entry, origin) === 'yes');
}

const LABEL = 'evil';
const HOST = UNRELATED_ORIGINS[0].slice('https://'.length);
/** More alternatives of one check than this are not tried. */
const MOST_CANDIDATES = 2000;

/**
 * The hostile origins that the entry certainly lets in, the most telling first, one for each fault; empty for
 * entries that are no check, or whose check holds.
 */
export function witnesses(entry: OriginEntry): readonly Witness[] {
  if (entry.kind !== 'match') return [];
  const key = JSON.stringify(entry.test);
  const known = cache.get(key);
  if (known) return known;
  const found = findWitnesses(entry, entry.test);
  if (cache.size >= MOST_CACHED) cache.clear();
  cache.set(key, found);
  return found;
}

/** By the test alone: the same check stands in many places. */
const cache = new Map<string, readonly Witness[]>();
const MOST_CACHED = 500;

function findWitnesses(entry: OriginEntry, test: OriginTest): Witness[] {
  const leaves = leavesOf(test);
  const owners = leaves.flatMap(meantHosts);
  const found = new Map<Fault, Witness>();
  const candidates = leaves.flatMap((leaf) => candidatesFor(leaf)).slice(0, MOST_CANDIDATES);
  for (const candidate of candidates) {
    const fault = judge(candidate, owners);
    if (fault === undefined || found.has(fault) || entryAdmits(entry, candidate.origin) !== 'yes') continue;
    found.set(fault, { ...candidate, fault });
  }
  return ORDER.flatMap((fault) => found.get(fault) ?? []);
}

const ORDER: readonly Fault[] = ['end', 'start', 'alternation', 'part', 'dot', 'gap', 'public-suffix', 'scheme'];

type Leaf = Exclude<OriginTest, { kind: 'all' | 'some' | 'not' | 'unknown' }>;

/** The tests on text that let origins in. What keeps some of them out counts when the whole is asked. */
function leavesOf(test: OriginTest): Leaf[] {
  switch (test.kind) {
    case 'all':
    case 'some':
      return test.of.flatMap(leavesOf);
    case 'not':
    case 'unknown':
      return [];
    default:
      return [test];
  }
}

// ---------------------------------------------------------------------------------------------------- the owner

/** The hosts that a test was written for, as far as its text shows them. */
function meantHosts(leaf: Leaf): string[] {
  if (leaf.kind === 'inside') return originsIn(leaf.text).map((origin) => parseOrigin(origin)?.host ?? origin);
  return pathsOf(leaf).flatMap((path) => [meantHost(path, leaf.on ?? 'origin'), hostText(path)]);
}

function meantHost(path: Path, on: OriginPart): string {
  const bare = parseOrigin(toOrigin(render(path, ''), on))?.host;
  const filled = bare ?? parseOrigin(toOrigin(render(path, 'a'), on))?.host;
  if (filled !== undefined) return filled;
  return parseOrigin(toOrigin(`a${render(path, 'a')}`, on))?.host ?? '';
}

/** Why the candidate is hostile to the owners, or undefined when nobody but an owner can have it. */
function judge(candidate: Candidate, owners: readonly string[]): Fault | undefined {
  const origin = parseOrigin(candidate.origin);
  if (!origin || !/^https?$/.test(origin.scheme)) return undefined;
  if (candidate.fault === 'scheme') return isPrivateHost(origin.host) ? undefined : 'scheme';
  const registration = registrationOf(origin.host);
  if (!registration || isPrivateHost(origin.host)) return undefined;
  const owned = owners.map(registrationOf).filter((owner) => owner !== undefined);
  if (isPublicSuffix(candidate.meant) && origin.host.endsWith(`.${candidate.meant}`)) return 'public-suffix';
  if (owned.some((owner) => owner.domain === registration.domain)) return undefined;
  return owned.some((owner) => sharesHosting(owner, registration)) ? 'public-suffix' : candidate.fault;
}

function sharesHosting(a: Registration, b: Registration): boolean {
  return a.hosting && a.suffix === b.suffix;
}

// ------------------------------------------------------------------------------------------------ the candidates

type Candidate = Witness;

function candidatesFor(leaf: Leaf): Candidate[] {
  if (leaf.kind === 'inside') return piecesOf(leaf.text, leaf.on ?? 'origin');
  return pathsOf(leaf).flatMap((path) => [...candidatesOn(path, leaf.on ?? 'origin')]);
}

function* candidatesOn(path: Path, on: OriginPart): Generator<Candidate> {
  const { items, startOpen, endOpen, uneven } = path;
  const meant = hostText(path);
  const candidate = (text: string, fault: Fault): Candidate => ({
    origin: toOrigin(text, on),
    fault: uneven && (fault === 'end' || fault === 'start') ? 'alternation' : fault,
    meant,
  });
  for (const fill of ['', 'a']) {
    const text = render(path, fill);
    if (endOpen) yield candidate(text + (/[.\-/]$|^$/.test(text) ? HOST : `.${HOST}`), 'end');
    if (startOpen) yield candidate(LABEL + text, 'start');
    if (startOpen || !text.includes('://'))
      yield candidate(`http://${text.startsWith('.') ? 'a' : ''}${text}`, 'scheme');
  }
  for (const [i, item] of items.entries()) {
    if (item.kind === 'dot') {
      for (const fill of ['', LABEL]) yield candidate(render(path, fill, i, 'x'), 'dot');
    }
    if (item.kind !== 'gap') continue;
    const fault = gapFault(items, i);
    for (const fill of ['', 'a']) {
      for (const fills of [LABEL, `.${HOST}`, HOST, 'xyz']) yield candidate(render(path, fill, i, fills), fault);
    }
  }
}

/** A gap right before the host's text lacks a dot; one at the end leaves the end open. */
function gapFault(items: readonly PathItem[], i: number): Fault {
  if (i === items.length - 1) return 'end';
  const next = items[i + 1];
  return next?.kind === 'text' && /[a-z0-9]/.test(next.text) ? 'start' : 'gap';
}

// -------------------------------------------------------------------------------------------- pieces of a text

/** Pieces of a configured text that are origins of somebody else's: `https://app.example.co` of `….com`. */
function piecesOf(text: string, on: OriginPart): Candidate[] {
  const result: Candidate[] = [];
  for (const origin of originsIn(text)) {
    const { scheme, host } = parseOrigin(origin) ?? { scheme: 'https', host: origin };
    const starts = on === 'origin' ? [0] : Array.from(host, (_, i) => i);
    for (const start of starts) {
      for (let end = host.length; end > start; end--) {
        result.push({ origin: `${scheme}://${host.slice(start, end)}`, fault: 'part', meant: origin });
      }
    }
  }
  return result;
}

/** The origins, or hosts, that a text lists. */
function originsIn(text: string): string[] {
  return text.split(/[\s,;|"'[\]]+/).filter((part) => part !== '' && part.length < 256);
}
