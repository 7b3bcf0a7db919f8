import type { Browser, Exchange } from '../../cors/browser';
import type { Call } from '../../cors/call';
import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf, responsesOf, withCredentials } from '../../cors/frontEnd';
import { linesOf } from '../../cors/headerList';
import { knownExchange } from '../../cors/known';
import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from '../../cors/names';
import { parseOrigin } from '../../cors/origin';
import { placeKey } from '../../cors/place';
import type { ResolvedHeader, ResolvedResponse } from '../../cors/resolve';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';
import type { Proposal } from '../../lint/types';

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
  /** The one of its responses that has the lines. */
  readonly response: ResolvedResponse;
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
        const isEarlierBetter = letsIn(first, proof) && !letsIn(second, proof);
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
  fixes: ({ endpoint, name, isEarlierBetter, lines: [first, second] }) => {
    if (!first || !second) return [];
    const hide: Proposal = {
      title: `Keep back the ${name} of what stands behind`,
      preferred: true,
      repair: { kind: 'hide-header', endpoint, name, place: first.header.place },
    };
    const isSame = first.text !== undefined && first.text === second.text;
    const deleteThis: Proposal = {
      title: 'Delete this line',
      preferred: isEarlierBetter || isSame,
      repair: { kind: 'remove', place: second.header.place },
    };
    const deleteOther: Proposal = {
      title: 'Delete the other line',
      preferred: false,
      repair: { kind: 'remove', place: first.header.place },
    };
    // The first that can be made is the one that is. What would leave the page out as before is none.
    return isEarlierBetter ? [deleteThis, hide] : [hide, deleteThis, deleteOther];
  },
});

/**
 * The call with its lines; from an origin that the last line for origins names, or else an earlier one, where the asking
 * one is not let in by it. So the call that shows the fault is one that passes once there is one line of each.
 */
function bestProof(browser: Browser, call: Call, name: string): Proof | undefined {
  const asked = proofBy(browser, call, name);
  if (asked === undefined) return undefined;
  const origins = linesOf(asked.response, ALLOW_ORIGIN).toReversed();
  const [last] = origins;
  if (last === undefined || letsIn(last, asked)) return asked;
  for (const { text } of origins) {
    if (text === undefined || parseOrigin(text) === undefined) continue;
    const named = proofBy(browser, { ...call, origin: text }, name);
    if (named && placeKey(named.second.header.place) === placeKey(asked.second.header.place)) return named;
  }
  return asked;
}

function proofBy(browser: Browser, call: Call, name: string): Proof | undefined {
  const exchange = knownExchange(browser.fetch(call), (each) => twice(each, name) !== undefined);
  const response = exchange && twice(exchange, name);
  const lines = response && certainLines(response, name);
  const [first, second] = lines ?? [];
  return exchange && response && lines && first && second && { exchange, response, lines, first, second };
}

/** Whether the line by itself would let the page read the answer, with the credentials that the answer allows. */
function letsIn({ name, text }: ResolvedHeader, { exchange: { call }, response }: Proof): boolean {
  if (name.toLowerCase() === ALLOW_CREDENTIALS) return text === 'true';
  const allowsCredentials = linesOf(response, ALLOW_CREDENTIALS).some((line) => line.text === 'true');
  return text === call.origin || (text === '*' && !call.credentials && !allowsCredentials);
}

/** The response that has lines of that name, certain to be sent, from different settings. */
function twice(exchange: Exchange, name: string): ResolvedResponse | undefined {
  return responsesOf(exchange).find((response) => certainLines(response, name).length > 1);
}

function certainLines(response: ResolvedResponse, name: string): readonly ResolvedHeader[] {
  return linesOf(response, name).filter((line) => !line.perhapsAbsent);
}

function values(lines: readonly ResolvedHeader[]): string {
  const texts = lines.map(({ text }) => text);
  return texts.includes(undefined) ? '' : ` (${texts.map((text) => `\`${text}\``).join(', ')})`;
}
