import type { Request } from '../../../cors/http';
import type { OriginEntry } from '../../../cors/policy';
import { sampleOrigins } from '../../../cors/sample';
import type { Condition } from '../../../cors/value';
import { homeOf, type Level } from '../config/level';
import type { NginxEndpoint } from '../endpoints/endpoints';
import { readTest } from '../evaluate/condition';
import { type HeaderLine, ownHeaders } from '../evaluate/header-lines';

/** An `if` of a location that sets headers, and which requests it is taken for. */
export interface Clause {
  readonly level: Level;
  readonly lines: readonly HeaderLine[];
  /** Those of `METHODS` for which it is taken from an origin that is let in. */
  readonly methods: ReadonlySet<string>;
  /** The origins that it is taken for; undefined when for all of them. */
  readonly origins: readonly OriginEntry[] | undefined;
}

const METHODS = ['GET', 'POST', 'PUT', 'OPTIONS'];
/** An origin that no list holds. */
const STRANGER = 'https://origin.invalid';

/**
 * The location's `if`s with headers of their own. Undefined where one of them has CORS headers and rests on something
 * that a request's method and origin do not settle.
 */
export function clausesOf(endpoint: NginxEndpoint, isCors: (line: HeaderLine) => boolean): Clause[] | undefined {
  const home = homeOf(endpoint.level);
  const taken = playAll(endpoint);
  const clauses: Clause[] = [];
  for (const step of home.program) {
    if (step.kind !== 'if' || ownHeaders(step.level).length === 0) {
      continue;
    }
    const clause = clauseFor(step.level, taken);
    if (clause !== undefined) {
      clauses.push(clause);
    } else if (ownHeaders(step.level).some(isCors)) {
      return undefined;
    }
  }
  return clauses;
}

interface Taken {
  readonly method: string;
  readonly origin: string;
  readonly level: Level;
  /** Whatever else may be so. */
  readonly certain: boolean;
  readonly guard: Condition | undefined;
  readonly checks: readonly OriginEntry[];
}

/** Every `if` that a front end's request enters, or a stranger's. */
function playAll(endpoint: NginxEndpoint): Taken[] {
  const samples = endpoint.policies.flatMap(({ entries }) =>
    entries.flatMap((entry) => sampleOrigins(entry).slice(0, 1)),
  );
  const found: Taken[] = [];
  for (const origin of new Set([...samples.slice(0, 20), STRANGER])) {
    for (const method of METHODS) {
      const runs = endpoint.trace(requestFor(endpoint.path, method, origin)).map(({ run }) => run);
      for (const run of runs) {
        const checks = [...run.policies.values()].flatMap(({ entries }) => entries);
        for (const level of run.taken) {
          const certain = runs.every(({ taken }) => taken.includes(level));
          found.push({ method, origin, level, certain, guard: run.guards.get(level), checks });
        }
      }
    }
  }
  return found;
}

function requestFor(path: string, method: string, origin: string): Request {
  return { method, scheme: 'https', path, origin, headers: new Map(), ending: 'success' };
}

function clauseFor(level: Level, taken: readonly Taken[]): Clause | undefined {
  const own = taken.filter((each) => each.level === level);
  if (own.length === 0 || own.some(({ certain }) => !certain)) {
    return undefined;
  }
  const methods = new Set(own.map(({ method }) => method));
  const lines = ownHeaders(level);
  if (own.some(({ origin }) => origin === STRANGER)) {
    const guarded = own.some(({ guard }) => guard !== undefined);
    return guarded && !isTruthy(level) ? undefined : { level, lines, methods, origins: undefined };
  }
  const origins = new Set<OriginEntry>();
  for (const { guard, origin, checks } of own) {
    if (guard?.kind === 'not') {
      return undefined;
    }
    // A test on a variable that several checks have put together names no origins: those that let this one in do.
    const entries =
      guard?.kind === 'origin-admitted'
        ? guard.policy.entries
        : checks.filter((entry) => sampleOrigins(entry).includes(origin));
    for (const entry of entries) {
      origins.add(entry);
    }
  }
  return origins.size === 0 ? undefined : { level, lines, methods, origins: [...origins] };
}

/** `if ($http_origin)` is taken for every origin there is. */
function isTruthy({ node }: Level): boolean {
  return node !== undefined && readTest(node).kind === 'truthy';
}

/** It is there for preflights alone. */
export function answersOptionsOnly({ methods }: Clause): boolean {
  return methods.size === 1 && methods.has('OPTIONS');
}
