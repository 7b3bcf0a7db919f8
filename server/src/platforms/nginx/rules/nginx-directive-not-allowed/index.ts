import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject, Proposal } from '../../../../lint/types';
import type { NginxAnalysis } from '../../analysis';
import { isHeaderInWrongBlock } from '../../inspect/refusal';
import { refusals } from '../../inspect/refusals';
import { isTemplated } from '../../recognise';
import { insertBefore, removeDirective } from '../../repair/lines';
import { openWorkshop } from '../../repair/workshop';
import type { Directive } from '../../syntax/tree';

interface Data {
  readonly subject: PlatformSubject<NginxAnalysis>;
  readonly directive: Directive;
}

/** Each directive names the contexts that it may stand in; `nginx-syntax` tells of the others. */
export const rule = platformRule<NginxAnalysis, Data>({
  meta: {
    id: 'nginx-directive-not-allowed',
    title: 'A header in a block where nginx does not allow it',
    severity: 'error',
    category: 'broken',
    tags: ['nginx', 'syntax', 'add_header', 'if'],
    reference: 'https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header',
  },

  check(subject, report) {
    const { file, tree, text, configuration } = subject.analysis;
    if (isTemplated(text)) return;
    for (const refusal of refusals(tree, configuration)) {
      if (refusal.cause.kind !== 'not-allowed' || !isHeaderInWrongBlock(refusal)) continue;
      report({ place: { file, ...refusal.range }, data: { subject, directive: refusal.cause.directive } });
    }
  },

  message: ({ directive }) =>
    `nginx does not load this file: "${directive.name.value}" directive is not allowed here. ${advice(directive)}`,

  fixes: ({ subject, directive }): Proposal[] => {
    const edits = moveOut(subject, directive);
    return edits === undefined ? [] : [{ title: 'Move it out of the block', preferred: true, edits }];
  },
});

function advice({ parent }: Directive): string {
  return parent?.name.value === 'limit_except'
    ? '`limit_except` takes access rules and a handler: set it in the location.'
    : 'An `if` outside of locations takes only `set`, `rewrite`, `return` and `break`: set the header at the level of the server, with a map where it depends on something.';
}

function moveOut({ analysis, host }: PlatformSubject<NginxAnalysis>, directive: Directive): Edit[] | undefined {
  const source = openWorkshop(analysis, host).source(analysis);
  const block = directive.parent;
  if (source === undefined || block === undefined) return undefined;
  const siblings = block.block?.directives.filter(({ name }) => name.value === 'add_header') ?? [];
  const lines = siblings.map(({ range }) => source.text.slice(range.start, range.end));
  return [insertBefore(source, block, lines), ...siblings.map((each) => removeDirective(source, each))];
}
