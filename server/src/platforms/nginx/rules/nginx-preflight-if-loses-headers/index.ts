import type { Exchange } from '../../../../cors/browser';
import { frontEndOf, withCredentials } from '../../../../cors/frontEnd';
import { knownExchange } from '../../../../cors/known';
import type { Edit } from '../../../../cors/repair';
import { whenWords } from '../../../../cors/words';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject, Proposal } from '../../../../lint/types';
import type { NginxAnalysis } from '../../analysis';
import { describeLevel, homeOf, type Level } from '../../config/level';
import { headPlace, placeOf } from '../../config/node';
import type { NginxEndpoint } from '../../endpoints/endpoints';
import { effectiveHeaders, type HeaderLine, ownHeaders } from '../../evaluate/header-lines';
import { has, isCors, listNames, lostLines } from '../../inspect/cors-lines';
import { hoistHeaders } from '../../repair/hoist';
import { insertBefore } from '../../repair/lines';
import { rawLines } from '../../repair/raw';
import { openWorkshop, type Workshop } from '../../repair/workshop';

interface Data {
  readonly subject: PlatformSubject<NginxAnalysis>;
  readonly level: Level;
  readonly home: Level;
  readonly lost: readonly HeaderLine[];
  readonly exchange: Exchange;
}

/** An `if` with an `add_header` of its own has none of its location's. */
export const rule = platformRule<NginxAnalysis, Data>({
  meta: {
    id: 'nginx-preflight-if-loses-headers',
    title: "An `if` for OPTIONS whose `add_header` drops the location's CORS headers",
    severity: 'error',
    category: 'broken',
    tags: ['nginx', 'add_header', 'if', 'preflight'],
    reference: 'https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header',
    replaces: ['preflight-incomplete'],
  },

  check(subject, report) {
    const seen = new Set<Level>();
    for (const endpoint of subject.analysis.endpoints) {
      for (const { level, lost, exchange } of losingIfs(subject, endpoint)) {
        if (seen.has(level) || level.node === undefined) continue;
        seen.add(level);
        const home = homeOf(level);
        report({
          place: headPlace(level.node),
          data: { subject, level, home, lost, exchange },
          severity: exchange.when.length > 0 ? 'warning' : 'error',
          exchange,
          related: lost.map((line) => ({ place: placeOf(line.node), message: 'is not sent with the preflight' })),
        });
      }
    }
  },

  message: ({ home, lost, exchange }) =>
    `This \`if\` has an add_header of its own and so none of those of ${describeLevel(home)}: the preflight goes out without ${listNames(lost)}${whenWords(exchange.when)} and browsers refuse it. Set all headers in the location and leave only the return here.`,

  fixes: ({ subject, level, home, lost }): Proposal[] => {
    const workshop = openWorkshop(subject.analysis, subject.host);
    const hoisted = hoistHeaders(workshop, level, home);
    const copied = copy(workshop, level, lost);
    return [
      ...(hoisted === undefined
        ? []
        : [{ title: 'Move the headers to the location', preferred: true, edits: hoisted }]),
      ...(copied === undefined
        ? []
        : [{ title: "Repeat the location's headers here", preferred: hoisted === undefined, edits: copied }]),
    ];
  },
});

interface Losing {
  readonly level: Level;
  readonly lost: readonly HeaderLine[];
  readonly exchange: Exchange;
}

function* losingIfs({ browserFor }: PlatformSubject<NginxAnalysis>, endpoint: NginxEndpoint): Generator<Losing> {
  const home = homeOf(endpoint.level);
  const candidates = home.program.flatMap((step) => (step.kind === 'if' ? [step.level] : []));
  if (!candidates.some((level) => ownHeaders(level).length > 0)) return;
  const browser = browserFor(endpoint);
  const { origin, plain } = frontEndOf(browser);
  const simple = plain(origin);
  const calls = [
    { ...simple, method: 'PUT' },
    { ...simple, headers: [['X-Requested-With', '1']] as const },
  ];
  for (const call of [...calls, ...calls.map(withCredentials)]) {
    const exchange = knownExchange(browser.fetch(call), ({ preflight }) => preflight?.verdict.result === 'blocked');
    const level = exchange?.preflight && candidates.find((each) => answers(each, exchange));
    if (!exchange || !level || ownHeaders(level).length === 0) continue;
    const lost = lostLines(effectiveHeaders(home, {}), ownHeaders(level));
    if (matters(lost, exchange)) yield { level, lost, exchange };
  }
}

/** Whether the preflight was answered by a `return` in this `if`, with success. */
function answers({ program }: Level, { preflight }: Exchange): boolean {
  const response = preflight?.response;
  const status = response?.status ?? 0;
  const place = response?.source.answeredBy.place;
  const returned = program.find(({ kind, node }) => kind === 'return' && placeOf(node).start === place?.start);
  return status >= 200 && status <= 299 && returned !== undefined && returned.node.file === place?.file;
}

/** Whether what was lost is why the browser refuses. */
function matters(lost: readonly HeaderLine[], { preflight }: Exchange): boolean {
  switch (preflight?.verdict.step) {
    case 'cors-check/no-allow-origin':
      return has(lost, 'access-control-allow-origin');
    case 'cors-check/credentials-not-allowed':
      return has(lost, 'access-control-allow-credentials');
    case 'preflight/method':
      return has(lost, 'access-control-allow-methods');
    case 'preflight/header':
    case 'preflight/authorization':
      return has(lost, 'access-control-allow-headers');
    default:
      return false;
  }
}

function copy(workshop: Workshop, level: Level, lost: readonly HeaderLine[]): Edit[] | undefined {
  const first = ownHeaders(level).find(isCors) ?? ownHeaders(level)[0];
  const source = first && workshop.source(first.node);
  const texts = rawLines(workshop, lost);
  return source && texts && [insertBefore(source, first.node.directive, texts)];
}
