import type { Place } from '../../../../cors/place';
import { branchesOf, type Property, snippet, wordsOf } from '../../../../javascript';
import { platformRule } from '../../../../lint/defineRule';
import type { ExpressAnalysis } from '../../analysis';
import { allOptionsIn, originOptionsIn } from '../../cors/corsCalls';

type Data =
  | { readonly kind: 'nothing'; readonly written: string; readonly words: string | null; readonly property: Place }
  | { readonly kind: 'environment'; readonly name: string }
  | {
      readonly kind: 'fails';
      readonly written: string;
      readonly words: string | null;
      readonly reader: string;
      readonly property: Place;
    };

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-origin-off',
    title: 'An empty `origin` turns CORS off',
    severity: 'warning',
    category: 'broken',
    tags: ['origin', 'environment'],
    reference: 'https://github.com/expressjs/cors#configuration-options',
  },
  check({ analysis }, report) {
    for (const option of originOptionsIn(analysis)) {
      const { value } = option;
      if (value.kind === 'environment') {
        if (!isChecked(option.module.text, value.name)) {
          report({ place: value.place, severity: 'info', data: { kind: 'environment', name: value.name } });
        }
        continue;
      }
      for (const branch of branchesOf(value)) {
        const { kind, place } = branch.value;
        const isNothing =
          kind === 'undefined' || kind === 'null' || (branch.value.kind === 'string' && branch.value.value === '');
        if (!isNothing) continue;
        const words = wordsOf(branch.when);
        if (words !== null && isTested(option)) continue;
        report({ place, data: { kind: 'nothing', written: snippet(branch.value), words, property: option.place } });
      }
    }
    for (const options of allOptionsIn(analysis)) {
      const origin = options.option('origin');
      for (const { when, value } of origin ? branchesOf(origin.value) : []) {
        const setting = options.dialect.originSetting(value, { reader: analysis.reader, isOrigin: () => false });
        if (!origin || setting.kind !== 'fails') continue;
        const words = wordsOf(when);
        const { name } = options.dialect;
        const data: Data = { kind: 'fails', written: snippet(value), words, reader: name, property: origin.place };
        report({ place: value.place, severity: words === null ? 'error' : 'warning', data });
      }
    }
  },
  message(data) {
    if (data.kind === 'fails') {
      const { written, words, reader } = data;
      const at = words === null ? '' : ` when ${words}`;
      return `\`origin\` is ${written}${at}, which ${reader} cannot use: every request ends with 500. Give it a string, a list or a function, or leave the option out to let everyone in.`;
    }
    if (data.kind === 'environment') {
      return `When ${data.name} is unset, the cors package sends no headers at all and passes preflights on: browsers refuse every cross-origin request. Stop at start when it is unset, or give it a list to fall back on.`;
    }
    const when = data.words === null ? '' : ` when ${data.words}`;
    return `\`origin\` is ${data.written}${when}: the cors package then sends no headers at all, not \`*\`, and browsers refuse every cross-origin request. Name the origins, or leave the option out to let everyone in.`;
  },
  fixes: (data) =>
    data.kind !== 'environment' && data.words === null
      ? [
          {
            title: 'Leave `origin` out, which lets every origin in',
            preferred: false,
            repair: { kind: 'remove', place: data.property },
          },
        ]
      : [],
});

/** Whether the code looks at the variable elsewhere, and so may stop when it is unset. */
function isChecked(text: string, name: string): boolean {
  return text.split(`process.env.${name}`).length > 2;
}

/**
 * Whether an `if` of the file looks at the variable that `origin` is, itself or through a constant that is made of it:
 * CORS may then be set up only where it holds something.
 */
function isTested({ node, module }: Property): boolean {
  if (node.type !== 'Property' || node.value.type !== 'Identifier') return false;
  const { name } = node.value;
  const tests = module.index.of('IfStatement').map(({ test }) => namesIn(module.text.slice(...test.range)));
  return module.index
    .of('VariableDeclarator')
    .flatMap(({ id, init }) =>
      id.type === 'Identifier' && init !== null && namesIn(module.text.slice(...init.range)).has(name) ? id.name : [],
    )
    .concat(name)
    .some((each) => tests.some((names) => names.has(each)));
}

function namesIn(text: string): ReadonlySet<string> {
  return new Set(text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
}
