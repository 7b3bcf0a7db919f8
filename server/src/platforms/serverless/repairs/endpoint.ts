import { repairHandler } from '../../../aws/edits/repair';
import { asNewHeaders } from '../../../aws/edits/script';
import { type Sent, sentHeaders } from '../../../aws/edits/sent';
import type { Edit, Repair } from '../../../cors/repair';
import { addEntry, deleteEntry, type NewValue } from '../../../yaml/edits/entry';
import { asMap } from '../../../yaml/edits/maps';
import { scalarText } from '../../../yaml/edits/scalar';
import { indentStep } from '../../../yaml/edits/text';
import { entryOf } from '../../../yaml/tree';
import type { ServerlessAnalysis } from '../analysis';
import { addGatewayResponses, type ErrorClass } from '../edits/resources';
import { longEvent } from '../edits/shareCors';
import type { ServerlessEndpoint } from '../endpoints/endpoint';
import { REST_DEFAULT_HEADERS } from '../gateway/restLists';

/** The analysis's own endpoint; undefined for another platform's. */
export function ownEndpoint(
  analysis: ServerlessAnalysis,
  endpoint: { readonly label: string },
): ServerlessAnalysis['endpoints'][number] | undefined {
  return (
    analysis.endpoints.find((one) => one === endpoint) ??
    analysis.endpoints.find(({ label }) => label === endpoint.label)
  );
}

/** The headers in the handler's own error branches; where it has none without them, in the gateway's errors. */
export function applyToErrors(
  analysis: ServerlessAnalysis,
  endpoint: ServerlessEndpoint,
  wanted: Extract<Repair, { kind: 'apply-to-errors' }>,
): readonly Edit[] | undefined {
  const inHandler = repairHandler(endpoint, wanted);
  if (inHandler !== undefined) return inHandler;
  const added = asNewHeaders(wanted.headers);
  if (added === undefined) return undefined;
  const { service, gatewayResponses, resources } = analysis;
  if (service === undefined || resources === undefined || endpoint.kind !== 'rest') return undefined;
  const classes = (['DEFAULT_4XX', 'DEFAULT_5XX'] as ErrorClass[]).filter((type) =>
    gatewayResponses?.resources.every((one) => one.type !== type),
  );
  return classes.length === 0 ? undefined : addGatewayResponses(service, resources, classes, added);
}

/** `cors` for an event that has none, or for the HTTP API: what its handler sends decides the origin. */
export function answerPreflight(
  analysis: ServerlessAnalysis,
  endpoint: ServerlessEndpoint,
  { headers }: Extract<Repair, { kind: 'answer-preflight' }>,
): readonly Edit[] | undefined {
  const sent = sentHeaders(endpoint);
  if (sent === undefined) return undefined;
  const extra = headers.filter(
    (name) => !REST_DEFAULT_HEADERS.some((known) => known.toLowerCase() === name.toLowerCase()),
  );
  if (endpoint.kind === 'rest') return restCors(endpoint, sent, extra);
  if (endpoint.kind !== 'http-api' || sent.origin !== '*' || sent.credentials || extra.length > 0) return undefined;
  const provider = analysis.service?.provider;
  const settings = asMap(entryOf(provider, 'httpApi')?.value);
  if (settings !== undefined) return one(addEntry(settings, 'cors', { kind: 'inline', text: 'true' }));
  if (provider === undefined || entryOf(provider, 'httpApi') !== undefined) return undefined;
  return one(addEntry(provider, 'httpApi', { kind: 'block', lines: ['cors: true'] }));
}

function restCors(
  { event }: Extract<ServerlessEndpoint, { kind: 'rest' }>,
  { origin, credentials }: Sent,
  extra: readonly string[],
): readonly Edit[] | undefined {
  if (event.cors.kind !== 'none') return undefined;
  const { map } = event;
  const settings = [
    ...(origin === '*' ? [] : [`origin: ${scalarText(origin, 'plain')}`]),
    ...(credentials ? ['allowCredentials: true'] : []),
    ...(extra.length === 0 ? [] : [`headers: [${[...REST_DEFAULT_HEADERS, ...extra].join(', ')}]`]),
  ];
  const value: NewValue = settings.length === 0 ? { kind: 'inline', text: 'true' } : { kind: 'block', lines: settings };
  if (map !== undefined) {
    const inline: NewValue = settings.length === 0 ? value : { kind: 'inline', text: `{ ${settings.join(', ')} }` };
    return one(addEntry(map, 'cors', map.flow ? inline : value));
  }
  const step = ' '.repeat(indentStep(event.pathNode.source));
  return one(
    longEvent(event, settings.length === 0 ? ['cors: true'] : ['cors:', ...settings.map((line) => `${step}${line}`)]),
  );
}

/** Lets OPTIONS past an authorizer: `cors` makes an open method for it; an OPTIONS event loses its guard. */
export function exemptPreflight(endpoint: ServerlessEndpoint): readonly Edit[] | undefined {
  if (endpoint.kind !== 'rest') return undefined;
  const { optionsEvent, event } = endpoint;
  if (optionsEvent !== undefined) {
    const { guard, map } = optionsEvent;
    return guard === undefined || map === undefined ? undefined : deleteEntry(map, guard);
  }
  if (event.cors.kind !== 'none' || event.map === undefined) return undefined;
  const sent = sentHeaders(endpoint);
  return restCors(endpoint, sent ?? { origin: '*', credentials: false }, []);
}

function one(made: Edit | undefined): readonly Edit[] | undefined {
  return made === undefined ? undefined : [made];
}
