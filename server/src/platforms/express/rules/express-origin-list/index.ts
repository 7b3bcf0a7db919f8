import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../../cors/place';
import type { Edit, Repair } from '../../../../cors/repair';
import {
  branchesOf,
  type JsValue,
  type Property,
  staticName,
  truthiness,
  unwrap,
  wordsOf,
} from '../../../../javascript';
import { platformRule } from '../../../../lint/defineRule';
import type { Severity } from '../../../../lint/types';
import type { ExpressAnalysis } from '../../analysis';
import { optionsIn } from '../../cors/corsCalls';
import { quoted, styleOf } from '../../repair/style';

type ArrayValue = Extract<JsValue, { kind: 'array' }>;

type Data =
  /** `*` as an item. */
  | {
      readonly kind: 'wildcard';
      readonly alone: boolean;
      readonly words: string | null;
      readonly item: Place;
      readonly edits: readonly Edit[];
    }
  /** White space left over by a `split`. */
  | { readonly kind: 'spaces'; readonly text: string; readonly words: string | null; readonly edits: readonly Edit[] }
  /** A variable with several origins, taken for one. */
  | { readonly kind: 'unsplit'; readonly name: string; readonly isList: boolean; readonly edits: readonly Edit[] };

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-origin-list',
    title: 'A list of origins whose items no browser sends',
    severity: 'error',
    category: 'broken',
    tags: ['origin', 'environment'],
    reference: 'https://github.com/expressjs/cors#configuration-options',
    replaces: ['invalid-origin'],
  },
  check({ analysis }, report) {
    for (const options of optionsIn(analysis)) {
      const origin = options.option('origin');
      if (origin === undefined) continue;
      const credentials = options.option('credentials');
      const isOpen = options.unread === null && (credentials === undefined || truthiness(credentials.value) === false);
      for (const { value, when } of branchesOf(origin.value)) {
        const words = wordsOf(when);
        const severity: Severity = words === null ? 'error' : 'warning';
        if (value.kind === 'array') {
          for (const found of itemFaults(value, words, isOpen)) report({ ...found, severity });
        }
        const unsplit = unsplitVariable(origin, value, words);
        if (unsplit) report(unsplit);
      }
    }
  },
  message(data) {
    switch (data.kind) {
      case 'wildcard': {
        const when = data.words === null ? '' : ` when ${data.words}`;
        return `\`*\` stands for every origin only by itself: as an item of a list it is compared with the request's origin and lets nobody in${when}. Write \`origin: '*'\`, or name the origins.`;
      }
      case 'spaces': {
        const when = data.words === null ? '' : ` when ${data.words}`;
        return `The list is split at commas and not trimmed: \`${data.text}\` keeps its space${when}, equals no Origin that a browser sends, and lets nobody in. Trim the items.`;
      }
      case 'unsplit':
        return data.isList
          ? `${data.name} is split at commas elsewhere in this file, and taken for a single origin here: with several in it the cors package allows none of them. Split it here too.`
          : `${data.name} sounds like several origins, and is taken for a single one here: with commas in it browsers refuse every response. Split it at the commas.`;
    }
  },
  fixes(data) {
    switch (data.kind) {
      case 'wildcard': {
        if (data.edits.length > 0) {
          return [{ title: "Write `'*'`, which lets every origin in", preferred: false, edits: data.edits }];
        }
        const repair: Repair = { kind: 'remove', place: data.item };
        return data.alone ? [] : [{ title: 'Delete `*`, which lets nobody in here', preferred: false, repair }];
      }
      case 'spaces':
        return data.edits.length > 0 ? [{ title: 'Trim the items', preferred: true, edits: data.edits }] : [];
      case 'unsplit':
        return data.edits.length > 0
          ? [{ title: 'Split it at the commas', preferred: data.isList, edits: data.edits }]
          : [];
    }
  },
});

interface Found {
  readonly place: Place;
  readonly data: Data;
}

function itemFaults(list: ArrayValue, words: string | null, isOpen: boolean): readonly Found[] {
  return list.items.flatMap((item): Found[] => {
    if (item.kind !== 'string') return [];
    const { place } = item;
    if (item.value.trim() === '*') {
      const alone = list.items.length === 1 && list.rest === null;
      const edits = alone && isOpen ? bare(list, item) : [];
      return [{ place, data: { kind: 'wildcard', alone, words, item: place, edits } }];
    }
    const split = splitCall(list.node);
    const isUntrimmed = item.value !== item.value.trim() && /^\s*https?:\/\/\S+\s*$/.test(item.value);
    if (!isUntrimmed || split === null) return [];
    const end = split.range[1];
    const edits = [{ file: list.module.path, start: end, end, text: TRIM }];
    return [{ place, data: { kind: 'spaces', text: item.value, words, edits } }];
  });
}

const TRIM = '.map((origin) => origin.trim())';

/** `['*']` becomes `'*'`. */
function bare({ node, module, place }: ArrayValue, item: JsValue): readonly Edit[] {
  const isPlain = node.type === 'ArrayExpression' && item.module.path === module.path && item.node.parent === node;
  return isPlain ? [{ ...place, text: module.text.slice(item.place.start, item.place.end) }] : [];
}

/** The `….split(',')` that a list comes out of, through `filter` and the like. */
function splitCall(outer: TSESTree.Node): TSESTree.CallExpression | null {
  const node = unwrap(outer);
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  return staticName(node.callee) === 'split' ? node : splitCall(node.callee.object);
}

/** Names of variables that hold several. */
const PLURAL = /(?:ORIGINS|URLS|DOMAINS|HOSTS|SITES|WHITE_?LIST|ALLOW_?LIST)$/i;

/** A variable of the environment that holds several origins, as the option or as an item of its list. */
function unsplitVariable(
  origin: Property,
  value: JsValue,
  words: string | null,
): (Found & { readonly severity: Severity }) | undefined {
  const items = value.kind === 'array' && value.rest === null ? value.items : [value];
  const variable = items.find((item) => item.kind === 'environment');
  if (variable?.kind !== 'environment') return undefined;
  const { name, module, place } = variable;
  const isList = isSplit(module.text, `process.env.${name}`);
  if (!isList && !PLURAL.test(name)) return undefined;
  const edits = splitEdits(origin, variable, value.kind === 'array', words);
  return { place, severity: isList ? 'warning' : 'info', data: { kind: 'unsplit', name, isList, edits } };
}

/** Whether a variable is split somewhere in the text. */
function isSplit(text: string, variable: string): boolean {
  return text
    .split(variable)
    .slice(1)
    .some((after) => /^(?![\w$])[^;\n]{0,40}\.split\(/.test(after));
}

/** `process.env.X` becomes its list; with a fallback, both are split. */
function splitEdits(origin: Property, variable: JsValue, isItem: boolean, words: string | null): readonly Edit[] {
  const { module, place } = variable;
  const { quote } = styleOf(module);
  const pieces = (text: string) => `${text}.split(${quoted(',', quote)})${TRIM}`;
  const written = module.text.slice(place.start, place.end);
  if (!/^process\.env[.[]/.test(written)) return [];
  const listed = pieces(`(${written} || ${quoted('', quote)})`);
  if (isItem) return variable.node.parent?.type === 'ArrayExpression' ? [{ ...place, text: `...${listed}` }] : [];
  if (words === null) return [{ ...place, text: listed }];
  const whole = origin.value;
  const isFallback = whole.node.type === 'LogicalExpression' && variable.node.parent === whole.node;
  if (!isFallback || whole.module.path !== module.path) return [];
  return [{ ...whole.place, text: pieces(`(${module.text.slice(whole.place.start, whole.place.end)})`) }];
}
