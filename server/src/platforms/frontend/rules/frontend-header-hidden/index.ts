import { openBrowser } from '../../../../cors/browser';
import type { Endpoint } from '../../../../cors/endpoint';
import { hiddenHeaders } from '../../../../cors/hiddenHeaders';
import { placeKey } from '../../../../cors/place';
import { whenWords } from '../../../../cors/words';
import { platformRule } from '../../../../lint/defineRule';
import type { FrontEndAnalysis } from '../../analysis';

interface Data {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly file: string;
  readonly exposed: string | undefined;
  readonly when: readonly string[];
}

export const rule = platformRule<FrontEndAnalysis, Data>({
  meta: {
    id: 'frontend-header-hidden',
    title: 'A response header that the browser keeps from the page',
    // The server's line is blamed for it, by header-not-exposed. Here it is shown where it comes from.
    severity: 'info',
    category: 'broken',
    tags: ['fetch', 'axios', 'headers'],
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-expose-headers',
  },

  check({ analysis }, report) {
    // A call that may be made with further headers reads the same with them.
    const told = new Set<string>();
    for (const { call, caller, reached } of analysis.calls) {
      if (reached === undefined || call.noCors !== undefined || call.reads.length === 0) continue;
      const { endpoint, file, when } = reached;
      for (const { read, exchange, exposed, origin } of hiddenHeaders(openBrowser(endpoint, [caller]))) {
        if (told.has(placeKey(read.place))) continue;
        told.add(placeKey(read.place));
        const line = (exposed ?? origin).header;
        report({
          place: read.place,
          data: { name: read.name, endpoint, file, exposed: exposed?.text, when },
          exchange,
          related: [
            { place: endpoint.place, message: 'answers the call' },
            { place: line.place, message: `sent here, by ${line.layer}` },
          ],
        });
      }
    }
  },

  message: ({ name, endpoint, file, exposed, when }) =>
    `The page reads null here${whenWords(when)}: ${endpoint.label} in ${file} ${exposed === undefined ? 'exposes no header' : `exposes \`${exposed}\` and not ${name}`} to pages of other origins. List \`${name}\` in its Access-Control-Expose-Headers.`,
});
