import type { Browser } from './browser';
import type { Endpoint } from './endpoint';
import { frontEndOf } from './frontEnd';
import { asPrediction, type PredictedHeader } from './prediction';

/** One of those that a request passes on its way, and what it writes into the answer. */
export interface Layer {
  readonly kind: 'front-end' | 'proxy' | 'application' | 'gateway' | 'function' | 'upstream';
  readonly label: string;
  /** Undefined for what is not in the workspace. */
  readonly endpoint: Endpoint | undefined;
  readonly sets: readonly PredictedHeader[];
}

export interface Chain {
  /** From the page to whoever answers. */
  readonly layers: readonly Layer[];
  /** CORS headers that more than one layer writes into the same answer; `layers` are indices. */
  readonly collisions: readonly {
    readonly header: string;
    readonly layers: readonly number[];
    readonly words: string;
  }[];
}

/** What stands between a page and an endpoint's answer to the simplest call, and who writes which header of it. */
export function chainOf(browser: Browser): Chain {
  const { endpoint } = browser;
  const front = frontEndOf(browser);
  const [exchange] = browser.fetch(front.plain(front.origin));
  const headers = exchange === undefined ? [] : (asPrediction(exchange).response?.headers ?? []).filter(isOfInterest);
  const isUpstream = exchange?.actual.response.source.answeredBy.kind === 'upstream';
  const layers: Layer[] = [{ kind: 'front-end', label: front.origin, endpoint: undefined, sets: [] }];
  layers.push(...serverLayers(endpoint, headers, isUpstream));
  return { layers, collisions: collisionsIn(layers) };
}

function serverLayers(endpoint: Endpoint, headers: readonly PredictedHeader[], isUpstream: boolean): Layer[] {
  const { behind, label } = endpoint;
  const own = (sets: readonly PredictedHeader[]): Layer => ({ kind: kindOf(endpoint), label, endpoint, sets });
  if (behind !== undefined) {
    // An application's header may be written in any of its files.
    const isBehind = ({ header }: PredictedHeader) =>
      header.isBehind === true && header.place.file !== endpoint.place.file;
    const rest = serverLayers(behind, headers.filter(isBehind), false);
    return [own(headers.filter((header) => !isBehind(header))), ...rest];
  }
  if (isUpstream) {
    return [
      own(headers),
      { kind: 'upstream', label: 'a server that is not in the workspace', endpoint: undefined, sets: [] },
    ];
  }
  if (kindOf(endpoint) !== 'gateway') return [own(headers)];
  const isFunction = ({ header }: PredictedHeader) => /\b(?:handler|function|lambda)\b/i.test(header.layer);
  const made = headers.filter(isFunction);
  const gateway = own(headers.filter((header) => !isFunction(header)));
  return [gateway, { kind: 'function', label: made[0]?.header.layer ?? 'the function', endpoint, sets: made }];
}

/** What an endpoint is, in the drawing. */
function kindOf({ role, behind }: Endpoint): Layer['kind'] {
  return behind === undefined ? (role ?? 'application') : 'proxy';
}

function isOfInterest({ name }: PredictedHeader): boolean {
  return /^(?:access-control-|vary$|timing-allow-origin$|cross-origin-)/i.test(name);
}

function collisionsIn(layers: readonly Layer[]): Chain['collisions'] {
  const writers = new Map<string, { readonly header: string; readonly layers: Set<number> }>();
  for (const [i, { sets }] of layers.entries()) {
    for (const { name } of sets) {
      // Each layer may add to Vary.
      if (!/^access-control-/i.test(name)) continue;
      const known = writers.get(name.toLowerCase()) ?? { header: name, layers: new Set() };
      known.layers.add(i);
      writers.set(name.toLowerCase(), known);
    }
  }
  return [...writers.values()].flatMap(({ header, layers: indices }) => {
    if (indices.size < 2) return [];
    const who = [...indices].map((i) => layers[i]?.label ?? '');
    return [{ header, layers: [...indices], words: `${header} is written by ${who.join(' and by ')}` }];
  });
}
