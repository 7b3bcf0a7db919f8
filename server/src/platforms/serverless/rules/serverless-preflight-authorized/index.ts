import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import { deleteEntry } from '../../../../yaml/edits/entry';
import { mapOf } from '../../../../yaml/edits/maps';
import { placeOf } from '../../../../yaml/places';
import type { YamlEntry } from '../../../../yaml/tree';
import type { ServerlessAnalysis } from '../../analysis';
import { refusedPreflight } from '../../endpoints/play';
import { exemptPreflight } from '../../repairs/endpoint';

interface Data {
  readonly kind: 'any' | 'options' | 'http-api';
  readonly guard: string;
  readonly fix: { readonly title: string; readonly edits: readonly Edit[] } | undefined;
}

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-preflight-authorized',
    title: 'An authorizer in front of the preflight',
    severity: 'error',
    category: 'broken',
    tags: ['preflight', 'authentication'],
    reference: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html',
    replaces: ['preflight-needs-auth', 'preflight-not-answered'],
  },
  check({ analysis, browserFor }, report) {
    for (const { guard, method, path, map } of analysis.rest) {
      // An OPTIONS event is there for preflights, and nothing else.
      if (method !== 'OPTIONS' || guard === undefined || map === undefined) continue;
      const endpoint = analysis.endpoints.find((one) => one.kind === 'rest' && one.event.path === path);
      const exchange = endpoint && refusedPreflight(browserFor(endpoint));
      const edits = deleteEntry(mapOf(map, guard) ?? map, guard);
      const fix = edits && { title: `Delete \`${guard.key.value}\``, edits };
      report({
        place: placeOf(guard.key),
        data: { kind: 'options', guard: words(guard), fix },
        ...(exchange && { exchange }),
      });
    }
    for (const endpoint of analysis.endpoints) {
      if (endpoint.partial !== undefined || (endpoint.kind !== 'rest' && endpoint.kind !== 'http-api')) continue;
      const guard = endpoint.kind === 'rest' ? endpoint.event.guard : endpoint.route.guard;
      const method = endpoint.kind === 'rest' ? endpoint.event.method : endpoint.route.method;
      if (guard === undefined || method !== 'ANY' || (endpoint.kind === 'rest' && endpoint.optionsEvent !== undefined))
        continue;
      const exchange = refusedPreflight(browserFor(endpoint));
      if (exchange?.preflight?.response.source.answeredBy.kind !== 'authentication') continue;
      if (endpoint.kind === 'rest') {
        if (!meansCors(endpoint)) continue;
        const edits = exemptPreflight(endpoint);
        const fix = edits && { title: 'Add `cors`, which makes an open OPTIONS method', edits };
        report({ place: placeOf(guard.key), data: { kind: 'any', guard: words(guard), fix }, exchange });
      } else if (endpoint.api.cors.kind === 'map' || endpoint.api.cors.kind === 'default') {
        report({
          place: placeOf(guard.key),
          data: { kind: 'http-api', guard: words(guard), fix: undefined },
          exchange,
        });
      }
    }
  },
  message: ({ kind, guard }) => {
    const refused = 'a preflight carries no credentials, so it is refused, and browsers never send the request itself.';
    switch (kind) {
      case 'options':
        return `${guard} guards the OPTIONS event: ${refused} Take it off.`;
      case 'any':
        return `ANY takes OPTIONS too, and ${lower(guard)} guards it: ${refused} Add \`cors\` to the event.`;
      case 'http-api':
        return `The route takes OPTIONS too, and ${lower(guard)} guards it: ${refused} Add a route for OPTIONS without an authorizer, or name the methods.`;
    }
  },
  fixes: ({ fix }) => (fix === undefined ? [] : [{ title: fix.title, preferred: true, edits: fix.edits }]),
});

/** The handler sends the header: the endpoint is meant for other origins. */
function meansCors(endpoint: Extract<ServerlessAnalysis['endpoints'][number], { kind: 'rest' }>): boolean {
  const reading = endpoint.handler();
  if (reading?.kind !== 'responses') return false;
  return reading.responses.some(({ headers }) =>
    headers.some(({ name }) => /^access-control-allow-origin$/i.test(name)),
  );
}

function words({ key }: YamlEntry): string {
  return key.value === 'private' ? 'The API key' : 'The authorizer';
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
