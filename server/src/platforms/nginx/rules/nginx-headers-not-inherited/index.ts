import type { Exchange } from '../../../../cors/browser';
import { frontEndOf } from '../../../../cors/frontEnd';
import { get } from '../../../../cors/headerList';
import { ALLOW_ORIGIN } from '../../../../cors/names';
import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject } from '../../../../lint/types';
import type { NginxAnalysis } from '../../analysis';
import { describeLevel, homeOf, type Level } from '../../config/level';
import { placeOf } from '../../config/node';
import type { NginxEndpoint } from '../../endpoints/endpoints';
import { effectiveHeaders, type HeaderLine, knowsHeaderInherit, ownHeaders } from '../../evaluate/header-lines';
import { hasAllowOrigin, levelOfLine, listNames, lostLines, withParents } from '../../inspect/cors-lines';
import { ifsOf } from '../../repair/headers';
import { insertBefore } from '../../repair/lines';
import { rawLines } from '../../repair/raw';
import { openWorkshop, type Workshop } from '../../repair/workshop';

interface Data {
  readonly subject: PlatformSubject<NginxAnalysis>;
  readonly level: Level;
  readonly first: HeaderLine;
  readonly lost: readonly HeaderLine[];
  /** An upstream answers, and may send headers of its own. */
  readonly open: boolean;
}

/** https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header: "inherited … if and only if". */
export const rule = platformRule<NginxAnalysis, Data>({
  meta: {
    id: 'nginx-headers-not-inherited',
    title: "An `add_header` that drops its parents' CORS headers",
    severity: 'warning',
    category: 'broken',
    tags: ['nginx', 'add_header', 'origin'],
    reference: 'https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header',
    replaces: ['missing-origin'],
  },

  check(subject, report) {
    const seen = new Set<Level>();
    for (const endpoint of subject.analysis.endpoints) {
      if (endpoint.partial !== undefined) continue;
      for (const { level, exchange } of levelsThatLose(subject, endpoint)) {
        const first = ownHeaders(level).find(({ node }) => node.file === level.node?.file) ?? ownHeaders(level)[0];
        if (seen.has(level) || first === undefined || level.parent === undefined) continue;
        seen.add(level);
        const parents = effectiveHeaders(level.parent, optionsOf(subject.analysis));
        const lost = lostLines(parents, ownHeaders(level));
        report({
          place: placeOf(first.node),
          data: { subject, level, first, lost, open: exchange.actual.response.open !== undefined },
          exchange,
          related: lost.map((line) => ({
            place: placeOf(line.node),
            message: `does not reach ${describeLevel(level)}`,
          })),
        });
      }
    }
  },

  message: ({ level, first, lost, open }) =>
    `\`add_header ${first.name.value}\` in ${describeLevel(level)} keeps out every add_header of the levels above: ${listNames(lost)} ${lost.length === 1 ? 'is' : 'are'} not sent here${open ? ', unless the upstream sends its own,' : ''} and browsers refuse the response. Repeat the CORS headers at this level.`,

  fixes: ({ subject, first, lost }) => {
    const workshop = openWorkshop(subject.analysis, subject.host);
    const copies = copy(workshop, first, lost);
    const merge = knowsHeaderInherit(optionsOf(subject.analysis)) ? merged(workshop, first) : undefined;
    return [
      ...(copies === undefined ? [] : [{ title: 'Repeat the CORS headers here', preferred: true, edits: copies }]),
      ...(merge === undefined ? [] : [{ title: 'Merge with the headers above', preferred: false, edits: merge }]),
    ];
  },
});

function optionsOf({ nginxVersion }: NginxAnalysis) {
  return nginxVersion === undefined ? {} : { nginxVersion };
}

interface Losing {
  readonly level: Level;
  readonly exchange: Exchange;
}

/** The levels whose own headers went out, without the Access-Control-Allow-Origin that stands further out. */
function* levelsThatLose(
  { analysis, browserFor }: PlatformSubject<NginxAnalysis>,
  endpoint: NginxEndpoint,
): Generator<Losing> {
  const browser = browserFor(endpoint);
  const { origin, plain } = frontEndOf(browser);
  const home = homeOf(endpoint.level);
  const levels = [...ifsOf(home), ...withParents(home)];
  for (const call of [plain(origin), { ...plain(origin), method: 'POST' }]) {
    for (const exchange of browser.fetch(call)) {
      const { response } = exchange.actual;
      const { status } = response;
      if (status === undefined || status >= 300 || get(response, ALLOW_ORIGIN).kind === 'value') continue;
      for (const header of response.source.headers) {
        const level = levelOfLine(header.place, levels);
        if (level?.parent === undefined || hasAllowOrigin(ownHeaders(level))) continue;
        if (hasAllowOrigin(effectiveHeaders(level.parent, optionsOf(analysis)))) yield { level, exchange };
      }
    }
  }
}

function copy(workshop: Workshop, first: HeaderLine, lost: readonly HeaderLine[]): Edit[] | undefined {
  const source = workshop.source(first.node);
  const texts = rawLines(workshop, lost);
  return source && texts && [insertBefore(source, first.node.directive, texts)];
}

function merged(workshop: Workshop, first: HeaderLine): Edit[] | undefined {
  const source = workshop.source(first.node);
  return source && [insertBefore(source, first.node.directive, ['add_header_inherit merge;'])];
}
