import { dirname } from 'node:path';
import type { Caller } from '../../cors/caller';
import type { Endpoint } from '../../cors/endpoint';
import { isPastFiles, reachedEndpoint } from '../../cors/reachedEndpoint';
import { servesPages } from '../../cors/servesPages';
import type { Arrival } from '../../lint/types';
import type { PageCall } from './callers';
import { sameAnswer } from './links';
import { type Answer, type Landscape, resolveAddress } from './resolve';

export interface Arrivals {
  /**
   * The calls that endpoints of a file are known to answer: the same array for as long as the same calls get to the same
   * endpoints. A file's endpoints are those of everything that listens and is made of it.
   */
  at(file: string, calls: readonly PageCall[], landscape: Landscape): readonly Arrival[];
}

/** Where a call arrives: at what listens, and at what that passes it on to. */
interface Landed {
  readonly answer: Answer;
  readonly all: readonly Arrival[];
}

/** What was found for a file, and what with. */
interface Known {
  readonly calls: readonly PageCall[];
  readonly landscape: Landscape;
  readonly text: string;
  readonly arrivals: readonly Arrival[];
}

/** The same for every file that nobody is known to call. */
export const NO_ARRIVALS: readonly Arrival[] = [];

/** Remembers where calls arrive. */
export function openArrivals(): Arrivals {
  const landed = new WeakMap<PageCall, Landed>();
  const known = new Map<string, Known>();

  return {
    at(file, calls, landscape) {
      const before = known.get(file);
      if (before?.calls === calls && before.landscape === landscape) return before.arrivals;
      const found = arrivalsAt(file, calls, landscape);
      const text = found.length === 0 ? '' : JSON.stringify(found);
      const arrivals = before?.text === text ? before.arrivals : found;
      known.set(file, { calls, landscape, text, arrivals });
      return arrivals;
    },
  };

  function arrivalsAt(file: string, calls: readonly PageCall[], landscape: Landscape): readonly Arrival[] {
    if (calls.length === 0 || !landscape.listeners.some(({ versions }) => versions.has(file))) return NO_ARRIVALS;
    const answerTo = openAnswers(landscape);
    const found = calls.flatMap((page) => {
      const answer = answerTo(page);
      if (answer === undefined) return [];
      return land(page, answer).filter(({ at }) => isMadeOf(file, at.place.file, landscape));
    });
    return found.length === 0 ? NO_ARRIVALS : found;
  }

  function land(page: PageCall, answer: Answer): readonly Arrival[] {
    const before = landed.get(page);
    if (before !== undefined && sameAnswer(before.answer, answer)) return before.all;
    const all = arrive(page, answer);
    landed.set(page, { answer, all });
    return all;
  }

  function arrive({ call }: PageCall, { found, provided }: Answer): Arrival[] {
    const endpoints = found.listener.endpoints();
    const method = call.method.toUpperCase();
    const endpoint = reachedEndpoint(endpoints, call.path, method);
    // What a page calls by a path that no file has is a route, even one that is not known.
    if (endpoint === undefined || isPastFiles(endpoint, call.path, method)) return [];
    const when = [
      ...call.when,
      ...(provided === undefined ? [] : [provided.holds]),
      ...(servesPages(endpoints) ? ['the page comes from another server'] : []),
    ];
    return arriveAt(endpoint, { ...call, when });
  }
}

function arriveAt(endpoint: Endpoint, caller: Caller): Arrival[] {
  const { place, label, behind, partial } = endpoint;
  if (partial !== undefined || endpoint.matches(caller.path, caller.method.toUpperCase()) !== true) return [];
  const passed = behind && passedOn(endpoint, caller);
  return [{ caller, at: { place, label } }, ...(behind && passed ? arriveAt(behind, passed) : [])];
}

/** The call as it gets to what is behind, under the path that it is given on the way. */
function passedOn(endpoint: Endpoint, caller: Caller): Caller | undefined {
  if (endpoint.pathBehind === undefined) return caller;
  const path = endpoint.pathBehind(caller.path, caller.method.toUpperCase());
  if (path === undefined) return undefined;
  return path === caller.path ? caller : { ...caller, path };
}

/** Whether something listens that both files are parts of. */
function isMadeOf(file: string, other: string, { listeners }: Landscape): boolean {
  return listeners.some(({ versions }) => versions.has(file) && versions.has(other));
}

/** What answers a page's calls. Pages of one folder see the same. */
function openAnswers(landscape: Landscape): (page: PageCall) => Answer | undefined {
  const known = new Map<string, Answer | undefined>();
  return ({ page, call: { to } }) => {
    const key = `${dirname(page)}\0${to.host}:${to.port}`;
    if (!known.has(key)) known.set(key, resolveAddress(landscape, page, to));
    return known.get(key);
  };
}
