import { entryAdmits } from '../../cors/admits';
import type { Exchange } from '../../cors/browser';
import { frontEndOf } from '../../cors/frontEnd';
import { get } from '../../cors/headerList';
import { admitsEveryone, witnesses } from '../../cors/hostile';
import { knownExchange } from '../../cors/known';
import { ALLOW_ORIGIN } from '../../cors/names';
import { isInsecureOrigin } from '../../cors/origin';
import type { Place } from '../../cors/place';
import type { OriginEntry } from '../../cors/policy';
import { isDevelopment, whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';
import type { Subject } from '../../lint/types';

interface Data {
  readonly origin: string;
  /** Where the origin stands as text that can be rewritten. */
  readonly rewrite: Place | undefined;
  /** The same host is let in over https: already. */
  readonly redundant: boolean;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'insecure-origin',
    title: 'An `http:` origin let in with credentials',
    severity: 'warning',
    category: 'insecure',
    tags: ['origin', 'credentials'],
    cwe: 'CWE-319',
    reference: 'https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy',
  },
  check(subject, report) {
    if (subject.endpoint.ignoresCredentials) return;
    for (const { origin, place, rewrite } of insecureOrigins(subject)) {
      const exchange = entered(subject, origin);
      if (!exchange || isDevelopment(exchange.when)) continue;
      const redundant = subject.endpoint.policies.some(({ entries }) =>
        entries.some((entry) => entryAdmits(entry, secure(origin)) === 'yes'),
      );
      report({ place, data: { origin, rewrite, redundant, when: exchange.when }, exchange });
    }
  },
  message: ({ origin, when }) =>
    `${origin} is let in with credentials${whenWords(when)}: whoever sits on the visitor's network can put a script into a page that is loaded over http: and read the response with the visitor's cookies. Let in https: only.`,
  fixes: ({ origin, rewrite, redundant }) => {
    if (!rewrite) return [];
    if (redundant) {
      return [{ title: `Take ${origin} out`, preferred: true, repair: { kind: 'remove', place: rewrite } }];
    }
    const text = secure(origin);
    return [{ title: `Write \`${text}\``, preferred: true, repair: { kind: 'replace-value', place: rewrite, text } }];
  },
});

interface Candidate {
  readonly origin: string;
  readonly place: Place;
  readonly rewrite: Place | undefined;
}

/** Configured `http:` origins, those that a check reads without looking at the scheme, and a constant header. */
function insecureOrigins({ endpoint, browser }: Subject): Candidate[] {
  const entries = endpoint.policies.flatMap((policy) => policy.entries);
  if (entries.some(admitsEveryone)) return [];
  const configured = entries.flatMap((entry): Candidate[] => {
    const { place } = entry;
    if (entry.kind === 'exact')
      return isInsecureOrigin(entry.text) ? [{ origin: entry.text, place, rewrite: place }] : [];
    const witness = witnesses(entry).find(({ fault }) => fault === 'scheme');
    return witness && witnesses(entry).length === 1 && mentionsHttp(entry)
      ? [{ origin: witness.origin, place, rewrite: undefined }]
      : [];
  });
  const front = frontEndOf(browser);
  const constant = browser.fetch(front.plain(front.origin)).flatMap(({ actual }): Candidate[] => {
    const got = get(actual.response, ALLOW_ORIGIN);
    const header = got.kind === 'value' ? got.headers[0] : undefined;
    if (got.kind !== 'value' || header?.header.value.kind !== 'literal' || !isInsecureOrigin(got.text)) return [];
    return [{ origin: got.text, place: header.valuePlace, rewrite: header.valuePlace }];
  });
  return [...configured, ...constant];
}

/** A check of the host alone leaves the scheme open without meaning to say so; only a pattern with both does. */
function mentionsHttp(entry: OriginEntry): boolean {
  return entry.kind === 'match' && entry.test.kind === 'regex' && /https\?/.test(entry.test.source);
}

function entered({ browser }: Subject, origin: string): Exchange | undefined {
  return knownExchange(
    browser.fetch(frontEndOf(browser).plain(origin, true)),
    ({ verdict }) => verdict.result === 'allowed',
  );
}

function secure(origin: string): string {
  return origin.replace(/^http:/, 'https:');
}
