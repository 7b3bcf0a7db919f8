import type { Exchange } from '../../../../cors/browser';
import { frontEndOf } from '../../../../cors/frontEnd';
import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject } from '../../../../lint/types';
import { placeOf } from '../../../../yaml/places';
import type { YamlEntry } from '../../../../yaml/tree';
import type { TemplateAnalysis, TemplateEndpoint } from '../../analysis';
import { switchOf, switchOff } from '../../repairs/preflight';

interface Data {
  readonly kind: 'rest' | 'http-api';
  readonly guard: string;
  /** What takes the guard off the preflight. */
  readonly key: string;
  readonly edits: readonly Edit[] | undefined;
}

export const rule = platformRule<TemplateAnalysis, Data>({
  meta: {
    id: 'cloudformation-preflight-authorized',
    title: 'An authorizer in front of the preflight',
    severity: 'error',
    category: 'broken',
    tags: ['preflight', 'authentication'],
    reference:
      'https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiauth.html',
    replaces: ['preflight-needs-auth', 'preflight-not-answered'],
  },
  check(subject, report) {
    const { analysis } = subject;
    for (const { preflightGuard: guard, cors, events } of analysis.restApis) {
      if (guard === undefined || cors === undefined) continue;
      const exchange = firstOf(subject, (one) => one.kind === 'rest' && events.includes(one.event));
      if (exchange === undefined) continue;
      const key = switchOf(guard) ?? '';
      report({
        place: placeOf(guard.key),
        data: { kind: 'rest', guard: words(guard), key, edits: switchOff(analysis, guard) },
        exchange,
        related: [{ place: placeOf(cors.key), message: 'this answers the preflights' }],
      });
    }
    const told = new Set<YamlEntry>();
    for (const endpoint of analysis.endpoints) {
      if (endpoint.kind !== 'http-api' || endpoint.cors === undefined) continue;
      const { guard, event } = endpoint;
      if (guard === undefined || event.method !== 'ANY' || told.has(guard)) continue;
      const exchange = firstOf(subject, (one) => one === endpoint);
      if (exchange === undefined) continue;
      told.add(guard);
      report({
        place: event.place,
        data: { kind: 'http-api', guard: words(guard), key: '', edits: undefined },
        exchange,
        related: [{ place: placeOf(guard.key), message: 'this guards it' }],
      });
    }
  },
  message: ({ kind, guard, key }) => {
    const refused = 'a preflight carries no credentials, so it is refused, and browsers never send the request itself.';
    return kind === 'rest'
      ? `SAM puts ${guard} in front of the OPTIONS methods too: ${refused} Set \`${key}: false\`.`
      : `The route takes OPTIONS too, and ${guard} guards it: ${refused} Add a route for OPTIONS with \`Authorizer: NONE\`, or name the methods.`;
  },
  fixes: ({ key, edits }) => (edits === undefined ? [] : [{ title: `Set \`${key}: false\``, preferred: true, edits }]),
});

/** A preflight of one of these endpoints that authentication refuses. */
function firstOf(
  { analysis, browserFor }: PlatformSubject<TemplateAnalysis>,
  is: (endpoint: TemplateEndpoint) => boolean,
): Exchange | undefined {
  for (const endpoint of analysis.endpoints) {
    if (!is(endpoint)) continue;
    const browser = browserFor(endpoint);
    const front = frontEndOf(browser);
    const asking = { ...front.plain(front.origin), headers: [['Authorization', 'Bearer token']] as const };
    const exchange = [...front.calls, asking]
      .flatMap((call) => browser.fetch(call))
      .find(({ preflight }) => preflight?.response.source.answeredBy.kind === 'authentication');
    if (exchange !== undefined) return exchange;
  }
  return undefined;
}

function words({ key }: YamlEntry): string {
  return key.value === 'ApiKeyRequired' ? 'the demand for an API key' : 'the authorizer';
}
