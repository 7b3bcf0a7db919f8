import type { Browser, Exchange } from './browser';
import { type Caller, callBy, type HeaderRead } from './caller';
import { frontEndOf } from './frontEnd';
import { get, linesOf, listItems } from './headerList';
import { ALLOW_ORIGIN, EXPOSE_HEADERS, SAFELISTED_RESPONSE_HEADERS } from './names';
import { placeKey } from './place';
import { inCircumstances } from './preflightFault';
import type { ResolvedHeader } from './resolve';

/** A response header that a page reads and that the browser keeps from it, although it lets the page have the rest. */
export interface HiddenHeader {
  readonly caller: Caller;
  readonly read: HeaderRead;
  readonly exchange: Exchange;
  /** The line with the list that leaves it out; undefined when there is none. */
  readonly exposed: ResolvedHeader | undefined;
  /** The line that lets the page have the rest. */
  readonly origin: ResolvedHeader;
}

/**
 * What the endpoint's known callers read in vain, each reading once.
 * https://fetch.spec.whatwg.org/#concept-filtered-response-cors
 */
export function hiddenHeaders(browser: Browser): HiddenHeader[] {
  const found = browser.callers.flatMap((caller) => caller.reads.flatMap((read) => hidden(browser, caller, read)));
  const first = new Map<string, HiddenHeader>();
  for (const each of found) if (!first.has(placeKey(each.read.place))) first.set(placeKey(each.read.place), each);
  return [...first.values()];
}

function hidden(browser: Browser, caller: Caller, read: HeaderRead): HiddenHeader[] {
  if (SAFELISTED_RESPONSE_HEADERS.has(read.name.toLowerCase())) return [];
  const exchanges = browser.fetch(callBy(caller, frontEndOf(browser).origin));
  const [exchange] = exchanges;
  if (exchange === undefined || !exchanges.every((each) => isHidden(each, caller, read))) return [];
  const { response } = exchange.actual;
  const origin = linesOf(response, ALLOW_ORIGIN)[0];
  if (origin === undefined) return [];
  const exposed = linesOf(response, EXPOSE_HEADERS)[0];
  return [{ caller, read, exchange: inCircumstances(exchange, caller), exposed, origin }];
}

function isHidden({ verdict, actual }: Exchange, { credentials }: Caller, { name }: HeaderRead): boolean {
  const exposed = get(actual.response, EXPOSE_HEADERS);
  if (verdict.result !== 'allowed' || exposed.kind === 'unknown') return false;
  const names = exposed.kind === 'value' ? (listItems(exposed.text) ?? []) : [];
  const isListed = names.some((each) => each.toLowerCase() === name.toLowerCase());
  return !isListed && !(names.includes('*') && !credentials);
}
