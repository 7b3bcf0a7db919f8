import type { Endpoint } from '../../../../cors/endpoint';
import { get, linesOf, listItems } from '../../../../cors/headerList';
import { ALLOW_ORIGIN, EXPOSE_HEADERS, SAFELISTED_RESPONSE_HEADERS } from '../../../../cors/names';
import { whenWords } from '../../../../cors/words';
import { platformRule } from '../../../../lint/defineRule';
import type { FrontEndAnalysis } from '../../analysis';
import { callOf } from '../../play';

interface Data {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly file: string;
  readonly exposed: string | undefined;
  readonly when: readonly string[];
}

export const rule = platformRule<FrontEndAnalysis, Data>({
  meta: {
    id: 'header-not-exposed',
    title: 'A response header that the page reads and the server does not expose',
    severity: 'warning',
    category: 'broken',
    tags: ['fetch', 'axios', 'headers'],
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-expose-headers',
  },

  check({ analysis, browserFor }, report) {
    for (const { call, target, reached } of analysis.calls) {
      if (reached === undefined || call.noCors !== undefined) continue;
      const { endpoint, file } = reached;
      const browser = browserFor(endpoint);
      for (const read of call.reads) {
        if (SAFELISTED_RESPONSE_HEADERS.has(read.name.toLowerCase())) continue;
        const exchanges = browser.fetch(callOf(call, target, browser));
        const [exchange] = exchanges;
        const isHidden = exchanges.every(({ verdict, actual }) => {
          const exposed = get(actual.response, EXPOSE_HEADERS);
          if (verdict.result !== 'allowed' || exposed.kind === 'unknown') return false;
          const names = exposed.kind === 'value' ? (listItems(exposed.text) ?? []) : [];
          const isListed = names.some((name) => name.toLowerCase() === read.name.toLowerCase());
          return !isListed && !(names.includes('*') && !call.credentials);
        });
        if (exchange === undefined || !isHidden) continue;
        const { response } = exchange.actual;
        const line = linesOf(response, EXPOSE_HEADERS)[0] ?? linesOf(response, ALLOW_ORIGIN)[0];
        const exposed = get(response, EXPOSE_HEADERS);
        report({
          place: read.place,
          data: {
            name: read.name,
            endpoint,
            file,
            exposed: exposed.kind === 'value' ? exposed.text : undefined,
            when: reached.when,
          },
          exchange,
          related: [
            { place: endpoint.place, message: 'answers the call' },
            ...(line === undefined
              ? []
              : [{ place: line.header.place, message: `sent here, by ${line.header.layer}` }]),
          ],
        });
      }
    }
  },

  message: ({ name, endpoint, file, exposed, when }) =>
    `The page reads null here${whenWords(when)}: ${endpoint.label} in ${file} ${exposed === undefined ? 'exposes no header' : `exposes \`${exposed}\` and not ${name}`} to pages of other origins. List \`${name}\` in its Access-Control-Expose-Headers.`,
});
