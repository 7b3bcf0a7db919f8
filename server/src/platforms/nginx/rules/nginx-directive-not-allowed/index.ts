import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject, Proposal } from '../../../../lint/types';
import type { NginxAnalysis } from '../../analysis';
import { isTemplated } from '../../recognise';
import { insertBefore, removeDirective } from '../../repair/lines';
import { openWorkshop } from '../../repair/workshop';
import type { Directive } from '../../syntax/tree';

interface Data {
  readonly subject: PlatformSubject<NginxAnalysis>;
  readonly directive: Directive;
  readonly where: Where;
}

type Where = 'server-if' | 'limit_except' | 'location-if';

/** Each directive names the contexts that it may stand in. */
export const rule = platformRule<NginxAnalysis, Data>({
  meta: {
    id: 'nginx-directive-not-allowed',
    title: 'A directive where nginx does not allow it',
    severity: 'error',
    category: 'broken',
    tags: ['nginx', 'syntax', 'add_header', 'if'],
    reference: 'https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header',
  },

  check(subject, report) {
    const { file, tree, text } = subject.analysis;
    if (isTemplated(text)) return;
    const stack = [...tree.directives].reverse();
    for (let directive = stack.pop(); directive !== undefined; directive = stack.pop()) {
      const where = directive.parent && contextOf(directive.parent);
      if (where !== undefined && FORBIDDEN[where].has(directive.name.value)) {
        report({ place: { file, ...directive.name.range }, data: { subject, directive, where } });
      }
      stack.push(...[...(directive.block?.directives ?? [])].reverse());
    }
  },

  message: ({ directive, where }) =>
    `nginx does not load this file: "${directive.name.value}" directive is not allowed here. ${advice(directive.name.value, where)}`,

  fixes: ({ subject, directive }): Proposal[] => {
    const edits = directive.name.value === 'add_header' ? moveOut(subject, directive) : undefined;
    return edits === undefined ? [] : [{ title: 'Move it out of the block', preferred: true, edits }];
  },
});

const EVERYWHERE_IN_IF = [
  'location',
  'if',
  'auth_basic',
  'auth_basic_user_file',
  'auth_request',
  'deny',
  'allow',
  'limit_except',
  'listen',
  'server_name',
  'map',
  'satisfy',
  'try_files',
];

const FORBIDDEN: Readonly<Record<Where, ReadonlySet<string>>> = {
  'server-if': new Set([
    ...EVERYWHERE_IN_IF,
    'add_header',
    'add_trailer',
    'expires',
    'proxy_pass',
    'proxy_set_header',
    'proxy_hide_header',
    'root',
    'error_page',
  ]),
  limit_except: new Set([
    'add_header',
    'add_trailer',
    'expires',
    'return',
    'if',
    'set',
    'rewrite',
    'location',
    'try_files',
    'error_page',
    'root',
    'proxy_set_header',
    'proxy_hide_header',
  ]),
  'location-if': new Set([...EVERYWHERE_IN_IF, 'proxy_hide_header', 'proxy_http_version']),
};

/** Undefined where the surroundings are not known, as at the top of a snippet. */
function contextOf(parent: Directive): Where | undefined {
  if (parent.name.value === 'limit_except') return 'limit_except';
  if (parent.name.value !== 'if' || parent.parent === undefined) return undefined;
  if (parent.parent.name.value === 'server') return 'server-if';
  return parent.parent.name.value === 'location' ? 'location-if' : undefined;
}

function advice(name: string, where: Where): string {
  if (where === 'server-if' && name === 'add_header') {
    return 'An `if` outside of locations takes only `set`, `rewrite`, `return` and `break`: set the header at the level of the server, with a map where it depends on something.';
  }
  if (where === 'limit_except') {
    return '`limit_except` takes access rules and a handler: set it in the location.';
  }
  return 'Set it in the block around the `if`.';
}

function moveOut({ analysis, host }: PlatformSubject<NginxAnalysis>, directive: Directive): Edit[] | undefined {
  const source = openWorkshop(analysis, host).source(analysis);
  const block = directive.parent;
  if (source === undefined || block === undefined) return undefined;
  const siblings = block.block?.directives.filter(({ name }) => name.value === 'add_header') ?? [];
  const lines = siblings.map(({ range }) => source.text.slice(range.start, range.end));
  return [insertBefore(source, block, lines), ...siblings.map((each) => removeDirective(source, each))];
}
