import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf, responsesOf } from '../../cors/frontEnd';
import { linesOf } from '../../cors/headerList';
import { knownExchange } from '../../cors/known';
import { ALLOW_ORIGIN } from '../../cors/names';
import { explainOrigin } from '../../cors/originProblem';
import type { Place } from '../../cors/place';
import type { ResolvedHeader } from '../../cors/resolve';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly endpoint: Endpoint;
  readonly text: string;
  readonly origins: readonly string[];
  readonly place: Place;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'multiple-origins',
    title: 'Several origins in one Access-Control-Allow-Origin',
    severity: 'error',
    category: 'broken',
    tags: ['origin'],
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-allow-origin',
  },
  check({ endpoint, browser }, report) {
    const front = frontEndOf(browser);
    const [first] = [
      ...originsSent(browser.fetch(front.plain(front.origin)).flatMap(responsesOf).flatMap(allowOrigin)),
    ];
    const origin = first?.origins[0] ?? front.origin;
    for (const call of [front.plain(origin), ...front.calls.map((each) => ({ ...each, origin }))]) {
      const exchange = knownExchange(
        browser.fetch(call),
        (each) => lists(each).length > 0 && each.verdict.result === 'blocked',
      );
      for (const { header, text, origins } of exchange ? lists(exchange) : []) {
        const { when } = exchange ?? { when: [] };
        const place = header.header.place;
        report({
          place: header.valuePlace,
          data: { endpoint, text, origins, place, when },
          severity: when.length > 0 ? 'warning' : 'error',
          ...(exchange ? { exchange } : {}),
        });
      }
      if (exchange) return;
    }
  },
  message: ({ text, origins, when }) =>
    `\`${text}\` holds ${origins.length} origins${whenWords(when)}: browsers want exactly the page's own or \`*\`, and refuse. Compare the request's origin with a list and send back the one that matches.`,
  fixes: ({ endpoint, place, origins }) => [
    {
      title: 'Send back the origin that is in the list',
      preferred: true,
      repair: { kind: 'allow-list', endpoint, place, origins },
    },
  ],
});

interface SentList {
  readonly header: ResolvedHeader;
  readonly text: string;
  readonly origins: readonly string[];
}

function lists(exchange: Parameters<typeof responsesOf>[0]): SentList[] {
  return originsSent(responsesOf(exchange).flatMap(allowOrigin));
}

function allowOrigin(response: Parameters<typeof linesOf>[0]): ResolvedHeader[] {
  return linesOf(response, ALLOW_ORIGIN);
}

function originsSent(headers: readonly ResolvedHeader[]): SentList[] {
  return headers.flatMap((header) => {
    const { text } = header;
    const problem = text === undefined ? undefined : explainOrigin(text);
    return text !== undefined && problem?.several ? [{ header, text, origins: problem.several }] : [];
  });
}
