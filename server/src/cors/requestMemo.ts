import { HeadersView } from './headersView';
import type { Request } from './http';

/**
 * Remembers a pure function of requests by what it looks at. Most answers do not depend on most of a request: a result
 * is given again when everything that the function read to come to it is the same.
 */
export interface RequestMemo<T> {
  /**
   * @param make must read the request while it runs, not later, and depend on nothing else that changes; is told what
   * it has read so far
   */
  get(request: Request, make: (request: Request, reads: Reads) => T): T;
}

/** What was read, and what it was: a field's name, `header:` and a header's name, or `headers` for all of them. */
export type Reads = ReadonlyMap<string, unknown>;

/** What is read first, and what comes of it for each value; in the end a result. */
type Tree<T> =
  | { readonly read: string; readonly next: Map<unknown, Tree<T>> }
  | { readonly read: undefined; readonly result: T };

export function requestMemo<T>(): RequestMemo<T> {
  let known: Tree<T> | undefined;
  return {
    get(request, make) {
      const before = find(known, request);
      if (before !== undefined) return before.result;
      const reads = new Map<string, unknown>();
      const result = make(watched(request, reads), reads);
      known = grown(known, request, new Set(reads.keys()), result);
      return result;
    },
  };
}

function find<T>(tree: Tree<T> | undefined, request: Request): { readonly result: T } | undefined {
  let here = tree;
  while (here?.read !== undefined) here = here.next.get(read(request, here.read));
  return here;
}

/** The tree with one more result. What stands in the tree already is asked first: to read more does no harm. */
function grown<T>(tree: Tree<T> | undefined, request: Request, reads: Set<string>, result: T): Tree<T> {
  const [first] = reads;
  if (tree?.read === undefined && first === undefined) return { read: undefined, result };
  const here = tree?.read === undefined ? { read: first ?? '', next: new Map<unknown, Tree<T>>() } : tree;
  const value = read(request, here.read);
  reads.delete(here.read);
  here.next.set(value, grown(here.next.get(value), request, reads, result));
  return here;
}

const HEADER = 'header:';

function read(request: Request, what: string): unknown {
  switch (what) {
    case 'method':
    case 'scheme':
    case 'host':
    case 'path':
    case 'origin':
    case 'ending':
      return request[what];
    case 'headers':
      return allHeaders(request);
    default:
      return request.headers.get(what.slice(HEADER.length));
  }
}

function allHeaders(request: Request): string {
  return JSON.stringify([...request.headers]);
}

/** The request, noting what is read of it. A proxy costs an eighth of an object with getters, and copies like one. */
function watched(request: Request, reads: Map<string, unknown>): Request {
  const headers = new WatchedHeaders(request, reads);
  const note = (what: string | symbol): unknown => {
    const value: unknown = Reflect.get(request, what);
    if (typeof what === 'string') reads.set(what, value);
    return value;
  };
  return new Proxy(request, {
    get: (_, what) => (what === 'headers' ? headers : note(what)),
    has: (_, what) => what === 'headers' || note(what) !== undefined,
    ownKeys(target) {
      // The one field that may be missing.
      note('host');
      return Reflect.ownKeys(target);
    },
  });
}

class WatchedHeaders extends HeadersView {
  readonly #request: Request;
  readonly #reads: Map<string, unknown>;

  constructor(request: Request, reads: Map<string, unknown>) {
    super();
    this.#request = request;
    this.#reads = reads;
  }

  protected all(): ReadonlyMap<string, string> {
    this.#reads.set('headers', allHeaders(this.#request));
    return this.#request.headers;
  }

  get(name: string): string | undefined {
    const value = this.#request.headers.get(name);
    this.#reads.set(HEADER + name, value);
    return value;
  }
}
