import type { Browser, Exchange } from '../../cors/browser';
import { actualRequest } from '../../cors/call';
import type { SharedCache } from '../../cors/endpoint';
import { frontEndOf } from '../../cors/frontEnd';
import { get } from '../../cors/headerList';
import { UNRELATED_ORIGINS } from '../../cors/hostile';
import { knownExchange } from '../../cors/known';
import { ALLOW_ORIGIN } from '../../cors/names';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly cache: SharedCache;
  /** Whether one origin's response differs from another's, or only from that of a request without an origin. */
  readonly byOrigin: boolean;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'cache-without-origin',
    title: 'A shared cache that does not tell origins apart',
    severity: 'warning',
    category: 'fragile',
    tags: ['cache', 'origin', 'vary'],
    cwe: 'CWE-524',
    reference: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/header-caching.html',
  },
  check({ endpoint, browser }, report) {
    const { cache } = endpoint;
    if (cache === undefined || cache.keyHasOrigin) return;
    const { plain, origin } = frontEndOf(browser);
    for (const asking of [origin, UNRELATED_ORIGINS[0]]) {
      const exchange = knownExchange(browser.fetch(plain(asking)), ({ verdict }) => verdict.result === 'allowed');
      if (exchange === undefined || !differs(browser, exchange, undefined)) continue;
      const byOrigin = UNRELATED_ORIGINS.some((other) => other !== asking && differs(browser, exchange, other));
      report({ place: cache.place, data: { cache, byOrigin, when: exchange.when }, exchange });
      return;
    }
  },
  message: ({ cache: { what, name }, byOrigin, when }) =>
    `${what} keeps this response by \`${name}\`, whose key lacks Origin${whenWords(when)}: ${byOrigin ? "one origin's response is handed to the others" : 'the response to a request without an origin, which has no Access-Control-Allow-Origin, is handed to pages that need it'}, and browsers refuse it. Put Origin into the cache key.`,
  fixes: ({ cache: { lastKeyHeader } }) =>
    lastKeyHeader === undefined
      ? []
      : [
          {
            title: 'Put `Origin` into the cache key',
            preferred: true,
            repair: { kind: 'replace-with-list', place: lastKeyHeader.place, texts: [lastKeyHeader.text, 'Origin'] },
          },
        ],
});

/** Whether a request from elsewhere, in the same circumstances, certainly gets another Access-Control-Allow-Origin. */
function differs(browser: Browser, { call, when, actual }: Exchange, origin: string | undefined): boolean {
  const mine = get(actual.response, ALLOW_ORIGIN);
  const others = browser
    .send({ ...actualRequest(call), origin })
    .filter((response) => response.when.join() === when.join() && response.status === actual.response.status);
  return (
    mine.kind === 'value' &&
    others.some((response) => {
      const got = get(response, ALLOW_ORIGIN);
      return got.kind === 'absent' || (got.kind === 'value' && got.text !== mine.text);
    })
  );
}
