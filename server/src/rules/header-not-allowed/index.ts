import { unsafeHeaderNames } from '../../cors/call';
import { linesOf, listItems } from '../../cors/headerList';
import { ALLOW_HEADERS } from '../../cors/names';
import type { Place } from '../../cors/place';
import { callersOf, refusedPreflights } from '../../cors/preflightFault';
import { and, whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  /** As usually spelt. */
  readonly names: readonly string[];
  readonly text: string;
  readonly mended: string;
  readonly place: Place;
  /** A page is known to send them. */
  readonly isSent: boolean;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'header-not-allowed',
    title: 'A request header that Access-Control-Allow-Headers leaves out',
    severity: 'warning',
    category: 'broken',
    tags: ['preflight', 'headers'],
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-allow-headers',
  },
  check({ browser }, report) {
    for (const refused of refusedPreflights(browser)) {
      const { fault, exchange, leg } = refused;
      const header = linesOf(leg.response, ALLOW_HEADERS)[0];
      if (fault !== 'header' || header?.text === undefined) continue;
      const { text, valuePlace } = header;
      const listed = new Set(items(text).map((item) => item.toLowerCase()));
      const unsafe = new Set(unsafeHeaderNames(exchange.call));
      const sent = exchange.call.headers.map(([name]) => name).filter((name) => unsafe.has(name.toLowerCase()));
      const names = sent.filter((name) => !listed.has(name.toLowerCase()));
      const mended = [...items(text), ...names].join(', ');
      report({
        place: valuePlace,
        data: {
          names: names.length > 0 ? names : sent,
          text,
          mended,
          place: valuePlace,
          isSent: refused.caller !== undefined,
          when: exchange.when,
        },
        // A call that is known to be made fails for certain.
        severity: refused.caller !== undefined && exchange.when.length === 0 ? 'error' : 'warning',
        exchange,
        related: callersOf(refused),
      });
    }
  },
  message: ({ names, text, isSent, when }) =>
    names.length === 0
      ? `\`${text}\` is not a list separated by commas${whenWords(when)}: browsers refuse every preflight that it answers. Write \`${items(text).join(', ')}\`.`
      : `${listItems(text) === undefined ? `\`${text}\` is not a list separated by commas` : `\`${text}\` leaves ${and(names)} out`}${whenWords(when)}, which ${isSent ? 'a page sends' : 'this endpoint takes'}: browsers refuse a request with ${names.length > 1 ? 'them' : 'it'} after the preflight. List ${and(names.map((name) => `\`${name}\``))}.`,
  fixes: ({ mended, place }) => [
    { title: `Write \`${mended}\``, preferred: true, repair: { kind: 'replace-value', place, text: mended } },
  ],
});

function items(text: string): string[] {
  return text.split(/[\s,;|]+/).flatMap((item) => item.replace(/^["']|["']$/g, '') || []);
}
