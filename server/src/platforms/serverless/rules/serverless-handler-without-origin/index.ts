import { addHeaders, type NewHeaders } from '../../../../aws/edits/headers';
import {
  bareResponses,
  blamedPlace,
  exchangeOf,
  isRedirect,
  redirectMessage,
} from '../../../../aws/endpoints/bareResponses';
import { webhookMessage, webhookWords } from '../../../../aws/lambda/webhook';
import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from '../../../../cors/names';
import type { Edit } from '../../../../cors/repair';
import type { Value } from '../../../../cors/value';
import { platformRule } from '../../../../lint/defineRule';
import { entryPlace } from '../../../../yaml/places';
import type { ServerlessAnalysis } from '../../analysis';
import type { ServerlessEndpoint } from '../../endpoints/endpoint';
import { hasCors } from '../../gateway/corsEvent';
import { restPreflight } from '../../gateway/restCors';
import type { Service } from '../../service/service';

interface Data {
  readonly label: string;
  readonly added: NewHeaders | undefined;
  readonly edit: Edit | undefined;
  /** What shows that servers call it and no page does. */
  readonly webhook: string | undefined;
  readonly redirects: boolean;
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
      const reading = endpoint.handler();
      const sign = reading?.kind === 'responses' ? reading.webhook : undefined;
      const webhook = webhookWords(endpoint.event.path, endpoint.event.fn.name, sign);
      for (const response of bareResponses(reading)) {
        const redirects = isRedirect(response);
        const added = headersFor(service, endpoint);
        const edit = added && response.object && addHeaders(response.object, response.headersObject, added);
        const exchange = exchangeOf(browserFor(endpoint), response);
        report({
          place: blamedPlace(response),
          data: { label: endpoint.label, added, edit, webhook, redirects },
          ...(webhook === undefined && !redirects ? {} : { severity: 'info' as const }),
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
  message: ({ label, webhook, redirects }) => {
    if (redirects) return redirectMessage(label);
    return webhook !== undefined
      ? `${webhookMessage(label, webhook)} \`cors\` has no use on a webhook: take it out, or send the header if pages call this too.`
      : `${label} gets this response without Access-Control-Allow-Origin: \`cors\` covers the preflight only, so browsers refuse to hand it over. Send the header here too.`;
  },
  fixes: ({ added, edit, webhook, redirects }) =>
    edit === undefined || added === undefined
      ? []
      : [
          {
            title: `Send ${added.map(([name, value]) => `\`${name}: ${value}\``).join(' and ')}`,
            preferred: webhook === undefined && !redirects,
            edits: [edit],
          },
        ],
});

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
