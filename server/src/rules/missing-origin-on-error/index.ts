import type { Browser, Exchange } from '../../cors/browser';
import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf } from '../../cors/frontEnd';
import { get, linesOf } from '../../cors/headerList';
import type { AnswererKind, Header } from '../../cors/http';
import { knownExchange } from '../../cors/known';
import { ALLOW_ORIGIN, RESPONSE_HEADERS, VARY } from '../../cors/names';
import { samePlace } from '../../cors/place';
import type { ResolvedResponse } from '../../cors/resolve';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  /** The line itself reaches errors: what answers this one is to blame. */
  readonly elsewhere: boolean;
  readonly endpoint: Endpoint;
  readonly status: number;
  readonly missing: readonly Header[];
  readonly when: readonly string[];
}

/** Endings that a front end meets, the commonest first. */
const ENDINGS = [404, 500, 502, 400, 401];
/** A file is there or is not. */
const ENDINGS_OF_FILES = [404];

/** Answers that somebody wrote; the others are the server's own, and the header line is to blame. */
const WRITTEN: readonly AnswererKind[] = ['handler', 'error', 'gateway'];

export const rule = endpointRule<Data>({
  meta: {
    id: 'missing-origin-on-error',
    title: 'Errors without Access-Control-Allow-Origin',
    severity: 'warning',
    category: 'broken',
    tags: ['origin', 'errors'],
    reference: 'https://fetch.spec.whatwg.org/#concept-cors-check',
  },
  check({ endpoint, browser }, report) {
    if (endpoint.partial !== undefined) return;
    const success = successOf(browser);
    const header = success && linesOf(success, ALLOW_ORIGIN)[0]?.header;
    if (!success || !header) return;
    const endings = success.source.answeredBy.kind === 'file' ? ENDINGS_OF_FILES : ENDINGS;
    const exchange = bareError(browser, endings, success.when);
    const status = exchange?.actual.response.status;
    if (!exchange || status === undefined) return;
    const { answeredBy } = exchange.actual.response.source;
    const isBranch = WRITTEN.includes(answeredBy.kind) && !samePlace(answeredBy.place, endpoint.place);
    const elsewhere = isBranch || goesWithErrors(browser, endings, header);
    report({
      place: elsewhere ? answeredBy.place : header.place,
      data: {
        elsewhere,
        endpoint,
        status,
        missing: missingHeaders(success, exchange.actual.response),
        when: exchange.when,
      },
      exchange,
      related: elsewhere ? [{ place: header.place, message: 'successful responses get it here' }] : [],
    });
  },
  message: ({ elsewhere, status, when }) =>
    `A ${status} goes out without Access-Control-Allow-Origin${whenWords(when)}: the page sees a network error and cannot read the status. Send the header ${elsewhere ? 'here' : 'with errors'} too.`,
  fixes: ({ endpoint, missing }) => [
    {
      title: 'Send the CORS headers with errors too',
      preferred: true,
      repair: { kind: 'apply-to-errors', endpoint, headers: missing },
    },
  ],
});

/** The response to a call that succeeds and may be read: the endpoint is meant for other origins. */
function successOf(browser: Browser): ResolvedResponse | undefined {
  const front = frontEndOf(browser);
  const exchanges = browser.fetch(front.plain(front.origin));
  return knownExchange(exchanges, ({ actual }) => isSuccess(actual.response) && actual.verdict.result === 'allowed')
    ?.actual.response;
}

function isSuccess({ status }: ResolvedResponse): boolean {
  return status !== undefined && status < 400;
}

/** An exchange, in circumstances in which success can be read, that ends in an error which cannot. */
function bareError(
  browser: Browser,
  endings: readonly number[],
  circumstances: readonly string[],
): Exchange | undefined {
  const front = frontEndOf(browser);
  for (const ending of endings) {
    const exchange = knownExchange(
      browser.fetch({ ...front.plain(front.origin), ending }),
      ({ actual, preflight, when }) => {
        if (!circumstances.every((words) => when.includes(words))) return false;
        const { status } = actual.response;
        const passed = preflight === undefined || preflight.verdict.result === 'allowed';
        return passed && status !== undefined && status >= 400 && actual.verdict.step === 'cors-check/no-allow-origin';
      },
    );
    if (exchange) return exchange;
  }
  return undefined;
}

/** Whether some error carries the header line: then it is not the line that keeps it from another one. */
function goesWithErrors(browser: Browser, endings: readonly number[], header: Header): boolean {
  const front = frontEndOf(browser);
  return endings.some((ending) =>
    browser
      .fetch({ ...front.plain(front.origin), ending })
      .some(({ actual: { response } }) =>
        response.status !== undefined && response.status >= 400
          ? linesOf(response, ALLOW_ORIGIN).some((line) => samePlace(line.header.place, header.place))
          : false,
      ),
  );
}

/** The CORS headers of the one that the other lacks. */
function missingHeaders(success: ResolvedResponse, error: ResolvedResponse): Header[] {
  return [...RESPONSE_HEADERS, VARY].flatMap((name) => {
    const lower = name.toLowerCase();
    return get(error, lower).kind === 'absent' ? linesOf(success, lower).map(({ header }) => header) : [];
  });
}
