import type { HeaderSetting } from '../../cors/endpoint';
import type { Header } from '../../cors/http';
import { ALLOW_ORIGIN, CORS_REQUEST_HEADERS } from '../../cors/names';
import type { Value } from '../../cors/value';
import { entryPlace } from '../../yaml/places';
import type { YamlEntry } from '../../yaml/tree';

/**
 * What a REST API's gateway puts into the errors that it answers itself.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export interface GatewayResponse {
  /** The resource, or the key of `GatewayResponses`. */
  readonly id: YamlEntry;
  /** `DEFAULT_4XX`, `UNAUTHORIZED`, … */
  readonly type: string;
  readonly parameters: readonly ResponseParameter[];
}

/** A header of a gateway response. */
export interface ResponseParameter {
  readonly entry: YamlEntry;
  /** The header's name, without `gatewayresponse.header.`. */
  readonly name: string;
  /** Where the name alone starts. */
  readonly nameStart: number;
  readonly value: Value;
}

/** Why the gateway answers. */
export type Cause = 'authentication' | 'no-route' | 'other';

/** The gateway's own types for an error, the most specific first; the class's default ends the list. */
export function typesFor(status: number, cause: Cause): string[] {
  const specific: Readonly<Record<Cause, readonly string[]>> = {
    authentication: status === 401 ? ['UNAUTHORIZED'] : ['ACCESS_DENIED'],
    'no-route': ['MISSING_AUTHENTICATION_TOKEN'],
    other: [],
  };
  return [...specific[cause], status >= 500 ? 'DEFAULT_5XX' : 'DEFAULT_4XX'];
}

/** The headers of an error that the gateway answers; undefined when no response is set up for it. */
export function errorHeaders(responses: readonly GatewayResponse[], types: readonly string[]): Header[] | undefined {
  for (const type of types) {
    const found = responses.find((one) => one.type === type);
    if (found === undefined) continue;
    return found.parameters.map(({ name, value, entry }) => ({
      name,
      value,
      place: entryPlace(entry),
      layer: `the gateway response ${type}`,
    }));
  }
  return undefined;
}

/** Names that a settings rule may want to see: those near CORS, and Vary. */
const NEAR = /^(?:access|acess|acces)?-?_?control|allow|expose|vary|origin/i;

/** The places of gateway responses that set headers by name. */
export function gatewayResponseSettings(responses: readonly GatewayResponse[]): HeaderSetting[] {
  return responses.flatMap(({ type, parameters }) =>
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
