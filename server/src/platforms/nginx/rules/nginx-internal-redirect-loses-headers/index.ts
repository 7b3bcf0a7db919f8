import type { Exchange } from '../../../../cors/browser';
import { frontEndOf } from '../../../../cors/frontEnd';
import { get } from '../../../../cors/headerList';
import type { Ending } from '../../../../cors/http';
import { knownExchange } from '../../../../cors/known';
import { ALLOW_ORIGIN } from '../../../../cors/names';
import { samePlace } from '../../../../cors/place';
import type { Edit } from '../../../../cors/repair';
import { withoutEnd } from '../../../../cors/trim';
import { whenWords } from '../../../../cors/words';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformOptions, PlatformSubject, Proposal } from '../../../../lint/types';
import type { NginxAnalysis } from '../../analysis';
import { describeLevel, homeOf, inherited, type Level } from '../../config/level';
import { headPlace, type Node, placeOf } from '../../config/node';
import type { NginxEndpoint } from '../../endpoints/endpoints';
import { effectiveHeaders, type HeaderLine, ownHeaders } from '../../evaluate/header-lines';
import { matcherOf } from '../../evaluate/locate';
import { hasAllowOrigin, listNames, lostLines, nameOf } from '../../inspect/cors-lines';
import { insertAfter, insertAtStart } from '../../repair/lines';
import { rawLines } from '../../repair/raw';
import { edit, type Source } from '../../repair/source';
import { openWorkshop, type Workshop } from '../../repair/workshop';

interface Data {
  readonly subject: PlatformSubject<NginxAnalysis>;
  readonly first: Level;
  readonly target: Level;
  readonly lost: readonly HeaderLine[];
  readonly exchange: Exchange;
  readonly way: Way;
  /** The path that answers in the end. */
  readonly path: string | undefined;
}

/** What leads from one location to another. */
interface Way {
  readonly kind: 'error_page' | 'try_files' | 'index' | 'rewrite';
  readonly node: Node | undefined;
}

/** Headers are those of the location that a request ends in. https://nginx.org/en/docs/http/ngx_http_core_module.html#internal */
export const rule = platformRule<NginxAnalysis, Data>({
  meta: {
    id: 'nginx-internal-redirect-loses-headers',
    title: 'An internal redirect to a location without the CORS headers',
    severity: 'warning',
    category: 'broken',
    tags: ['nginx', 'add_header', 'errors', 'error_page', 'try_files'],
    reference: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#error_page',
    replaces: ['missing-origin-on-error', 'missing-origin'],
  },

  check(subject, report) {
    for (const endpoint of subject.analysis.endpoints) {
      if (endpoint.partial !== undefined || endpoint.level.kind !== 'location') continue;
      const headers = effectiveHeaders(endpoint.level, optionsOf(subject.analysis));
      const origin = headers.find((line) => nameOf(line) === ALLOW_ORIGIN);
      const found = origin && lostOnTheWay(subject, endpoint);
      if (origin === undefined || found === undefined) continue;
      const { way, target, exchange } = found;
      const blame = way.node?.file === origin.node.file ? way.node : origin.node;
      report({
        place: placeOf(blame),
        data: { subject, first: endpoint.level, ...found },
        severity: exchange.actual.response.open === undefined ? 'warning' : 'info',
        exchange,
        related: [
          { place: placeOf(origin.node), message: `counts in ${describeLevel(endpoint.level)} only` },
          ...(target.node === undefined ? [] : [{ place: headPlace(target.node), message: 'answers in the end' }]),
        ],
      });
    }
  },

  message: ({ first, target, lost, exchange, way }) => {
    const { status, open } = exchange.actual.response;
    const what = way.kind === 'error_page' ? `a ${status ?? 'n error'} of` : 'requests for';
    return `\`${way.kind}\` hands ${what} ${describeLevel(first)} over to ${target.kind === 'server' ? 'the server itself' : describeLevel(target)}${whenWords(exchange.when)}, whose headers then count: ${listNames(lost)} ${lost.length === 1 ? 'is' : 'are'} not sent${open === undefined ? '' : ', unless the upstream sends its own,'} and browsers keep the answer from the page. Set the headers there too.`;
  },

  fixes: (data): Proposal[] => {
    const edits = headersInTarget(data);
    if (edits === undefined) return [];
    const preferred = data.exchange.actual.response.open === undefined && isAlone(data);
    const where = data.target.kind === 'server' ? `a location for ${data.path}` : describeLevel(data.target);
    return [{ title: `Set the CORS headers in ${where} too`, preferred, edits }];
  },
});

function optionsOf({ nginxVersion }: NginxAnalysis): PlatformOptions {
  return nginxVersion === undefined ? {} : { nginxVersion };
}

type Found = Pick<Data, 'target' | 'lost' | 'exchange' | 'way' | 'path'>;

/** Endings that a front end meets, the commonest first. */
const ENDINGS: readonly Ending[] = ['success', 404, 500, 502, 400, 401, 403];
/** A file is there or is not. */
const ENDINGS_OF_FILES: readonly Ending[] = ['success', 404];

/** A request to the endpoint's own location that another one answers, without the headers. */
function lostOnTheWay(subject: PlatformSubject<NginxAnalysis>, endpoint: NginxEndpoint): Found | undefined {
  const browser = subject.browserFor(endpoint);
  const { origin, plain } = frontEndOf(browser);
  const isFile = browser.fetch(plain(origin)).every(({ actual }) => actual.response.source.answeredBy.kind === 'file');
  for (const ending of isFile ? ENDINGS_OF_FILES : ENDINGS) {
    for (const isOpen of [false, true]) {
      let found: Found | undefined;
      knownExchange(browser.fetch({ ...plain(origin), ending }), (exchange) => {
        const { response } = exchange.actual;
        if ((response.open !== undefined) !== isOpen || get(response, ALLOW_ORIGIN).kind === 'value') return false;
        found = redirected(subject.analysis, endpoint, exchange);
        return found !== undefined;
      });
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function redirected(analysis: NginxAnalysis, endpoint: NginxEndpoint, exchange: Exchange): Found | undefined {
  const { request, response } = exchange.actual;
  const { status } = response;
  if (status !== undefined && status >= 300 && status <= 399) return undefined;
  const played = endpoint
    .trace(request)
    .find(
      (each) =>
        each.response.status === status && samePlace(each.response.answeredBy.place, response.source.answeredBy.place),
    );
  if (played === undefined || endpoint.matches(request.path, request.method) !== true) return undefined;
  const { run } = played;
  const target = homeOf(run.level);
  const options = optionsOf(analysis);
  const headers = effectiveHeaders(target, options);
  if (target === endpoint.level || hasAllowOrigin(headers) || dropsParents(target, options)) return undefined;
  const lost = lostLines(effectiveHeaders(endpoint.level, options), headers);
  const way = wayFrom(endpoint, exchange, run);
  return { target, lost, exchange, way, path: run.uri };
}

/** Its own headers keep those of the levels above out: that is said where they stand. */
function dropsParents(level: Level, options: PlatformOptions): boolean {
  const { parent } = level;
  return ownHeaders(level).length > 0 && parent !== undefined && hasAllowOrigin(effectiveHeaders(parent, options));
}

type Run = ReturnType<NginxEndpoint['trace']>[number]['run'];

function wayFrom({ level }: NginxEndpoint, { actual, call }: Exchange, run: Run): Way {
  if (run.errorPageUsed) {
    const codes = [call.ending, actual.response.status].map(String);
    const pages = inherited(level, 'error_page');
    const node = pages.find(({ args }) => args.slice(0, -1).some(({ value }) => codes.includes(value)));
    return { kind: 'error_page', node: node ?? pages[0] };
  }
  if (run.fellBack) return { kind: 'try_files', node: level.own.get('try_files')?.at(-1) };
  const path = call.path.replace(/\?.*/, '');
  const isIndex = path.endsWith('/') && run.uri?.startsWith(path) === true;
  if (isIndex) return { kind: 'index', node: undefined };
  const rewrites = level.program.flatMap((step) => [step, ...(step.kind === 'if' ? step.level.program : [])]);
  return { kind: 'rewrite', node: rewrites.find(({ kind }) => kind === 'rewrite')?.node };
}

/** Whether nothing but this redirect leads to the target, so that its headers concern nobody else. */
function isAlone({ subject, first, target, way }: Data): boolean {
  const options = optionsOf(subject.analysis);
  const value = (level: Level): string | undefined =>
    effectiveHeaders(level, options).find((line) => nameOf(line) === ALLOW_ORIGIN)?.value.value;
  const others = subject.analysis.endpoints.map(({ level }) => value(level)).filter((text) => text !== undefined);
  const matcher = target.node && matcherOf(target.node);
  const own = target.kind === 'server' || matcher?.kind === 'named' || matcher?.kind === 'exact';
  return own && way.kind !== 'rewrite' && others.every((text) => text === value(first));
}

/** The lost lines in the target, with those that it inherits and would lose by having any of its own. */
function headersInTarget({ subject, first, target, lost, way, path }: Data): Edit[] | undefined {
  const workshop = openWorkshop(subject.analysis, subject.host);
  const source = target.node && workshop.source(target.node);
  const texts = rawLines(workshop, lost);
  if (source === undefined || texts === undefined) return undefined;
  const lines = texts.map((text, i) =>
    way.kind !== 'error_page' || lost[i]?.always ? text : `${withoutEnd(text, '; \t\r\n')} always;`,
  );
  const place =
    target.kind === 'location'
      ? placeIn(workshop, target, source, lines)
      : locationFor(workshop, path, first, target, lines);
  return place && [...place, ...(way.kind === 'error_page' ? alwaysFor(workshop, lost) : [])];
}

function placeIn(workshop: Workshop, target: Level, source: Source, lines: readonly string[]): Edit[] | undefined {
  const last = ownHeaders(target).findLast(({ node }) => node.file === source.file);
  if (last !== undefined) return [insertAfter(source, last.node.directive, lines)];
  const kept = rawLines(workshop, effectiveHeaders(target, optionsOf(workshop.analysis)));
  const start = kept && target.node && insertAtStart(source, target.node.directive, [...kept, ...lines]);
  return start && [start];
}

/** A file that no location is for gets one, which inherits its server's folder. */
function locationFor(
  workshop: Workshop,
  path: string | undefined,
  first: Level,
  server: Level,
  lines: readonly string[],
): Edit[] | undefined {
  const source = first.node && workshop.source(first.node);
  const kept = rawLines(workshop, effectiveHeaders(server, optionsOf(workshop.analysis)));
  if (source === undefined || first.node === undefined || kept === undefined || first.parent !== server)
    return undefined;
  if (path === undefined || !/^\/[\w./-]*\w$/.test(path)) return undefined;
  const block = ['', `location = ${path} {`, ...[...kept, ...lines].map((line) => `\t${line}`), '}'];
  return [insertAfter(source, first.node.directive, block)];
}

/** Errors without a page of their own need it as well. */
function alwaysFor(workshop: Workshop, lines: readonly HeaderLine[]): Edit[] {
  return lines
    .filter(({ always }) => !always)
    .flatMap(({ node, value: { range } }) => {
      const source = workshop.source(node);
      return source === undefined ? [] : [edit(source, range.end, range.end, ' always')];
    });
}
