import { type Exchange, openBrowser } from '../../../../cors/browser';
import { type Caller, callBy } from '../../../../cors/caller';
import type { Endpoint } from '../../../../cors/endpoint';
import { frontEndOf, meansCors } from '../../../../cors/frontEnd';
import { linesOf } from '../../../../cors/headerList';
import { ALLOW_ORIGIN } from '../../../../cors/names';
import { pagesOf, refusedPreflights } from '../../../../cors/preflightFault';
import { refusedCredentials } from '../../../../cors/refusedCredentials';
import type { Step } from '../../../../cors/verdict';
import { whenWords } from '../../../../cors/words';
import { platformRule } from '../../../../lint/defineRule';
import type { Related, Severity } from '../../../../lint/types';
import type { FrontEndAnalysis } from '../../analysis';
import { isSafelisted } from '../../play';

interface Data {
  readonly exchange: Exchange;
  readonly file: string;
  readonly label: string;
  readonly when: readonly string[];
}

/** What is wrong between the two. A wrong origin is the server's fault alone, and told there. */
const BETWEEN: ReadonlySet<Step> = new Set<Step>([
  'preflight/status',
  'preflight/method',
  'preflight/header',
  'preflight/authorization',
  'cors-check/no-allow-origin',
  'cors-check/wildcard-with-credentials',
  'cors-check/credentials-not-allowed',
]);

export const rule = platformRule<FrontEndAnalysis, Data>({
  meta: {
    id: 'frontend-call-refused',
    title: 'A call that the server behind it does not allow',
    severity: 'error',
    category: 'broken',
    tags: ['fetch', 'axios', 'preflight', 'credentials', 'headers', 'methods'],
    reference: 'https://fetch.spec.whatwg.org/#concept-cors-check',
  },

  check({ analysis, browserFor }, report) {
    const told = new Set<string>();
    for (const { call, caller, reached } of analysis.calls) {
      // With further headers it is refused all the more.
      const at = `${call.place.file}:${call.place.start}`;
      if (reached === undefined || call.noCors !== undefined || told.has(at)) continue;
      const { endpoint, file, servesPages } = reached;
      const browser = browserFor(endpoint);
      // A page that the server itself hands out needs no CORS.
      if (servesPages && !meansCors(browser)) continue;
      const exchanges = browser.fetch(callBy(caller, frontEndOf(browser).origin));
      const [exchange] = exchanges;
      const isRefused = exchanges.every(({ verdict: { result, step } }) => result === 'blocked' && BETWEEN.has(step));
      if (exchange === undefined || !isRefused) continue;
      told.add(at);
      const when = [...new Set([...reached.when, ...(exchanges.length > 1 ? [] : exchange.when)])];
      report({
        place: call.place,
        data: { exchange, file, label: endpoint.label, when },
        severity: severityOf(endpoint, caller, when),
        exchange,
        related: relatedTo(exchange, endpoint.place),
      });
    }
  },

  message: ({ exchange: { verdict, call, preflight }, file, label, when }) => {
    const asked = preflight === undefined ? '' : ` after the preflight for ${callWords(call)}`;
    return `Browsers refuse this call${asked}${whenWords(when)}: ${verdict.reason}. ${label} in ${file} answers it: ${remedy(verdict.step)}.`;
  },
});

/** What the server's own lines are blamed for is told there; here it is only shown where it comes from. */
function severityOf(endpoint: Endpoint, caller: Caller, when: readonly string[]): Severity {
  const browser = openBrowser(endpoint, [caller]);
  const isToldThere = refusedPreflights(browser).some((refused) => pagesOf(refused).includes(caller));
  if (isToldThere || refusedCredentials(browser).length > 0) return 'info';
  return when.length > 0 || !meansCors(browser) ? 'warning' : 'error';
}

function callWords({ method, headers }: Exchange['call']): string {
  const names = headers.filter((header) => !isSafelisted(header)).map(([name]) => name);
  return names.length === 0 ? method : `${method} with ${names.join(', ')}`;
}

function remedy(step: Step): string {
  switch (step) {
    case 'preflight/method':
      return 'list the method in its Access-Control-Allow-Methods';
    case 'preflight/header':
    case 'preflight/authorization':
      return 'list the header in its Access-Control-Allow-Headers, or do not send it';
    case 'preflight/status':
      return 'answer OPTIONS there';
    case 'cors-check/wildcard-with-credentials':
      return 'name the origin there, or call without credentials';
    case 'cors-check/credentials-not-allowed':
      return 'allow credentials there, or call without them';
    default:
      return "allow the page's origin there";
  }
}

function relatedTo({ verdict, preflight, actual }: Exchange, route: Related['place']): Related[] {
  const leg = preflight?.verdict.result === 'blocked' ? preflight : actual;
  const line = verdict.header ?? linesOf(leg.response, ALLOW_ORIGIN)[0];
  const decided =
    line === undefined ? [] : [{ place: line.header.place, message: `sent here, by ${line.header.layer}` }];
  return [{ place: route, message: 'answers the call' }, ...decided];
}
