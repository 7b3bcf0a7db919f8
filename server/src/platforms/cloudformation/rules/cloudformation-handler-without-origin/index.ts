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
import { platformRule } from '../../../../lint/defineRule';
import { entryPlace } from '../../../../yaml/places';
import type { TemplateAnalysis } from '../../analysis';
import type { SamRestEndpoint } from '../../sam/restApi';

interface Data {
  readonly label: string;
  readonly added: NewHeaders | undefined;
  readonly edit: Edit | undefined;
  /** What shows that servers call it and no page does. */
  readonly webhook: string | undefined;
  readonly redirects: boolean;
}

export const rule = platformRule<TemplateAnalysis, Data>({
  meta: {
    id: 'cloudformation-handler-without-origin',
    title: 'A handler that answers without Access-Control-Allow-Origin',
    severity: 'error',
    category: 'broken',
    tags: ['origin', 'lambda'],
    reference: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html',
    replaces: ['missing-origin'],
  },
  check({ analysis, browserFor }, report) {
    for (const endpoint of analysis.endpoints) {
      if (endpoint.kind !== 'rest' || endpoint.api.cors === undefined) continue;
      const { cors } = endpoint.api;
      const reading = endpoint.handler();
      const sign = reading.kind === 'responses' ? reading.webhook : undefined;
      const webhook = webhookWords(endpoint.event.path, endpoint.event.fn.id, sign);
      for (const response of bareResponses(reading)) {
        const redirects = isRedirect(response);
        const added = headersFor(endpoint);
        const edit = added && response.object && addHeaders(response.object, response.headersObject, added);
        const exchange = exchangeOf(browserFor(endpoint), response);
        report({
          place: blamedPlace(response),
          data: { label: endpoint.label, added, edit, webhook, redirects },
          ...(redirects || webhook !== undefined ? { severity: 'info' as const } : {}),
          ...(exchange === undefined ? {} : { exchange }),
          related: [{ place: entryPlace(cors), message: `${endpoint.label} answers preflights because of this` }],
        });
      }
    }
  },
  message: ({ label, webhook, redirects }) => {
    if (redirects) return redirectMessage(label);
    return webhook !== undefined
      ? `${webhookMessage(label, webhook)} Send the header if pages call this too.`
      : `${label} gets this response without Access-Control-Allow-Origin: \`Cors\` of the API covers the preflight only, so browsers refuse to hand it over. Send the header here too.`;
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
function headersFor({ api, event }: SamRestEndpoint): NewHeaders | undefined {
  const [world, ...others] = api.preflight(event.path);
  if (world?.value.kind !== 'mock' || others.length > 0) return undefined;
  const { headers } = world.value;
  const value = (wanted: string) => headers.find(({ name }) => name.toLowerCase() === wanted)?.value;
  const origin = value(ALLOW_ORIGIN);
  if (origin?.kind !== 'literal') return undefined;
  const pairs: (readonly [string, string])[] = [['Access-Control-Allow-Origin', origin.text]];
  if (value(ALLOW_CREDENTIALS)?.kind === 'literal' && origin.text !== '*') {
    pairs.push(['Access-Control-Allow-Credentials', 'true']);
  }
  return pairs;
}
