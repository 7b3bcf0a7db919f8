import { calledBy } from '../../cors/caller';
import type { Endpoint } from '../../cors/endpoint';
import { commaItems } from '../../cors/headerList';
import { type HiddenHeader, hiddenHeaders } from '../../cors/hiddenHeaders';
import type { Repair } from '../../cors/repair';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

type Data = Omit<HiddenHeader, 'caller'> & { readonly endpoint: Endpoint };

export const rule = endpointRule<Data>({
  meta: {
    id: 'header-not-exposed',
    title: 'A response header that a page reads, and that is not exposed',
    severity: 'warning',
    category: 'broken',
    tags: ['fetch', 'axios', 'headers'],
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-expose-headers',
  },
  check({ endpoint, browser }, report) {
    if (endpoint.partial !== undefined) return;
    for (const { caller, read, exchange, exposed, origin } of hiddenHeaders(browser)) {
      report({
        place: (exposed ?? origin).valuePlace,
        data: { endpoint, read, exchange, exposed, origin },
        exchange,
        related: [{ place: read.place, message: 'the page reads null here' }, calledBy(caller)],
      });
    }
  },
  message: ({ endpoint, read: { name }, exposed, exchange: { when } }) =>
    `A page reads \`${name}\` of the answer of ${endpoint.label}${whenWords(when)}, and ${exposed?.text === undefined ? 'no header is exposed' : `\`${exposed.text}\` leaves it out`}: browsers give pages of other origins null. List it in Access-Control-Expose-Headers.`,
  fixes: ({ endpoint, read: { name }, exposed, origin }) => [
    { title: `Expose \`${name}\``, preferred: true, repair: repairOf(endpoint, name, exposed, origin) },
  ],
});

function repairOf(
  endpoint: Endpoint,
  name: string,
  exposed: HiddenHeader['exposed'],
  origin: HiddenHeader['origin'],
): Repair {
  if (exposed?.text !== undefined) {
    // With credentials `*` is a name like any other, and exposes nothing.
    const names = commaItems(exposed.text).filter((each) => each !== '' && each !== '*');
    return { kind: 'replace-value', place: exposed.valuePlace, text: [...names, name].join(', ') };
  }
  return {
    kind: 'set-header',
    endpoint,
    name: 'Access-Control-Expose-Headers',
    value: name,
    near: origin.header.place,
  };
}
