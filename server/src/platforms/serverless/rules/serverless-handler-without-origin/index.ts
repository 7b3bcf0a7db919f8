import { addHeaders, type NewHeaders } from '../../../../aws/edits/headers';
import type { HandlerResponse } from '../../../../aws/lambda/handler';
import type { Browser, Exchange } from '../../../../cors/browser';
import { frontEndOf } from '../../../../cors/frontEnd';
import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from '../../../../cors/names';
import { type Place, samePlace } from '../../../../cors/place';
import { type Edit, PLACEHOLDER_ORIGIN } from '../../../../cors/repair';
import type { Value } from '../../../../cors/value';
import { property } from '../../../../javascript';
import { platformRule } from '../../../../lint/defineRule';
import { entryPlace } from '../../../../yaml/places';
import type { ServerlessAnalysis } from '../../analysis';
import type { ServerlessEndpoint } from '../../endpoints/endpoint';
import { hasCors, restPreflight } from '../../gateway/restCors';
import type { Service } from '../../service/service';

interface Data {
  readonly label: string;
  readonly added: NewHeaders | undefined;
  readonly edit: Edit | undefined;
}

type RestEndpoint = Extract<ServerlessEndpoint, { kind: 'rest' }>;

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-handler-without-origin',
    title: 'A handler that answers without Access-Control-Allow-Origin',
    severity: 'error',
    category: 'broken',
    tags: ['origin', 'lambda'],
    reference: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html',
    replaces: ['missing-origin'],
  },
  check({ analysis, browserFor }, report) {
    const { service } = analysis;
    if (service === undefined) return;
    for (const endpoint of analysis.endpoints) {
      if (endpoint.kind !== 'rest' || !hasCors(endpoint.event) || endpoint.event.cors.kind === 'unknown') continue;
      for (const response of bareResponses(endpoint)) {
        const added = headersFor(service, endpoint);
        const edit = added && response.object && addHeaders(response.object, response.headersObject, added);
        const exchange = exchangeOf(browserFor(endpoint), response);
        report({
          place: blamed(response),
          data: { label: endpoint.label, added, edit },
          ...(exchange === undefined ? {} : { exchange }),
          related: [
            {
              place: entryPlace(endpoint.event.cors.entry),
              message: `${endpoint.label} answers preflights because of this`,
            },
          ],
        });
      }
    }
  },
  message: ({ label }) =>
    `${label} gets this response without Access-Control-Allow-Origin: \`cors\` covers the preflight only, so browsers refuse to hand it over. Send the header here too.`,
  fixes: ({ added, edit }) =>
    edit === undefined || added === undefined
      ? []
      : [
          {
            title: `Send ${added.map(([name, value]) => `\`${name}: ${value}\``).join(' and ')}`,
            preferred: true,
            edits: [edit],
          },
        ],
});

/**
 * Responses that were read whole and lack the header. Where others of the handler have it, errors without it are the
 * matter of `missing-origin-on-error`.
 */
function bareResponses(endpoint: RestEndpoint): HandlerResponse[] {
  const reading = endpoint.handler();
  if (reading?.kind !== 'responses') return [];
  const whole = reading.responses.filter(({ open, object }) => open === undefined && object !== undefined);
  // Where an origin is refused, it gets no header, and that is as it should be.
  const bare = whole.filter((response) => !hasOrigin(response) && !response.byOrigin);
  const isMeant = reading.responses.some((response) => hasOrigin(response) || response.open !== undefined);
  return bare.filter(
    (response) => isReached(response) && (!isMeant || response.status === undefined || response.status < 400),
  );
}

/** A branch for OPTIONS alone is not reached: the gateway answers these. */
function isReached(response: HandlerResponse): boolean {
  return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].some((method) => {
    const request = { method, scheme: 'https', path: '/', origin: PLACEHOLDER_ORIGIN, headers: new Map() } as const;
    return response.taken({ ...request, ending: 'success' }) !== 'no';
  });
}

function hasOrigin({ headers }: HandlerResponse): boolean {
  return headers.some(({ name }) => name.toLowerCase() === ALLOW_ORIGIN);
}

/** The status, or the headers that lack it: what the eye looks for. */
function blamed({ object, place }: HandlerResponse): Place {
  const headers = object && property(object, 'headers');
  return headers?.keyPlace ?? (object && property(object, 'statusCode'))?.place ?? place;
}

/** The call that this response answers. */
function exchangeOf(browser: Browser, { place, status }: HandlerResponse): Exchange | undefined {
  const front = frontEndOf(browser);
  const ending = status === undefined || status < 400 ? 'success' : status;
  return [...front.calls, front.plain(front.origin)]
    .flatMap((call) => browser.fetch({ ...call, ending }))
    .find(({ actual: { response, verdict } }) => {
      return verdict.step === 'cors-check/no-allow-origin' && samePlace(response.source.answeredBy.place, place);
    });
}

/** What the preflight says, where it is one certain origin. */
function headersFor(service: Service, endpoint: RestEndpoint): NewHeaders | undefined {
  const [first, ...rest] = endpoint.siblings.filter(hasCors);
  if (first === undefined) return undefined;
  const { headers } = restPreflight(service, [first, ...rest]);
  const text = (wanted: string): Value | undefined => headers.find(({ name }) => name.toLowerCase() === wanted)?.value;
  const origin = text(ALLOW_ORIGIN);
  if (origin?.kind !== 'literal') return undefined;
  const credentials = text(ALLOW_CREDENTIALS);
  const pairs: (readonly [string, string])[] = [['Access-Control-Allow-Origin', origin.text]];
  if (credentials?.kind === 'literal' && origin.text !== '*') pairs.push(['Access-Control-Allow-Credentials', 'true']);
  return pairs;
}
