import type { Exchange } from '../../cors/browser';
import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf } from '../../cors/frontEnd';
import { linesOf } from '../../cors/headerList';
import type { Header } from '../../cors/http';
import { knownExchange } from '../../cors/known';
import { ALLOW_ORIGIN } from '../../cors/names';
import { samePlace } from '../../cors/place';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly endpoint: Endpoint;
  readonly method: string;
  /** The preflight's own, which the response lacks. */
  readonly header: Header;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'missing-origin',
    title: 'A response without Access-Control-Allow-Origin behind a preflight with it',
    severity: 'error',
    category: 'broken',
    tags: ['origin'],
    reference: 'https://fetch.spec.whatwg.org/#concept-cors-check',
  },
  check({ endpoint, browser }, report) {
    if (endpoint.partial !== undefined) return;
    const front = frontEndOf(browser);
    for (const call of [...front.calls, ...front.announced]) {
      const exchanges = browser.fetch(call);
      const exchange = knownExchange(
        exchanges,
        ({ preflight, verdict }) =>
          preflight?.verdict.result === 'allowed' && verdict.step === 'cors-check/no-allow-origin',
      );
      const permission = exchange?.preflight && linesOf(exchange.preflight.response, ALLOW_ORIGIN)[0];
      if (!exchange || !permission) continue;
      const { answeredBy, status } = exchange.actual.response.source;
      if (status === undefined || status >= 400) continue;
      // Files are loaded by GET alone: the headers that are allowed are for what stands behind them.
      if (answeredBy.kind === 'file' && endpoint.methods !== undefined && !front.calls.includes(call)) continue;
      const { when } = exchange;
      const here = samePlace(answeredBy.place, permission.header.place) ? endpoint.place : answeredBy.place;
      report({
        place: sentOtherwise(exchanges)?.place ?? here,
        data: { endpoint, method: call.method, header: permission.header, when },
        severity: when.length > 0 ? 'warning' : 'error',
        exchange,
        related: [{ place: permission.header.place, message: 'the preflight gets it here' }],
      });
      return;
    }
  },
  message: ({ endpoint, method, when }) =>
    `The preflight for ${method} ${endpoint.path} passes, and the response itself has no Access-Control-Allow-Origin${whenWords(when)}: the server does the work and the browser keeps the answer from the page. Send the header here too.`,
  fixes: ({ endpoint, header }) => [
    { title: 'Send it with the response too', preferred: true, repair: { kind: 'send-always', endpoint, header } },
  ],
});

/** What sends the header with the response in other circumstances: it is what to change, once for all that it is for. */
function sentOtherwise(exchanges: readonly Exchange[]): Header | undefined {
  return exchanges.flatMap(({ actual }) => linesOf(actual.response, ALLOW_ORIGIN))[0]?.header;
}
