import type { Exchange } from '../../../../cors/browser';
import { frontEndOf } from '../../../../cors/frontEnd';
import { knownExchange } from '../../../../cors/known';
import { samePlace } from '../../../../cors/place';
import type { Edit } from '../../../../cors/repair';
import { whenWords } from '../../../../cors/words';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject, Proposal } from '../../../../lint/types';
import type { NginxAnalysis } from '../../analysis';
import { describeLevel, type Level } from '../../config/level';
import { headPlace, placeOf } from '../../config/node';
import type { NginxEndpoint } from '../../endpoints/endpoints';
import { effectiveHeaders, ownHeaders } from '../../evaluate/header-lines';
import { hasAllowOrigin } from '../../inspect/cors-lines';
import { insertAfter, removeDirective } from '../../repair/lines';
import { answersOptions } from '../../repair/preflight';
import { rawBlock } from '../../repair/raw';
import { openWorkshop } from '../../repair/workshop';

interface Data {
  readonly subject: PlatformSubject<NginxAnalysis>;
  readonly server: Level;
  readonly taken: Level;
  readonly location: Level;
  readonly exchange: Exchange;
}

/** The server's rewrite directives run before a location is chosen, and have the server's headers only. */
export const rule = platformRule<NginxAnalysis, Data>({
  meta: {
    id: 'nginx-server-if-returns',
    title: 'A preflight answered by the server, with the CORS headers in its locations',
    severity: 'error',
    category: 'broken',
    tags: ['nginx', 'if', 'preflight'],
    reference: 'https://nginx.org/en/docs/http/ngx_http_rewrite_module.html',
    replaces: ['preflight-incomplete', 'preflight-not-answered'],
  },

  check(subject, report) {
    const seen = new Set<Level>();
    for (const endpoint of subject.analysis.endpoints) {
      const found = endpoint.partial === undefined ? answeredByServer(subject, endpoint) : undefined;
      if (found === undefined || seen.has(found.taken) || found.taken.node === undefined) continue;
      seen.add(found.taken);
      const header = ownHeaders(endpoint.level)[0];
      report({
        place: headPlace(found.taken.node),
        data: { subject, server: endpoint.server, location: endpoint.level, ...found },
        severity: found.exchange.when.length > 0 ? 'warning' : 'error',
        exchange: found.exchange,
        related:
          header === undefined ? [] : [{ place: placeOf(header.node), message: 'is not sent with the preflight' }],
      });
    }
  },

  message: ({ location, exchange }) =>
    `This answers OPTIONS before a location is chosen, with the headers of the server only: the preflight for ${describeLevel(location)} goes out without the Access-Control-Allow-Origin that is set there${whenWords(exchange.when)}, and browsers refuse it. Answer OPTIONS in the location.`,

  fixes: ({ subject, server, taken }): Proposal[] => {
    const edits = moveToLocations(subject, server, taken);
    return edits === undefined ? [] : [{ title: 'Answer OPTIONS in the locations', preferred: true, edits }];
  },
});

function answeredByServer(
  { browserFor }: PlatformSubject<NginxAnalysis>,
  endpoint: NginxEndpoint,
): { taken: Level; exchange: Exchange } | undefined {
  const ifs = endpoint.server.program.flatMap((step) => (step.kind === 'if' ? [step.level] : []));
  const own = ownHeaders(endpoint.level);
  if (endpoint.level === endpoint.server || ifs.length === 0 || !hasAllowOrigin(own)) return undefined;
  if (hasAllowOrigin(effectiveHeaders(endpoint.server, {}))) return undefined;
  const browser = browserFor(endpoint);
  const { origin, plain } = frontEndOf(browser);
  const call = { ...plain(origin), method: 'PUT' };
  const exchange = knownExchange(
    browser.fetch(call),
    ({ preflight }) => preflight?.verdict.step === 'cors-check/no-allow-origin',
  );
  const place = exchange?.preflight?.response.source.answeredBy.place;
  const actual = exchange?.actual.response.source.answeredBy.place;
  // A gate that turns every method away, for its user agent say, is no answer to the preflight.
  if (place === undefined || (actual !== undefined && samePlace(place, actual))) return undefined;
  const taken = ifs.find(({ program }) =>
    program.some(
      ({ kind, node }) => kind === 'return' && node.file === place.file && placeOf(node).start === place.start,
    ),
  );
  // With directives of its own it would not load, which another rule says.
  return exchange && taken?.own.size === 0 ? { taken, exchange } : undefined;
}

/** Declines unless the `if` holds nothing but the return, and every location's headers stand in one file. */
function moveToLocations(
  { analysis, host }: PlatformSubject<NginxAnalysis>,
  server: Level,
  { node, program }: Level,
): Edit[] | undefined {
  const source = node && openWorkshop(analysis, host).source(node);
  if (source === undefined || node === undefined || program.length !== 1) return undefined;
  const lines = rawBlock(source, node.directive);
  const targets = locationsOf(server).filter((level) => hasAllowOrigin(ownHeaders(level)) && !answersOptions(level));
  const edits: Edit[] = [removeDirective(source, node.directive)];
  for (const target of targets) {
    const last = ownHeaders(target).at(-1);
    const late = target.program.some(
      (step) => last !== undefined && step.node.directive.range.start < last.node.directive.range.start,
    );
    if (last === undefined || last.node.file !== source.file || late) return undefined;
    edits.push(insertAfter(source, last.node.directive, lines));
  }
  return edits;
}

function locationsOf(level: Level): Level[] {
  return level.locations.flatMap((location) => [location, ...locationsOf(location)]);
}
