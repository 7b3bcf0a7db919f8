import { RESPONSE_HEADERS } from '../../cors/names';
import type { Place } from '../../cors/place';
import { settingRule } from '../../lint/defineRule';

interface Data {
  readonly name: string;
  readonly layer: string;
  readonly place: Place;
}

export const rule = settingRule<Data>({
  meta: {
    id: 'header-on-request',
    title: 'A CORS response header set on a request',
    severity: 'error',
    category: 'broken',
    tags: ['header', 'request'],
    reference: 'https://fetch.spec.whatwg.org/#http-responses',
  },
  check({ name, namePlace, target, layer, place }, report) {
    const known = RESPONSE_HEADERS.some((header) => header.toLowerCase() === name.trim().toLowerCase());
    if (target === 'request' && known) report({ place: namePlace, data: { name, layer, place } });
  },
  message: ({ name }) =>
    `${name} is set on a request, where no browser sees it: browsers read it in responses. Set it on the response, or delete it.`,
  fixes: ({ name, place }) => [
    { title: `Delete ${name} from the request`, preferred: false, repair: { kind: 'remove', place } },
  ],
});
