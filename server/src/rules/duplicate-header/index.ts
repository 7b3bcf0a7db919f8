import type { Exchange } from '../../cors/browser';
import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf, responsesOf, withCredentials } from '../../cors/frontEnd';
import { linesOf } from '../../cors/headerList';
import { knownExchange } from '../../cors/known';
import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from '../../cors/names';
import type { ResolvedHeader } from '../../cors/resolve';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly endpoint: Endpoint;
  readonly name: string;
  readonly lines: readonly ResolvedHeader[];
  readonly when: readonly string[];
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
        const exchange = knownExchange(browser.fetch(call), (each) => twice(each, name) !== undefined);
        const lines = exchange && twice(exchange, name);
        const [first, second] = lines ?? [];
        if (!exchange || !lines || !first || !second) continue;
        const { when } = exchange;
        report({
          place: second.header.place,
          data: { endpoint, name: second.name, lines, when },
          severity: when.length > 0 ? 'warning' : 'error',
          exchange,
          related: [{ place: first.header.place, message: `sent here too, by ${first.header.layer}` }],
        });
      }
    }
  },
  message: ({ name, lines, when }) =>
    `${name} is sent ${lines.length === 2 ? 'twice' : `${lines.length} times`}${whenWords(when)}${values(lines)}: browsers refuse the response, even when the lines are equal. Delete one.`,
  fixes: ({ endpoint, name, lines: [first, second] }) =>
    first && second
      ? [
          {
            title: `Keep back the ${name} of what stands behind`,
            preferred: true,
            repair: { kind: 'hide-header', endpoint, name, place: first.header.place },
          },
          {
            title: 'Delete this line',
            preferred: first.text !== undefined && first.text === second.text,
            repair: { kind: 'remove', place: second.header.place },
          },
          { title: 'Delete the other line', preferred: false, repair: { kind: 'remove', place: first.header.place } },
        ]
      : [],
});

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
