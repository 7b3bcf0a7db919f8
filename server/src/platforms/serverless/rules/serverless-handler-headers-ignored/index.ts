import { isCors } from '../../../../aws/endpoints/handled';
import type { Place } from '../../../../cors/place';
import { platformRule } from '../../../../lint/defineRule';
import type { Proposal } from '../../../../lint/types';
import { entryPlace } from '../../../../yaml/places';
import type { ServerlessAnalysis } from '../../analysis';

interface Data {
  readonly name: string;
  readonly place: Place;
}

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-handler-headers-ignored',
    title: 'CORS headers of a handler that the HTTP API replaces',
    severity: 'info',
    category: 'advice',
    tags: ['lambda', 'header'],
    reference: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html',
  },
  check({ analysis }, report) {
    const shared = filesBehindOtherEvents(analysis);
    for (const endpoint of analysis.endpoints) {
      if (endpoint.kind !== 'http-api') continue;
      const { cors, external } = endpoint.api;
      if (external !== undefined || (cors.kind !== 'map' && cors.kind !== 'default')) continue;
      const reading = endpoint.handler();
      if (reading?.kind !== 'responses' || shared.has(endpoint.route.fn.name)) continue;
      for (const { name, place, layer } of reading.responses.flatMap(({ headers }) => headers)) {
        // In a file of helpers the header may serve other functions.
        if (!isCors(name) || place.file !== reading.file || layer !== 'the handler') continue;
        const related = [{ place: entryPlace(cors.entry), message: 'this is what counts' }];
        report({ place, data: { name, place }, related });
      }
    }
  },
  message: ({ name }) =>
    `\`cors\` of the HTTP API is on, so API Gateway replaces the function's own \`${name}\`: changing it here changes nothing. Take it out.`,
  fixes: ({ place }): Proposal[] => [
    { title: 'Delete the header', preferred: false, repair: { kind: 'remove', place } },
  ],
});

/** Functions that a REST API or a URL calls too, where the headers do count. */
function filesBehindOtherEvents({ endpoints }: ServerlessAnalysis): Set<string> {
  return new Set(
    endpoints.flatMap((endpoint) => {
      if (endpoint.kind === 'rest') return [endpoint.event.fn.name];
      return endpoint.kind === 'url' ? [endpoint.url.fn.name] : [];
    }),
  );
}
