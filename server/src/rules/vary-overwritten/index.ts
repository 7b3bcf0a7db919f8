import type { Exchange } from '../../cors/browser';
import { frontEndOf } from '../../cors/frontEnd';
import { get } from '../../cors/headerList';
import { UNRELATED_ORIGINS } from '../../cors/hostile';
import type { Header, Overwritten } from '../../cors/http';
import { knownExchange } from '../../cors/known';
import { ALLOW_ORIGIN, VARY } from '../../cors/names';
import type { Place } from '../../cors/place';
import type { ResolvedResponse } from '../../cors/resolve';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';
import type { Subject } from '../../lint/types';

interface Data {
  readonly layer: string;
  /** What is sent in the end; undefined when that is not known. */
  readonly sent: string | undefined;
  readonly value: Place;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'vary-overwritten',
    title: 'A later write takes `Origin` out of Vary',
    severity: 'warning',
    category: 'fragile',
    tags: ['vary', 'cache'],
    cwe: 'CWE-524',
    reference: 'https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches',
    replaces: ['missing-vary-origin'],
  },
  check(subject, report) {
    const { method } = frontEndOf(subject.browser).plain('');
    if (method !== 'GET' && method !== 'HEAD') return;
    const exchange = admittedExchange(subject);
    if (!exchange || !dependsOnOrigin(subject, exchange)) return;
    const { response } = exchange.actual;
    const change = lastChange(response);
    if (change === undefined || !lacksOrigin(response)) return;
    const { lost, by } = change;
    report({
      place: by.place,
      data: {
        layer: lost.layer,
        sent: by.value.kind === 'literal' ? by.value.text : undefined,
        value: by.value.place,
        when: exchange.when,
      },
      exchange,
      related: [{ place: lost.place, message: '`Vary: Origin` comes from here' }],
    });
  },
  message: ({ layer, sent, when }) =>
    `This replaces the \`Vary: Origin\` of ${layer}${sent === undefined ? '' : ` with \`${sent}\``}${whenWords(when)}: a cache can hand one origin's response to another, which the browser then refuses. Append to Vary, or name Origin as well.`,
  fixes: ({ sent, value }) =>
    sent === undefined
      ? []
      : [
          {
            title: 'Name Origin as well',
            preferred: true,
            repair: { kind: 'replace-value', place: value, text: sent === '' ? 'Origin' : `${sent}, Origin` },
          },
        ],
});

/** A response that lets its page in by name. */
function admittedExchange({ browser }: Subject): Exchange | undefined {
  const { plain, origin } = frontEndOf(browser);
  return knownExchange(browser.fetch(plain(origin)), ({ actual }) => {
    const got = get(actual.response, ALLOW_ORIGIN);
    return got.kind === 'value' && got.text === origin;
  });
}

/** Whether a page of another origin, in the same circumstances, certainly gets another value or none. */
function dependsOnOrigin({ browser }: Subject, { call, when }: Exchange): boolean {
  return UNRELATED_ORIGINS.filter((origin) => origin !== call.origin).some((origin) =>
    browser
      .fetch({ ...call, origin })
      .filter((other) => other.when.join() === when.join())
      .some(({ actual }) => {
        const got = get(actual.response, ALLOW_ORIGIN);
        return got.kind === 'absent' || (got.kind === 'value' && got.text !== call.origin);
      }),
  );
}

function lastChange({ source }: ResolvedResponse): Overwritten | undefined {
  return source.overwritten?.findLast(({ lost, by }) => by.name.toLowerCase() === VARY && namesOrigin(lost));
}

function namesOrigin({ value }: Header): boolean {
  return value.kind === 'literal' && /(?:^|,)\s*origin\s*(?:,|$)/i.test(value.text);
}

function lacksOrigin(response: ResolvedResponse): boolean {
  const got = get(response, VARY);
  return got.kind === 'value' && !/(?:^|,)\s*(?:origin|\*)\s*(?:,|$)/i.test(got.text);
}
