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

/** The request, noting what is read of it. */
function watched(request: Request, reads: Map<string, unknown>): Request {
  const note = <V>(what: string, value: V): V => {
    reads.set(what, value);
    return value;
  };
  let headers: ReadonlyMap<string, string> | undefined;
  return {
    get method() {
      return note('method', request.method);
    },
    get scheme() {
      return note('scheme', request.scheme);
    },
    // An optional field cannot be a getter without being there, so it counts as read.
    ...(note('host', request.host) === undefined ? {} : { host: request.host }),
    get path() {
      return note('path', request.path);
    },
    get origin() {
      return note('origin', request.origin);
    },
    get ending() {
      return note('ending', request.ending);
    },
    get headers() {
      headers ??= watchedHeaders(request, note);
      return headers;
    },
  };
}

function watchedHeaders(request: Request, note: <V>(what: string, value: V) => V): ReadonlyMap<string, string> {
  const all = (): ReadonlyMap<string, string> => {
    note('headers', allHeaders(request));
    return request.headers;
  };
  return {
    get: (name) => note(HEADER + name, request.headers.get(name)),
    has: (name) => note(HEADER + name, request.headers.get(name)) !== undefined,
    get size() {
      return all().size;
    },
    entries: () => all().entries(),
    keys: () => all().keys(),
    values: () => all().values(),
    forEach: (visit) => all().forEach(visit),
    [Symbol.iterator]: () => all()[Symbol.iterator](),
  };
}
