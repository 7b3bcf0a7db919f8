import type { Browser, Exchange } from '../../cors/browser';
import type { Call } from '../../cors/call';
import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf, responsesOf, withCredentials } from '../../cors/frontEnd';
import { linesOf } from '../../cors/headerList';
import { knownExchange } from '../../cors/known';
import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from '../../cors/names';
import { parseOrigin } from '../../cors/origin';
import { placeKey } from '../../cors/place';
import type { ResolvedHeader } from '../../cors/resolve';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly endpoint: Endpoint;
  readonly name: string;
  readonly lines: readonly ResolvedHeader[];
  readonly when: readonly string[];
  /** The earlier line by itself would let the page in, and the later one would not. */
  readonly isEarlierBetter: boolean;
}

interface Proof {
  readonly exchange: Exchange;
  readonly lines: readonly ResolvedHeader[];
  readonly first: ResolvedHeader;
  readonly second: ResolvedHeader;
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'duplicate-header',
    title: 'A CORS header sent twice',
    severity: 'error',
    category: 'broken',
    tags: ['origin', 'credentials'],
    reference: 'https://fetch.spec.whatwg.org/#concept-cors-check',
  },
  check({ browser, endpoint }, report) {
    const front = frontEndOf(browser);
    const plain = front.plain(front.origin);
    const calls = [plain, ...front.calls, { ...plain, ending: 500 }];
    for (const name of [ALLOW_ORIGIN, ALLOW_CREDENTIALS]) {
      for (const call of name === ALLOW_ORIGIN ? calls : calls.map(withCredentials)) {
        const proof = bestProof(browser, call, name);
        if (proof === undefined) continue;
        const { exchange, lines, first, second } = proof;
        const { when } = exchange;
        const isEarlierBetter = letsIn(first, exchange) && !letsIn(second, exchange);
        report({
          place: second.header.place,
          data: { endpoint, name: second.name, lines, when, isEarlierBetter },
          severity: when.length > 0 ? 'warning' : 'error',
          exchange,
          related: [{ place: first.header.place, message: `sent here too, by ${first.header.layer}` }],
        });
      }
    }
  },
  message: ({ name, lines, when }) =>
    `${name} is sent ${lines.length === 2 ? 'twice' : `${lines.length} times`}${whenWords(when)}${values(lines)}: browsers refuse the response, even when the lines are equal. Delete one.`,
  fixes: ({ endpoint, name, isEarlierBetter, lines: [first, second] }) =>
    first && second
      ? [
          {
            title: `Keep back the ${name} of what stands behind`,
            preferred: !isEarlierBetter,
            repair: { kind: 'hide-header', endpoint, name, place: first.header.place },
          },
          {
            title: 'Delete this line',
            preferred: isEarlierBetter || (first.text !== undefined && first.text === second.text),
            repair: { kind: 'remove', place: second.header.place },
          },
          { title: 'Delete the other line', preferred: false, repair: { kind: 'remove', place: first.header.place } },
        ]
      : [],
});

/**
 * The call with its lines; from an origin that the later line names, or else the earlier one, where the asking one is
 * not let in by it. So the call that shows the fault is one that passes once the other line is gone.
 */
function bestProof(browser: Browser, call: Call, name: string): Proof | undefined {
  const asked = proofBy(browser, call, name);
  if (asked === undefined || letsIn(asked.second, asked.exchange)) return asked;
  for (const { text } of [asked.second, asked.first]) {
    if (text === undefined || parseOrigin(text) === undefined) continue;
    const named = proofBy(browser, { ...call, origin: text }, name);
    if (named && placeKey(named.second.header.place) === placeKey(asked.second.header.place)) return named;
  }
  return asked;
}

function proofBy(browser: Browser, call: Call, name: string): Proof | undefined {
  const exchange = knownExchange(browser.fetch(call), (each) => twice(each, name) !== undefined);
  const lines = exchange && twice(exchange, name);
  const [first, second] = lines ?? [];
  return exchange && lines && first && second && { exchange, lines, first, second };
}

/** Whether the line by itself would let the page read the answer, with the credentials that the answer allows. */
function letsIn({ name, text }: ResolvedHeader, { call, actual }: Exchange): boolean {
  if (name.toLowerCase() === ALLOW_CREDENTIALS) return text === 'true';
  const allowsCredentials = linesOf(actual.response, ALLOW_CREDENTIALS).some((line) => line.text === 'true');
  return text === call.origin || (text === '*' && !call.credentials && !allowsCredentials);
}

/** Lines of that name, certain to be sent, from different settings. */
function twice(exchange: Exchange, name: string): readonly ResolvedHeader[] | undefined {
  return responsesOf(exchange)
    .map((response) => linesOf(response, name).filter((line) => !line.perhapsAbsent))
    .find((lines) => lines.length > 1);
}

function values(lines: readonly ResolvedHeader[]): string {
  const texts = lines.map(({ text }) => text);
  return texts.includes(undefined) ? '' : ` (${texts.map((text) => `\`${text}\``).join(', ')})`;
}
