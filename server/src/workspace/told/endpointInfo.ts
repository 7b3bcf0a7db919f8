import { openBrowser } from '../../cors/browser';
import { effectivePolicy, policyRows, policySummary, withPlaces } from '../../cors/effectivePolicy';
import type { Endpoint } from '../../cors/endpoint';
import { chainOf } from '../../cors/layers';
import type { FoundEndpoint } from '../types';
import { predictedHeader } from './tried';
import type { EndpointInfo, EndpointRef, LayerChain, Locate, Location } from './types';

/** How an answer tells files and places. */
export interface Naming {
  readonly locate: Locate;
  readonly toUri: (file: string) => string;
}

/** The endpoint as lists show it. */
export function endpointRef({ platform, endpoint }: FoundEndpoint, { locate, toUri }: Naming): EndpointRef {
  const { label, path, methods, place, partial } = endpoint;
  return {
    id: endpointId(endpoint),
    platform: platform.id,
    platformName: platform.name,
    label,
    path,
    methods: methods ?? null,
    location: locate(place) ?? startOf(toUri(place.file)),
    partial: partial ?? null,
  };
}

/** Equal for the same endpoint in the same text; without the file's name, which requests have beside it. */
export function endpointId({ platform, label, path, methods, place }: Endpoint): string {
  return `${platform}@${place.start}-${place.end} ${(methods ?? ['*']).join(',')} ${path} ${label}`;
}

/** The endpoint with what it does for a front end. */
export function endpointInfo(found: FoundEndpoint, naming: Naming): EndpointInfo {
  const policy = withPlaces(
    effectivePolicy(openBrowser(found.endpoint, found.callers)),
    (place) => naming.locate(place) ?? startOf(naming.toUri(place.file)),
  );
  return { ...endpointRef(found, naming), summary: policySummary(policy), rows: policyRows(policy), policy };
}

/** What stands between the page and the endpoint's answer. */
export function layerChain({ endpoint }: FoundEndpoint, locate: Locate): LayerChain {
  const { layers, collisions } = chainOf(openBrowser(endpoint));
  return {
    endpoint: endpointId(endpoint),
    layers: layers.map(({ kind, label, endpoint: answering, sets }) => ({
      kind,
      label,
      location: answering === undefined ? null : locate(answering.place),
      sets: sets.map((header) => predictedHeader(header, locate)),
    })),
    collisions,
  };
}

/** For a file that cannot be read any more. */
function startOf(uri: string): Location {
  const start = { line: 0, character: 0 };
  return { uri, range: { start, end: start } };
}
