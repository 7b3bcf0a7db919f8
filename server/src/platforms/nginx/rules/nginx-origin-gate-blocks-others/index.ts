import { actualRequest } from '../../../../cors/call';
import { frontEndOf } from '../../../../cors/frontEnd';
import { type Place, samePlace } from '../../../../cors/place';
import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject, Proposal } from '../../../../lint/types';
import type { NginxAnalysis } from '../../analysis';
import { variableName } from '../../config/configuration';
import { homeOf, inherited, type Level } from '../../config/level';
import { headPlace, type Node, placeOf } from '../../config/node';
import type { NginxEndpoint } from '../../endpoints/endpoints';
import { readTest } from '../../evaluate/condition';
import { ifsOf } from '../../repair/headers';
import { insertBefore } from '../../repair/lines';
import { replacePattern } from '../../repair/values';
import { writePattern } from '../../repair/words';
import { openWorkshop } from '../../repair/workshop';

interface Data {
  readonly subject: PlatformSubject<NginxAnalysis>;
  readonly gate: Node;
  readonly status: number;
}

/** Browsers send no Origin with a GET of the site's own pages. https://fetch.spec.whatwg.org/#append-a-request-origin-header */
export const rule = platformRule<NginxAnalysis, Data>({
  meta: {
    id: 'nginx-origin-gate-blocks-others',
    title: 'A gate on the origin that refuses requests without one',
    severity: 'info',
    category: 'fragile',
    tags: ['nginx', 'if', 'origin'],
    reference: 'https://fetch.spec.whatwg.org/#origin-header',
  },

  check(subject, report) {
    for (const endpoint of subject.analysis.endpoints) {
      const found = gateOf(subject, endpoint);
      if (found === undefined) continue;
      report({ place: headPlace(found.gate), data: { subject, ...found } });
    }
  },

  message: ({ status }) =>
    `This answers ${status} to requests without an Origin as well: a GET from the site's own pages, curl, health checks and search engines send none. Let the empty origin through.`,

  fixes: ({ subject, gate }): Proposal[] => {
    const edits = letEmptyThrough(subject, gate);
    return edits === undefined ? [] : [{ title: 'Let the empty origin through', preferred: true, edits }];
  },
});

/** The `if` that answers a GET without an origin with an error, and lets the front end's through. */
function gateOf(
  { browserFor }: PlatformSubject<NginxAnalysis>,
  endpoint: NginxEndpoint,
): { gate: Node; status: number } | undefined {
  const levels = [...ifsOf(homeOf(endpoint.level)), ...ifsOf(endpoint.server)];
  if (levels.length === 0 || takesWebSockets(homeOf(endpoint.level))) return undefined;
  const browser = browserFor(endpoint);
  const { origin, plain } = frontEndOf(browser);
  const call = plain(origin);
  const [bare, ...others] = browser.send({ ...actualRequest(call), origin: undefined });
  const status = bare?.status;
  if (bare === undefined || others.length > 0 || status === undefined || status < 400) return undefined;
  const { place } = bare.source.answeredBy;
  const gate = levels.find((level) => returnsAt(level, place))?.node;
  const letsIn = browser.fetch(call).every(({ actual }) => !samePlace(actual.response.source.answeredBy.place, place));
  return gate !== undefined && letsIn ? { gate, status } : undefined;
}

function returnsAt({ program }: Level, place: Place): boolean {
  return program.some(({ kind, node }) => kind === 'return' && samePlace(placeOf(node), place));
}

/** A browser always sends an Origin with a WebSocket's handshake, and nothing else guards it. */
function takesWebSockets(level: Level): boolean {
  return inherited(level, 'proxy_set_header').some(({ args }) => args[0]?.value.toLowerCase() === 'upgrade');
}

function letEmptyThrough({ analysis, host }: PlatformSubject<NginxAnalysis>, gate: Node): Edit[] | undefined {
  const workshop = openWorkshop(analysis, host);
  const source = workshop.source(gate);
  const test = readTest(gate);
  if (source === undefined || test.kind === 'file' || test.kind === 'invalid') return undefined;
  if (test.subject.value !== '$http_origin') return inMap(workshop, analysis, test.subject.value);
  if (test.kind === 'match' && test.negated) {
    const place: Place = { file: gate.file, ...test.operand.range };
    return replacePattern(workshop, place, `^$|${test.operand.value}`, test.ignoreCase ? 'i' : '');
  }
  const [, operator] = gate.directive.args;
  const last = gate.directive.args.at(-1);
  if (test.kind !== 'equals' || !test.negated || test.operand.value.includes('$') || !operator || !last)
    return undefined;
  const pattern = `^(?:|${test.operand.value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')})$`;
  const text = `!~ ${writePattern(pattern, test.operand.quote === 'single' ? 'single' : 'double')})`;
  return [{ file: gate.file, start: operator.range.start, end: last.range.end, text }];
}

/** An entry for the empty origin, with the value that the origins have which are let in. */
function inMap(workshop: ReturnType<typeof openWorkshop>, analysis: NginxAnalysis, variable: string) {
  const map = analysis.configuration.maps.get(variableName(variable) ?? '');
  const source = map && workshop.source(map.node);
  const entries = map?.nodes.filter(({ name, args }) => args.length === 1 && name !== 'default') ?? [];
  const [first] = entries;
  const value = first?.args[0]?.value;
  const alike = entries.every(({ args, file }) => args[0]?.value === value && file === source?.file);
  if (map?.node.args[0]?.value !== '$http_origin' || !source || !first || value === undefined || !alike)
    return undefined;
  const written = first.args[0];
  if (written === undefined || value.includes('$') || value === '') return undefined;
  const text = source.text.slice(written.range.start, written.range.end);
  return [insertBefore(source, first.directive, [`"" ${text};`])];
}
