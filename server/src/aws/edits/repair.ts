import type { Place } from '../../cors/place';
import type { Edit, Repair } from '../../cors/repair';
import type { Host } from '../../lint/types';
import type { Found } from '../../yaml/edits/find';
import { remove, rename, replaceValue } from '../../yaml/edits/place';
import type { HandlerReading } from '../lambda/handler';
import {
  addToResponses,
  asNewHeaders,
  isScript,
  removeProperty,
  renameProperty,
  replaceLiteral,
  replacePropertyValue,
} from './script';

/** Where a configuration's own edits differ from another's. */
export interface Configuration {
  /** What stands at a place of the configuration's own files. */
  findAt(place: Place): Found | undefined;
  /** Several texts for the value at the place, or for an item of a list. */
  replaceWithList(place: Place, texts: readonly string[]): readonly Edit[] | undefined;
  /** Lets in only these origins where every origin is let in now. */
  allowList(place: Place, origins: readonly string[]): readonly Edit[] | undefined;
}

/** Repairs of one place, wherever its endpoint is. */
export type PlaceRepair = Extract<
  Repair,
  { readonly kind: 'replace-value' | 'rename' | 'remove' | 'replace-with-list' | 'replace-pattern' | 'allow-list' }
>;

/** Repairs of an endpoint as a whole. */
export type EndpointRepair = Exclude<Repair, PlaceRepair>;

export function isOfPlace(wanted: Repair): wanted is PlaceRepair {
  return wanted.kind === 'allow-list' || !('endpoint' in wanted);
}

/** Keys whose values are booleans or numbers, not text. */
const RAW: ReadonlySet<string> = new Set([
  'AllowCredentials',
  'AccessControlAllowCredentials',
  'MaxAge',
  'AccessControlMaxAgeSec',
  'allowCredentials',
]);

/** The edits for one place, of the configuration or of a handler's file; undefined when it is not certain. */
export function repairPlace(
  configuration: Configuration,
  wanted: PlaceRepair,
  host: Host,
): readonly Edit[] | undefined {
  const { place } = wanted;
  if (isScript(place)) return repairScript(wanted, host);
  switch (wanted.kind) {
    case 'replace-value':
      return replaceValue(configuration.findAt(place), place, wanted.text, RAW);
    case 'rename':
      return rename(configuration.findAt(place), place, wanted.name);
    case 'remove':
      return remove(configuration.findAt(place));
    case 'replace-with-list':
      return configuration.replaceWithList(place, wanted.texts);
    case 'allow-list':
      return wanted.credentials ? undefined : configuration.allowList(place, wanted.origins);
    // No configuration of AWS takes regular expressions.
    case 'replace-pattern':
      return undefined;
  }
}

function repairScript(wanted: PlaceRepair, host: Host): readonly Edit[] | undefined {
  const { place } = wanted;
  switch (wanted.kind) {
    case 'replace-value':
      return replaceLiteral(host, place, wanted.text);
    case 'rename':
      return renameProperty(host, place, wanted.name);
    case 'remove':
      return removeProperty(host, place);
    case 'allow-list': {
      const [origin, ...others] = wanted.origins;
      return origin === undefined || others.length > 0 || wanted.credentials
        ? undefined
        : replacePropertyValue(host, place, origin);
    }
    case 'replace-with-list':
    case 'replace-pattern':
      return undefined;
  }
}

/**
 * The edits for an endpoint's handler; undefined where one of its responses cannot be edited, or where the repair is
 * the gateway's business.
 */
export function repairHandler(
  endpoint: { handler(): HandlerReading | undefined },
  wanted: EndpointRepair,
): readonly Edit[] | undefined {
  switch (wanted.kind) {
    case 'apply-to-errors': {
      const reading = endpoint.handler();
      if (reading?.kind === 'responses' && reading.reordered !== undefined) return reading.reordered;
      const added = asNewHeaders(wanted.headers);
      return added && addToResponses(endpoint, added, ({ status }) => status !== undefined && status >= 400);
    }
    case 'set-header':
      return addToResponses(endpoint, [[wanted.name, wanted.value]], () => true);
    case 'send-always': {
      const { name, value } = wanted.header;
      return value.kind === 'literal' ? addToResponses(endpoint, [[name, value.text]], () => true) : undefined;
    }
    case 'vary-origin':
      return addToResponses(endpoint, [['Vary', 'Origin']], ({ headers }) =>
        headers.every(({ name }) => name.toLowerCase() !== 'vary'),
      );
    // The gateway answers preflights; its headers and the handler's never stand beside each other.
    case 'answer-preflight':
    case 'exempt-preflight':
    case 'hide-header':
      return undefined;
  }
}
