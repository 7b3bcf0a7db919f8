import { type Misspelling, misspelling } from '../../cors/headerSpelling';
import type { Place } from '../../cors/place';
import { settingRule } from '../../lint/defineRule';

interface Data extends Misspelling {
  readonly name: string;
  readonly namePlace: Place;
}

export const rule = settingRule<Data>({
  meta: {
    id: 'misspelt-header',
    title: 'A CORS header that no browser knows',
    severity: 'error',
    category: 'broken',
    tags: ['header', 'spelling'],
    reference: 'https://fetch.spec.whatwg.org/#http-responses',
  },
  check({ name, namePlace, target }, report) {
    if (target === 'request') return;
    const wrong = misspelling(name);
    if (wrong) report({ place: namePlace, data: { ...wrong, name, namePlace } });
  },
  message: ({ kind, name, meant }) => `${reason(kind, name)} Write \`${meant}\`.`,
  fixes: ({ meant, namePlace }) => [
    { title: `Write \`${meant}\``, preferred: true, repair: { kind: 'rename', place: namePlace, name: meant } },
  ],
});

function reason(kind: Misspelling['kind'], name: string): string {
  switch (kind) {
    case 'colon':
      return `The colon becomes part of what is sent for \`${name}\`: browsers do not read the header as it was meant.`;
    case 'underscore':
      return `\`${name}\` has underscores where the header has hyphens: browsers do not see it.`;
    case 'request-header':
      return `\`${name}\` is a request header that browsers send: in a response it does nothing.`;
    case 'near-miss':
      return `\`${name}\` is no header that browsers know: they do not see it.`;
  }
}
