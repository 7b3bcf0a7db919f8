import type { Endpoint, Site } from '../cors/endpoint';
import { parseUrl } from '../cors/origin';

/** How sure it is that an endpoint answers an address. */
export type Sureness = 'certain' | 'likely' | 'possible';

export interface Candidate {
  readonly endpoint: Endpoint;
  readonly sureness: Sureness;
  /** Why, in a sentence without a full stop. */
  readonly because: string;
  /** The path and query as the endpoint meets them. */
  readonly path: string;
  readonly method: string;
}

/** More than these are no answer to "which line is it?". */
const MOST_CANDIDATES = 5;

/** A proxy or a stage takes off this many leading segments of a path at most. */
const MOST_STRIPPED = 2;

const NOWHERE = '/cors-lint-asks-for-nothing';
const NOBODY = 'cors-lint.invalid';

/**
 * The endpoints that may answer an address, the likeliest first.
 * @param methods the methods to try, the likeliest first
 */
export function findCandidates(endpoints: readonly Endpoint[], url: string, methods: readonly string[]): Candidate[] {
  const address = parseUrl(url);
  if (address === undefined || !/^https?:$/.test(address.protocol)) return [];
  const site: Site = { scheme: address.protocol === 'http:' ? 'http' : 'https', host: address.host };
  const { pathname, search } = address;
  const whole = endpoints.flatMap((endpoint) => judge(endpoint, pathname, search, methods, site));
  const sure = whole.filter(({ sureness }) => sureness !== 'possible');
  const found =
    sure.length > 0
      ? sure
      : [...whole, ...endpoints.flatMap((endpoint) => behindProxy(endpoint, pathname, search, methods))];
  const distinct = found.filter(({ endpoint }, i) => found.findIndex((other) => other.endpoint === endpoint) === i);
  const rank = ['certain', 'likely', 'possible'];
  return distinct.sort((a, b) => rank.indexOf(a.sureness) - rank.indexOf(b.sureness)).slice(0, MOST_CANDIDATES);
}

function judge(endpoint: Endpoint, path: string, search: string, methods: readonly string[], site: Site): Candidate[] {
  for (const method of methods) {
    const answers = endpoint.matches(path, method, site);
    if (answers === false) continue;
    const said = { endpoint, path: path + search, method };
    const forAnyHost = endpoint.matches(path, method, { ...site, host: NOBODY });
    const forAnyPath = endpoint.matches(NOWHERE, method, undefined) !== false && path !== '/';
    if (answers === true && forAnyHost !== true) {
      return [{ ...said, sureness: 'certain', because: `it serves ${site.host} and ${path}` }];
    }
    if (answers === true && !forAnyPath) {
      return [{ ...said, sureness: 'likely', because: `it serves ${path}; which host it is reached by is not known` }];
    }
    if (answers === true) return [{ ...said, sureness: 'possible', because: 'it serves every path' }];
    const forOwnHost = endpoint.matches(path, method);
    if (forOwnHost === true && !forAnyPath) {
      return [{ ...said, sureness: 'likely', because: `it serves ${path}, if ${site.host} leads to it` }];
    }
    // What serves everything somewhere, and perhaps not here, explains nothing.
    if (forAnyPath || forOwnHost === false) continue;
    return [{ ...said, sureness: 'possible', because: 'it cannot be told whether it serves this address' }];
  }
  return [];
}

/** The endpoint, if it serves the path without its first segments: a proxy or a stage may take them off. */
function behindProxy(endpoint: Endpoint, path: string, search: string, methods: readonly string[]): Candidate[] {
  const segments = path.split('/').slice(1);
  for (let count = 1; count <= MOST_STRIPPED && count < segments.length; count++) {
    const rest = `/${segments.slice(count).join('/')}`;
    const method = methods.find((each) => endpoint.matches(rest, each) === true);
    if (method === undefined || endpoint.matches(NOWHERE, method) !== false) continue;
    const prefix = `/${segments.slice(0, count).join('/')}`;
    const because = `it serves ${rest}, if a proxy or a stage before it takes ${prefix} off`;
    return [{ endpoint, sureness: 'possible', because, path: rest + search, method }];
  }
  return [];
}
