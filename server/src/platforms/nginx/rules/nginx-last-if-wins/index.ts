import type { Exchange } from '../../../../cors/browser';
import { frontEndOf, withCredentials } from '../../../../cors/frontEnd';
import type { Request } from '../../../../cors/http';
import { knownExchange } from '../../../../cors/known';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject, Proposal } from '../../../../lint/types';
import type { NginxAnalysis } from '../../analysis';
import { homeOf, type Level } from '../../config/level';
import { headPlace, placeOf } from '../../config/node';
import type { NginxEndpoint } from '../../endpoints/endpoints';
import { effectiveHeaders, type HeaderLine, ownHeaders } from '../../evaluate/header-lines';
import { hasAllowOrigin, listNames, lostLines } from '../../inspect/cors-lines';
import { dissolveIfs } from '../../repair/dissolve-ifs';
import { openWorkshop } from '../../repair/workshop';

interface Data {
  readonly subject: PlatformSubject<NginxAnalysis>;
  readonly endpoint: NginxEndpoint;
  /** The `if` that takes over. */
  readonly last: Level;
  readonly lost: readonly HeaderLine[];
  readonly method: string;
}

/** An `if` that matches makes its own configuration count, which inherits its location's and no other `if`'s. */
export const rule = platformRule<NginxAnalysis, Data>({
  meta: {
    id: 'nginx-last-if-wins',
    title: 'An `if` whose headers a later `if` drops',
    severity: 'warning',
    category: 'broken',
    tags: ['nginx', 'add_header', 'if', 'preflight'],
    reference: 'https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#if',
    replaces: ['preflight-incomplete', 'missing-origin'],
  },

  check(subject, report) {
    const seen = new Set<Level>();
    for (const endpoint of subject.analysis.endpoints) {
      for (const { earlier, last, lost, method, exchange } of overtaken(subject, endpoint)) {
        const [first] = lost;
        if (seen.has(earlier) || first === undefined || last.node === undefined) continue;
        seen.add(earlier);
        report({
          place: placeOf(first.node),
          data: { subject, endpoint, last, lost, method },
          exchange,
          related: [{ place: headPlace(last.node), message: 'matches too, and only its own headers are sent' }],
        });
      }
    }
  },

  message: ({ last, lost, method }) =>
    `When \`${conditionOf(last)}\` holds as well, as for ${method}, only the headers of that last \`if\` are sent: ${listNames(lost)} ${lost.length === 1 ? 'is' : 'are'} lost and browsers refuse the response. Set the headers in the location, with a map for what depends on the origin.`,

  fixes: ({ subject, endpoint }): Proposal[] => {
    const edits = dissolveIfs(openWorkshop(subject.analysis, subject.host), endpoint);
    return edits === undefined
      ? []
      : [{ title: 'Set the headers in the location, with a map', preferred: true, edits }];
  },
});

function conditionOf({ node }: Level): string {
  const words = (node?.args ?? []).map(({ quote, raw }) => {
    const mark = quote === 'none' ? '' : quote === 'single' ? "'" : '"';
    return mark + raw + mark;
  });
  return `if ${words.join(' ').replace(/ \)$/, ')')}`;
}

interface Overtaken {
  readonly earlier: Level;
  readonly last: Level;
  readonly lost: readonly HeaderLine[];
  readonly method: string;
  readonly exchange: Exchange;
}

function* overtaken({ browserFor }: PlatformSubject<NginxAnalysis>, endpoint: NginxEndpoint): Generator<Overtaken> {
  const ifs = homeOf(endpoint.level).program.filter(({ kind }) => kind === 'if');
  if (ifs.length < 2) return;
  const browser = browserFor(endpoint);
  const { origin, plain } = frontEndOf(browser);
  const simple = plain(origin);
  const calls = [simple, { ...simple, method: 'POST' }, { ...simple, method: 'PUT' }];
  for (const call of [...calls, ...calls.map(withCredentials)]) {
    const exchange = knownExchange(browser.fetch(call), ({ verdict }) => verdict.result === 'blocked');
    if (!exchange) continue;
    const leg = exchange.preflight?.verdict.result === 'blocked' ? exchange.preflight : exchange.actual;
    const pair = pairFor(endpoint, leg.request);
    if (pair) yield { ...pair, method: leg.request.method, exchange };
  }
}

/** The last `if` that matched, and an earlier one whose Access-Control-Allow-Origin it dropped. */
function pairFor(endpoint: NginxEndpoint, request: Request): Omit<Overtaken, 'method' | 'exchange'> | undefined {
  for (const { run } of endpoint.trace(request)) {
    const last = run.taken.at(-1);
    if (last === undefined || run.level !== last) continue;
    const sent = effectiveHeaders(last, {});
    for (const earlier of run.taken.slice(0, -1)) {
      const lost = lostLines(ownHeaders(earlier), sent);
      if (hasAllowOrigin(lost)) return { earlier, last, lost };
    }
  }
  return undefined;
}
