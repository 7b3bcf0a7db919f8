import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../../cors/place';
import type { Edit } from '../../../../cors/repair';
import { placeOf, type SourceModule } from '../../../../javascript';
import { platformRule } from '../../../../lint/defineRule';
import type { ExpressAnalysis } from '../../analysis';
import type { Layer } from '../../app/registration';
import { nodeAt } from '../../repair/nodes';
import { quoted } from '../../repair/style';

interface Data {
  readonly path: string;
  readonly why: string;
  readonly fix: { readonly title: string; readonly edits: readonly Edit[] } | undefined;
}

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-path-wildcard',
    title: 'A path that Express 5 does not take',
    severity: 'error',
    category: 'broken',
    tags: ['path', 'version'],
    reference: 'https://expressjs.com/en/guide/migrating-5.html#path-syntax',
  },
  check({ analysis }, report) {
    const { application, module } = analysis;
    const layers = application.apps
      .inModule(module)
      .flatMap((app) => app.registrations)
      .filter((registration): registration is Layer => registration.kind === 'layer');
    if (!layers.some((layer) => layer.pathPlace !== null) || application.version !== 5) return;
    const seen = new Set<number>();
    for (const layer of layers) {
      for (const literal of literalsOf(module, layer)) {
        const why = faultOf(literal.value);
        if (why === undefined || seen.has(literal.range[0])) continue;
        seen.add(literal.range[0]);
        const data: Data = { path: literal.value, why, fix: fixFor(module, layer, literal) };
        report({ place: placeOf(module, literal), data });
      }
    }
  },
  message: ({ path, why }) => `Express 5 throws at start for the path \`${path}\`: ${why}. ${advice(path)}`,
  fixes: ({ fix }) => (fix ? [{ ...fix, preferred: true }] : []),
});

/** The string literals of a layer's path: itself, or the items of a list. */
function literalsOf(module: SourceModule, layer: Layer): readonly TSESTree.StringLiteral[] {
  if (layer.pathPlace === null || layer.pathPlace.file !== module.path) return [];
  const node = nodeAt(module, layer.pathPlace);
  const nodes = node.type === 'ArrayExpression' ? node.elements : [node];
  return nodes.filter((one): one is TSESTree.StringLiteral => one?.type === 'Literal' && typeof one.value === 'string');
}

/** What path-to-regexp 8 says of a path (dist/index.js, `lexer` and `parse`); undefined when it takes it. */
function faultOf(path: string): string | undefined {
  for (let i = 0; i < path.length; i++) {
    const char = path[i] ?? '';
    if (char === '\\') i++;
    else if (char === '*' || char === ':') {
      if (!/[\p{ID_Start}$_"]/u.test(path[i + 1] ?? '')) return `\`${char}\` needs a name after it`;
    } else if ('()[]+?!'.includes(char)) return `\`${char}\` has no meaning there any more`;
  }
  return undefined;
}

const EVERYTHING = /^\/?(?:\*|\(\.\*\))$/;

function advice(path: string): string {
  if (EVERYTHING.test(path)) return 'Write the regular expression `/.*/`.';
  return /\*$/.test(path) ? `Write \`${named(path)}\`.` : 'Write it in the new syntax.';
}

/** `/api/*` under a name; the braces let it match without anything after the slash, as before. */
function named(path: string): string {
  return path.replace(/\(\.\*\)$|\*$/, '{*splat}');
}

function fixFor(module: SourceModule, layer: Layer, literal: TSESTree.StringLiteral): Data['fix'] {
  const place: Place = placeOf(module, literal);
  const { value } = literal;
  if (EVERYTHING.test(value)) {
    const next = layer.call.arguments[1];
    if (layer.method === 'use' && layer.call.arguments[0] === literal && next) {
      const edits = [{ ...place, end: next.range[0], text: '' }];
      return { title: 'Leave the path out: `use` takes every path', edits };
    }
    return { title: 'Write `/.*/`', edits: [{ ...place, text: '/.*/' }] };
  }
  const optional = /^([^()[\]+?!*]*)\/:(\w+)\?$/.exec(value);
  const text = optional
    ? `${optional[1]}{/:${optional[2]}}`
    : /^[^()[\]+?!*]*(?:\*|\(\.\*\))$/.test(value)
      ? named(value)
      : undefined;
  if (text === undefined || faultOf(text) !== undefined) return undefined;
  return {
    title: `Write \`${text}\``,
    edits: [{ ...place, text: quoted(text, module.text[literal.range[0]] ?? "'") }],
  };
}
