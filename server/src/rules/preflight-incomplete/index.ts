import type { Endpoint } from '../../cors/endpoint';
import { linesOf } from '../../cors/headerList';
import { ALLOW_ORIGIN } from '../../cors/names';
import type { Place } from '../../cors/place';
import { callersOf, neededBy, refusedPreflights } from '../../cors/preflightFault';
import type { Repair } from '../../cors/repair';
import type { Step } from '../../cors/verdict';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Needs {
  readonly methods: readonly string[];
  readonly headers: readonly string[];
}

interface Data {
  readonly endpoint: Endpoint;
  readonly missing: string;
  readonly method: string;
  readonly needs: Needs;
  /** Where the preflight's answer gets its other CORS headers. */
  readonly near: Place | undefined;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'preflight-incomplete',
    title: 'A preflight answered without a header that it needs',
    severity: 'error',
    category: 'broken',
    tags: ['preflight'],
    reference: 'https://fetch.spec.whatwg.org/#cors-preflight-fetch-0',
  },
  check({ endpoint, browser }, report) {
    for (const refused of refusedPreflights(browser)) {
      const { fault, exchange, leg, announced } = refused;
      const missing = MISSING.get(leg.verdict.step);
      if (fault !== 'incomplete' || missing === undefined) continue;
      const needs = neededBy(browser, refused);
      const { when, call } = exchange;
      const { answeredBy } = leg.response.source;
      const near = linesOf(leg.response, ALLOW_ORIGIN)[0]?.header.place;
      report({
        // Where nobody wrote the answer, the headers that it does have are what falls short.
        place: answeredBy.kind === 'preflight' ? answeredBy.place : (near ?? endpoint.place),
        data: { endpoint, missing, method: call.method, needs, near, when },
        severity: announced || when.length > 0 ? 'warning' : 'error',
        exchange,
        related: callersOf(refused),
      });
      return;
    }
  },
  message: ({ endpoint, missing, method, when }) =>
    `The preflight for ${method} ${endpoint.path} is answered without ${missing}${whenWords(when)}: browsers never send the request itself. Add the header to this answer.`,
  fixes: ({ endpoint, missing, needs, near }) => {
    const names = VALUES.get(missing)?.(needs) ?? [];
    const repair: Repair =
      names.length === 0
        ? { kind: 'answer-preflight', endpoint, ...needs }
        : { kind: 'set-header', endpoint, name: missing, value: names.join(', '), ...(near ? { near } : {}) };
    return [{ title: `Send ${missing}`, preferred: true, repair }];
  },
});

const MISSING: ReadonlyMap<Step, string> = new Map([
  ['cors-check/no-allow-origin', 'Access-Control-Allow-Origin'],
  ['cors-check/credentials-not-allowed', 'Access-Control-Allow-Credentials'],
  ['preflight/method', 'Access-Control-Allow-Methods'],
  ['preflight/header', 'Access-Control-Allow-Headers'],
  ['preflight/authorization', 'Access-Control-Allow-Headers'],
]);

/** What stands in a missing header. */
const VALUES = new Map<string, (needs: Needs) => readonly string[]>([
  ['Access-Control-Allow-Methods', ({ methods }) => methods],
  ['Access-Control-Allow-Headers', ({ headers }) => headers],
  ['Access-Control-Allow-Credentials', () => ['true']],
]);
