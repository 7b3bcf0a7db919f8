import type { Request } from './http';

/**
 * Remembers a pure function of requests by what it looks at. Most answers do not depend on most of a request: a result
 * is given again when everything that the function read to come to it is the same.
 */
export interface RequestMemo<T> {
  /**
   * @param make must read the request while it runs, not later, and depend on nothing else that changes
   */
  get(request: Request, make: (request: Request) => T): T;
}

/** What was read, and what it was: a field's name, `header:` and a header's name, or `headers` for all of them. */
type Reads = Map<string, unknown>;

export function requestMemo<T>(): RequestMemo<T> {
  const known: { readonly reads: Reads; readonly result: T }[] = [];
  return {
    get(request, make) {
      const before = known.find(({ reads }) => same(reads, request));
      if (before) return before.result;
      const reads: Reads = new Map();
      const result = make(watched(request, reads));
      known.push({ reads, result });
      return result;
    },
  };
}

function same(reads: Reads, request: Request): boolean {
  for (const [what, value] of reads) if (read(request, what) !== value) return false;
  return true;
}

const HEADER = 'header:';

function read(request: Request, what: string): unknown {
  if (what.startsWith(HEADER)) return request.headers.get(what.slice(HEADER.length));
  switch (what) {
    case 'method':
    case 'scheme':
    case 'host':
    case 'path':
    case 'origin':
    case 'ending':
      return request[what];
    default:
      return allHeaders(request);
  }
}

function allHeaders(request: Request): string {
  return JSON.stringify([...request.headers]);
}

/** The request, noting what is read of it. */
function watched(request: Request, reads: Reads): Request {
  const note = <V>(what: string, value: V): V => {
    reads.set(what, value);
    return value;
  };
  const headers = watchedHeaders(request, note);
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
    headers,
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
