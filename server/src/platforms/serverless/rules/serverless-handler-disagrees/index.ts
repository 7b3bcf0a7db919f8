import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from '../../../../cors/names';
import type { Place } from '../../../../cors/place';
import { platformRule } from '../../../../lint/defineRule';
import type { Proposal } from '../../../../lint/types';
import type { ServerlessAnalysis } from '../../analysis';
import type { ServerlessEndpoint } from '../../endpoints/endpoint';
import { hasCors } from '../../gateway/corsEvent';
import { type RestPreflight, restPreflight } from '../../gateway/restCors';
import type { Service } from '../../service/service';

interface Data {
  /** What the configuration says. */
  readonly says: 'credentials' | 'origins';
  /** The one origin that it names. */
  readonly origin: string | undefined;
  readonly place: Place;
}

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-handler-disagrees',
    title: 'A handler that sends `*` where the configuration is stricter',
    severity: 'warning',
    category: 'fragile',
    tags: ['origin', 'lambda', 'credentials'],
    reference: 'https://fetch.spec.whatwg.org/#cors-protocol-and-credentials',
  },
  check({ analysis }, report) {
    const { service } = analysis;
    if (service === undefined) return;
    for (const endpoint of analysis.endpoints) {
      if (endpoint.kind !== 'rest' || !hasCors(endpoint.event)) continue;
      const preflight = preflightOf(service, endpoint);
      const strict = preflight && strictness(preflight);
      if (preflight === undefined || strict === undefined) continue;
      const related = [{ place: preflight.place, message: 'the preflight is answered by this' }];
      for (const place of wildcards(endpoint)) report({ place, data: { ...strict, place }, related });
    }
  },
  message: ({ says, origin }) =>
    says === 'credentials'
      ? 'The preflight allows credentials and this response says `*`: browsers refuse it for every request with credentials. Send the origin and Access-Control-Allow-Credentials here too.'
      : `The preflight lets in ${origin === undefined ? 'listed origins' : `\`${origin}\``} only and this response says \`*\`: any page can read it when it needs no preflight. Send the same origin.`,
  fixes: ({ origin, place, says }): Proposal[] =>
    origin === undefined
      ? []
      : [
          {
            title: `Write \`${origin}\``,
            preferred: says === 'origins',
            repair: { kind: 'replace-value', place, text: origin },
          },
        ],
});

type RestEndpoint = Extract<ServerlessEndpoint, { kind: 'rest' }>;

function preflightOf(service: Service, endpoint: RestEndpoint): RestPreflight | undefined {
  const [first, ...rest] = endpoint.siblings.filter(hasCors);
  return first === undefined || endpoint.optionsEvent !== undefined
    ? undefined
    : restPreflight(service, [first, ...rest]);
}

function strictness({ headers, policies, open }: RestPreflight): Pick<Data, 'says' | 'origin'> | undefined {
  if (open !== undefined) return undefined;
  const value = (wanted: string) => headers.find(({ name }) => name.toLowerCase() === wanted)?.value;
  const allowed = value(ALLOW_ORIGIN);
  if (allowed?.kind === 'literal' && allowed.text === '*') return undefined;
  const anyone = policies.some(({ entries }) => entries.some(({ kind }) => kind === 'any' || kind === 'unknown'));
  if (anyone || allowed === undefined || allowed.kind === 'unknown') return undefined;
  const origin = allowed.kind === 'literal' ? allowed.text : undefined;
  if (allowed.kind !== 'literal' && policies.length === 0) return undefined;
  return { says: value(ALLOW_CREDENTIALS)?.kind === 'literal' ? 'credentials' : 'origins', origin };
}

/** Where the handler writes `*` as the origin, in responses that are not refused already for the pair of headers. */
function wildcards(endpoint: RestEndpoint): Place[] {
  const reading = endpoint.handler();
  if (reading?.kind !== 'responses') return [];
  return reading.responses.flatMap(({ headers }) => {
    const isPair = headers.some(({ name }) => name.toLowerCase() === ALLOW_CREDENTIALS);
    if (isPair) return [];
    return headers.flatMap(({ name, value }) =>
      name.toLowerCase() === ALLOW_ORIGIN && value.kind === 'literal' && value.text === '*' ? [value.place] : [],
    );
  });
}
