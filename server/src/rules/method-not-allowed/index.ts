import { normaliseMethod } from '../../cors/call';
import { linesOf, listItems } from '../../cors/headerList';
import { ALLOW_METHODS } from '../../cors/names';
import type { Place } from '../../cors/place';
import { callersOf, refusedPreflights } from '../../cors/preflightFault';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly method: string;
  readonly text: string;
  readonly mended: string;
  readonly place: Place;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'method-not-allowed',
    title: 'A method that Access-Control-Allow-Methods leaves out',
    severity: 'warning',
    category: 'broken',
    tags: ['preflight', 'methods'],
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-allow-methods',
  },
  check({ browser }, report) {
    for (const refused of refusedPreflights(browser)) {
      const { fault, exchange, leg } = refused;
      const header = linesOf(leg.response, ALLOW_METHODS)[0];
      if (fault !== 'method' || header?.text === undefined) continue;
      const { method } = exchange.call;
      const { text, valuePlace } = header;
      report({
        place: valuePlace,
        data: { method, text, mended: withMethod(text, method), place: valuePlace, when: exchange.when },
        // A call that is known to be made fails for certain.
        severity: refused.caller !== undefined && exchange.when.length === 0 ? 'error' : 'warning',
        exchange,
        related: callersOf(refused),
      });
    }
  },
  message: ({ method, text, when }) =>
    `${fault(text, method)}${whenWords(when)}: browsers refuse ${method} after the preflight. List \`${method}\`.`,
  fixes: ({ mended, place }) => [
    { title: `Write \`${mended}\``, preferred: true, repair: { kind: 'replace-value', place, text: mended } },
  ],
});

function fault(text: string, method: string): string {
  if (listItems(text) === undefined) return `\`${text}\` is not a list separated by commas`;
  const other = items(text).find((item) => item.toUpperCase() === method.toUpperCase());
  return other === undefined
    ? `\`${text}\` leaves ${method} out`
    : `\`${other}\` is not ${method}, for methods are case-sensitive`;
}

/** The list with the method in it, and known methods in the case that browsers send. */
function withMethod(text: string, method: string): string {
  const names = items(text).map((item) => (item.toUpperCase() === method.toUpperCase() ? method : cased(item)));
  return [...new Set([...names, method])].join(', ');
}

function cased(item: string): string {
  return /^patch$/i.test(item) ? 'PATCH' : normaliseMethod(item);
}

function items(text: string): string[] {
  return text.split(/[\s,;|]+/).flatMap((item) => item.replace(/^["']|["']$/g, '') || []);
}
