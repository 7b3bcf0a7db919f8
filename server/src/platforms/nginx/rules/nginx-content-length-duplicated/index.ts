import type { Exchange, Leg } from '../../../../cors/browser';
import { frontEndOf } from '../../../../cors/frontEnd';
import { linesOf } from '../../../../cors/headerList';
import { knownExchange } from '../../../../cors/known';
import { ALLOW_ORIGIN } from '../../../../cors/names';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject, Proposal } from '../../../../lint/types';
import type { NginxAnalysis } from '../../analysis';
import { homeOf, type Level, setting } from '../../config/level';
import { placeOf } from '../../config/node';
import type { NginxEndpoint } from '../../endpoints/endpoints';
import { type HeaderLine, ownHeaders } from '../../evaluate/header-lines';
import { levelOfLine, nameOf, withParents } from '../../inspect/cors-lines';
import { ifsOf } from '../../repair/headers';
import { removeDirective, replaceDirective } from '../../repair/lines';
import { writeWord } from '../../repair/words';
import { openWorkshop } from '../../repair/workshop';

interface Data {
  readonly subject: PlatformSubject<NginxAnalysis>;
  readonly line: HeaderLine;
  readonly level: Level;
  readonly leg: Leg;
}

const LENGTH = 'content-length';
const TYPE = 'content-type';

/**
 * `add_header` adds a line; these two headers nginx writes by itself wherever it makes the body.
 * https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header
 */
export const rule = platformRule<NginxAnalysis, Data>({
  meta: {
    id: 'nginx-content-length-duplicated',
    title: 'A Content-Length or Content-Type that nginx sends already',
    severity: 'warning',
    category: 'broken',
    tags: ['nginx', 'add_header', 'preflight'],
    reference: 'https://httpwg.org/specs/rfc9110.html#field.content-length',
  },

  check(subject, report) {
    for (const endpoint of subject.analysis.endpoints) {
      for (const { line, level, leg, exchange } of doubled(subject, endpoint)) {
        report({
          place: placeOf(line.node),
          data: { subject, line, level, leg },
          severity: nameOf(line) === LENGTH ? 'warning' : 'info',
          exchange,
        });
      }
    }
  },

  message: ({ line, leg: { request, response } }) =>
    nameOf(line) === LENGTH
      ? `nginx sends a Content-Length of its own with this ${response.status ?? ''} for ${request.method}, and \`add_header\` adds a second one: browsers fail the request when the two differ, and stricter clients and proxies always. Take the line out.`
      : `nginx sends a Content-Type of its own with this ${response.status ?? ''} for ${request.method}, and \`add_header\` adds a second one: which of them counts is up to the client. Set it with \`default_type\`.`,

  fixes: ({ subject, line, level, leg }): Proposal[] => {
    const source = openWorkshop(subject.analysis, subject.host).source(line.node);
    if (source === undefined) return [];
    const remove = removeDirective(source, line.node.directive);
    const type = nameOf(line) === TYPE ? typeLines(line, level, leg) : undefined;
    if (type !== undefined) {
      const edits = [replaceDirective(source, line.node.directive, type)];
      return [{ title: 'Set it with `default_type`', preferred: true, edits }];
    }
    return [{ title: 'Take the line out', preferred: nameOf(line) === LENGTH || level.kind === 'if', edits: [remove] }];
  },
});

interface Doubled {
  readonly line: HeaderLine;
  readonly level: Level;
  readonly leg: Leg;
  readonly exchange: Exchange;
}

/** The lines that go out twice with a response that is meant for other origins. */
function* doubled({ browserFor }: PlatformSubject<NginxAnalysis>, endpoint: NginxEndpoint): Generator<Doubled> {
  const home = homeOf(endpoint.level);
  const levels = [...ifsOf(home), ...withParents(home)];
  if (!levels.some((level) => ownHeaders(level).some((line) => nameOf(line) === LENGTH || nameOf(line) === TYPE)))
    return;
  const browser = browserFor(endpoint);
  const { origin, plain } = frontEndOf(browser);
  for (const method of ['GET', 'POST', 'PUT']) {
    const call = { ...plain(origin), method };
    for (const pick of [({ actual }: Exchange) => actual, ({ preflight }: Exchange) => preflight]) {
      for (const name of [LENGTH, TYPE]) {
        const exchange = knownExchange(browser.fetch(call), (each) => isDoubled(pick(each), name));
        const leg = exchange && pick(exchange);
        const header = leg && linesOf(leg.response, name)[0]?.header;
        const level = header && levelOfLine(header.place, levels);
        const line = level && ownHeaders(level).find(({ node }) => placeOf(node).start === header.place.start);
        if (exchange && leg && line) yield { line, level, leg, exchange };
      }
    }
  }
}

/** Without a body, with 204 and 304, nginx sends neither of the two. */
function isDoubled(leg: Leg | undefined, name: string): boolean {
  if (leg === undefined) return false;
  const { response } = leg;
  const { status, open } = response;
  return (
    status !== undefined &&
    status !== 204 &&
    status !== 304 &&
    open === undefined &&
    linesOf(response, name).length > 0 &&
    linesOf(response, ALLOW_ORIGIN).length > 0
  );
}

/** `default_type` gives the type of a `return`, and of files only where no `types` name another. */
function typeLines(line: HeaderLine, level: Level, { response }: Leg): string[] | undefined {
  const text = line.value.value;
  const own = level.own.has('default_type') || level.own.has('types');
  if (level.kind !== 'location' || own || text.includes('$') || setting(level, 'default_type') === '') return undefined;
  const type = `default_type ${writeWord(text, line.value.quote)};`;
  switch (response.source.answeredBy.kind) {
    case 'handler':
      return [type];
    case 'file':
      return ['types { }', type];
    default:
      return undefined;
  }
}
