import type { HeaderSetting } from '../../cors/endpoint';
import { ALLOW_ORIGIN, CORS_REQUEST_HEADERS } from '../../cors/names';
import { entryPlace } from '../../yaml/places';
import type { GatewayResponses } from './gateway/gatewayResponses';

/** Names that a settings rule may want to see: those near CORS, and Vary. */
const NEAR = /^(?:access|acess|acces)?-?_?control|allow|expose|vary|origin/i;

/** The places of the configuration that set headers by name: gateway responses. */
export function headerSettings(responses: GatewayResponses): HeaderSetting[] {
  return responses.resources.flatMap(({ type, parameters }) =>
    parameters.flatMap(({ entry, name, nameStart, value }): HeaderSetting[] => {
      const lower = name.toLowerCase();
      if (lower !== ALLOW_ORIGIN && !NEAR.test(name) && !CORS_REQUEST_HEADERS.has(lower)) return [];
      const namePlace = { file: entry.key.source.file, start: nameStart, end: nameStart + name.length };
      return [
        { name, namePlace, value, place: entryPlace(entry), target: 'response', layer: `the gateway response ${type}` },
      ];
    }),
  );
}
