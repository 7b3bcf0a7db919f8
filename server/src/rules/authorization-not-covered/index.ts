import { frontEndOf } from '../../cors/frontEnd';
import { get } from '../../cors/headerList';
import { knownExchange } from '../../cors/known';
import { ALLOW_HEADERS } from '../../cors/names';
import type { Place } from '../../cors/place';
import { preflightCheck } from '../../cors/preflight';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly place: Place;
  readonly text: string;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'authorization-not-covered',
    title: '`Authorization` under a wildcard',
    severity: 'warning',
    category: 'fragile',
    tags: ['preflight', 'headers'],
    reference: 'https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name',
  },
  check({ endpoint, browser }, report) {
    if (!endpoint.requestHeaders.some((name) => name.toLowerCase() === 'authorization')) return;
    for (const call of frontEndOf(browser).calls) {
      const exchange = knownExchange(
        browser.fetch(call),
        ({ preflight }) =>
          preflight?.verdict.result === 'allowed' &&
          preflightCheck(preflight.response, call, 'standard').step === 'preflight/authorization',
      );
      const got = exchange?.preflight && get(exchange.preflight.response, ALLOW_HEADERS);
      const header = got?.kind === 'value' ? got.headers[0] : undefined;
      if (!exchange || got?.kind !== 'value' || !header) continue;
      const { valuePlace: place } = header;
      report({ place, data: { place, text: got.text, when: exchange.when }, exchange });
      return;
    }
  },
  message: ({ when }) =>
    `\`*\` allows every request header but Authorization, which requests here carry${whenWords(when)}: the standard wants that one by name. Chromium and Firefox let it pass so far, other browsers need not. Add \`Authorization\` beside the \`*\`.`,
  fixes: ({ place, text }) => [
    {
      title: 'List `Authorization`',
      preferred: true,
      repair: { kind: 'replace-value', place, text: `${text}, Authorization` },
    },
  ],
});
