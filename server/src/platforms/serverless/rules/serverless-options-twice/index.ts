import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import { deleteItem } from '../../../../yaml/edits/list';
import { entryPlace, placeOf } from '../../../../yaml/places';
import { deref, entryOf } from '../../../../yaml/tree';
import type { ServerlessAnalysis } from '../../analysis';
import { hasCors } from '../../gateway/corsEvent';
import type { RestEvent } from '../../service/rest';

interface Data {
  readonly path: string;
  readonly fn: string;
  readonly edits: readonly Edit[] | undefined;
}

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-options-twice',
    title: '`cors` and an OPTIONS event for one path',
    severity: 'warning',
    category: 'fragile',
    tags: ['preflight'],
    reference: 'https://www.serverless.com/framework/docs/providers/aws/events/apigateway#enabling-cors',
  },
  check({ analysis }, report) {
    for (const event of analysis.rest) {
      if (event.method !== 'OPTIONS' || event.path === undefined) continue;
      const other = analysis.rest.find((one) => one !== event && one.path === event.path && hasCors(one));
      if (other === undefined || !hasCors(other)) continue;
      report({
        place: placeOf(methodOf(event)),
        data: { path: event.path, fn: event.fn.name, edits: removal(event) },
        related: [{ place: entryPlace(other.cors.entry), message: '`cors` makes an OPTIONS method too' }],
      });
    }
  },
  message: ({ path, fn }) =>
    `OPTIONS /${path} is there twice: this event takes the place of the one that \`cors\` makes, so the preflight is what ${fn} answers, whatever \`cors\` says. Keep one.`,
  fixes: ({ edits }) => (edits === undefined ? [] : [{ title: 'Delete the OPTIONS event', preferred: false, edits }]),
});

function methodOf({ map, pathNode }: RestEvent) {
  return entryOf(map, 'method')?.value ?? pathNode;
}

function removal({ fn, event }: RestEvent): readonly Edit[] | undefined {
  const list = deref(entryOf(fn.map, 'events')?.value);
  if (list?.kind !== 'list') return undefined;
  const index = list.items.indexOf(event.item);
  const item = list.items[index];
  return index === -1 || item === undefined ? undefined : deleteItem(list, index);
}
