import type { Edit } from '../../../../cors/repair';
import { branchesOf, type JsValue, type SourceModule, snippet } from '../../../../javascript';
import { platformRule } from '../../../../lint/defineRule';
import type { ExpressAnalysis } from '../../analysis';
import { allOptionsIn } from '../../cors/corsCalls';
import { isPattern, isPromise } from '../../cors/originValue';

interface Data {
  /** Who takes it for a yes. */
  readonly reader: string;
  readonly what: string;
  readonly advice: string;
  readonly fix: { readonly title: string; readonly edits: readonly Edit[] } | undefined;
}

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-origin-type',
    title: 'An `origin` of a type that lets everyone in',
    severity: 'error',
    category: 'insecure',
    tags: ['origin', 'option'],
    cwe: 'CWE-942',
    reference: 'https://github.com/expressjs/cors#configuration-options',
    replaces: ['reflected-origin'],
  },
  check({ analysis }, report) {
    for (const options of allOptionsIn(analysis)) {
      const value = options.option('origin')?.value;
      if (value === undefined || !options.dialect.truthyReflects) continue;
      for (const branch of branchesOf(value)) {
        for (const one of [branch.value, ...itemsOf(branch.value)]) {
          const fault = faultOf(one);
          if (fault) report({ place: one.place, data: { ...fault, reader: options.dialect.name } });
        }
      }
    }
  },
  message: ({ reader, what, advice }) =>
    `\`origin\` is ${what}, which ${reader} takes for "yes": every origin is let in. ${advice}`,
  fixes: ({ fix }) => (fix ? [{ ...fix, preferred: true }] : []),
});

type Fault = Omit<Data, 'reader'>;

/** The items of a list are judged by the same function (cors 2.8.6, lib/index.js, `isOriginAllowed`). */
function itemsOf(value: JsValue): readonly JsValue[] {
  return value.kind === 'array' ? value.items.filter((item) => item.kind !== 'string' && item.kind !== 'regexp') : [];
}

function faultOf(value: JsValue): Fault | undefined {
  const { module, place } = value;
  switch (value.kind) {
    case 'new': {
      if (isPattern(value)) return undefined;
      if (value.name === 'Set') {
        return { what: 'a Set', advice: 'Spread it into a list.', fix: spread(value, module) };
      }
      if (value.name === 'URL') {
        const edits = [{ ...place, start: place.end, text: '.origin' }];
        return { what: 'a URL object', advice: 'Write its `.origin`.', fix: { title: 'Write its `.origin`', edits } };
      }
      return {
        what: `an object (${snippet(value)})`,
        advice: 'Give it a string, a list or a pattern.',
        fix: undefined,
      };
    }
    case 'object':
      return { what: 'an object', advice: 'Give it a string, a list or a pattern.', fix: undefined };
    case 'number':
      return value.value
        ? { what: 'a number', advice: 'Give it a string, a list or a pattern.', fix: undefined }
        : undefined;
    case 'call':
      return isPromise(value) ? { what: 'a promise', advice: 'Await it first.', fix: undefined } : undefined;
    default:
      return undefined;
  }
}

/** `new Set(['a'])` in place becomes its list; a Set from elsewhere is spread. */
function spread(value: Extract<JsValue, { kind: 'new' }>, module: SourceModule): Data['fix'] {
  const { node, place } = value;
  const [list] = node.type === 'NewExpression' ? node.arguments : [];
  if (node.parent?.type !== 'Property' && node.parent?.type !== 'ArrayExpression') return undefined;
  const text =
    list?.type === 'ArrayExpression'
      ? module.text.slice(...list.range)
      : `[...${module.text.slice(place.start, place.end)}]`;
  return { title: 'Write it as a list', edits: [{ ...place, text }] };
}
