import type { Exchange } from '../../cors/browser';
import { frontEndOf, responsesOf } from '../../cors/frontEnd';
import { linesOf } from '../../cors/headerList';
import { literalsOf } from '../../cors/literals';
import { ALLOW_ORIGIN } from '../../cors/names';
import { explainOrigin, type OriginProblem } from '../../cors/originProblem';
import { type Place, placeKey } from '../../cors/place';
import { PLACEHOLDER_ORIGIN } from '../../cors/repair';
import { endpointRule } from '../../lint/defineRule';
import type { Proposal, Subject } from '../../lint/types';

interface Data {
  readonly text: string;
  readonly place: Place;
  readonly problem: OriginProblem;
  /** Whether the text is sent as it is, and not compared with the request's origin. */
  readonly sent: boolean;
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'invalid-origin',
    title: 'A configured origin that no browser sends',
    severity: 'error',
    category: 'broken',
    tags: ['origin'],
    reference: 'https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin',
  },
  check(subject, report) {
    for (const data of candidates(subject)) {
      const exchange = refused(subject, data.problem);
      if (exchange) report({ place: data.place, data, exchange });
    }
  },
  message: ({ text, problem, sent }) =>
    `\`${text}\` ${reason(problem)}: ${sent ? "browsers compare it with the page's origin letter by letter and refuse" : 'no browser sends it as Origin, so it lets nobody in'}. ${advice(problem)}`,
  fixes: ({ place, problem }) => proposals(place, problem),
});

/** The texts that are no origin, one for each place. A list in one header is another rule's. */
function candidates({ endpoint, browser }: Subject): Iterable<Data> {
  const found = new Map<string, Data>();
  const add = (text: string, place: Place, sent: boolean) => {
    const problem = explainOrigin(text);
    if (!problem || problem.kind === 'empty' || found.has(placeKey(place))) return;
    if (sent && (problem.kind === 'wildcard' || problem.kind === 'several')) return;
    found.set(placeKey(place), { text, place, problem, sent });
  };
  const front = frontEndOf(browser);
  for (const exchange of [front.plain(PLACEHOLDER_ORIGIN), ...front.calls].flatMap((call) => browser.fetch(call))) {
    for (const { header } of responsesOf(exchange).flatMap((response) => linesOf(response, ALLOW_ORIGIN))) {
      for (const { text, place } of literalsOf(header.value)) add(text, place, true);
    }
  }
  for (const entry of endpoint.policies.flatMap(({ entries }) => entries)) {
    if (entry.kind === 'exact') add(entry.text, entry.place, false);
  }
  return found.values();
}

/** A call from the page that was meant; undefined when it gets in all the same, by another entry or for all we know. */
function refused({ browser }: Subject, { corrected, several }: OriginProblem): Exchange | undefined {
  const meant = corrected ?? several?.[0] ?? PLACEHOLDER_ORIGIN;
  const exchanges = browser.fetch(frontEndOf(browser).plain(meant));
  if (exchanges.some(({ verdict }) => verdict.result === 'allowed')) return undefined;
  return exchanges.find(({ verdict }) => verdict.result === 'blocked') ?? exchanges[0];
}

function reason({ kind }: OriginProblem): string {
  switch (kind) {
    case 'empty':
      return 'is empty';
    case 'quotes':
      return 'has quotes in it';
    case 'spaces':
      return 'has spaces around it';
    case 'several':
      return 'holds several origins in one text';
    case 'wildcard':
      return 'stands for every origin only as the whole value';
    case 'glob':
      return 'has a wildcard in it, which means nothing here';
    case 'pattern':
      return 'is a pattern written as plain text';
    case 'no-scheme':
    case 'host-only':
      return 'has no scheme';
    case 'upper-case':
      return 'has capital letters';
    case 'user-info':
      return 'has a user name in it';
    case 'not-punycode':
      return 'is not in ASCII form';
    case 'default-port':
      return 'names the default port';
    case 'trailing-slash':
      return 'ends in a slash';
    case 'path':
      return 'has a path';
    case 'empty-label':
      return 'has an empty part in its host name';
    case 'not-serialised':
    case 'not-an-origin':
      return 'is no origin';
  }
}

function advice({ corrected, several, pattern }: OriginProblem): string {
  if (corrected !== undefined) return `Write \`${corrected}\`.`;
  if (several) return 'List each origin by itself.';
  if (pattern !== undefined) return `Match \`${pattern}\` as a regular expression.`;
  return `Write scheme, host and port, like \`${PLACEHOLDER_ORIGIN}\`.`;
}

function proposals(place: Place, { corrected, several, pattern }: OriginProblem): Proposal[] {
  if (corrected !== undefined) {
    const repair = { kind: 'replace-value', place, text: corrected } as const;
    return [{ title: `Write \`${corrected}\``, preferred: true, repair }];
  }
  if (several) {
    const repair = { kind: 'replace-with-list', place, texts: several } as const;
    return [{ title: 'List each origin by itself', preferred: true, repair }];
  }
  if (pattern !== undefined) {
    const repair = { kind: 'replace-pattern', place, source: pattern, flags: '' } as const;
    return [{ title: 'Match with a regular expression', preferred: true, repair }];
  }
  return [];
}
