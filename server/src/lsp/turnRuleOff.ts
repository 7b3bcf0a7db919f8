import { parseConfiguration } from '../config/parse';
import { type Member, readTree, type Tree } from '../config/tree';
import type { Range } from '../cors/place';

type TextEdit = Range & { readonly text: string };

/**
 * The edits to the text of a `.corslintrc.json` that turn a rule off in it; comments, indentation and line ends stay.
 * Undefined when the text is too broken for that: what would not hold afterwards is not offered. Never throws.
 *
 * @returns edits that lie apart; ranges are UTF-16 offsets of the text as it is
 */
export function turnRuleOff(text: string, rule: string): TextEdit[] | undefined {
  if (text.replace('\uFEFF', '').trim() === '') {
    return [{ start: text.length, end: text.length, text: configurationWithout(rule) }];
  }
  const { tree, errors } = readTree(text);
  if (tree === undefined || errors.length > 0) return undefined;
  const edits = editsOf(text, tree, rule);
  return edits !== undefined && isOff(apply(text, edits), rule) ? edits : undefined;
}

/** A configuration that turns one rule off and says nothing else. */
export function configurationWithout(rule: string): string {
  return `${JSON.stringify({ rules: { [rule]: 'off' } }, null, 2)}\n`;
}

function isOff(text: string, rule: string): boolean {
  const wellFormed = readTree(text).errors.length === 0;
  return wellFormed && parseConfiguration('', text, new Set([rule])).configuration.rules?.[rule] === 'off';
}

function editsOf(text: string, tree: Tree, rule: string): TextEdit[] | undefined {
  const member = `"${rule}": "off"`;
  const rules = lastMember(tree, 'rules');
  if (rules === undefined) {
    return insert(text, tree, ({ indent, unit, eol }) =>
      eol === '' ? `"rules": { ${member} }` : `"rules": {${eol}${indent}${unit}${member}${eol}${indent}}`,
    );
  }
  const level = rules.value && lastMember(rules.value, rule)?.value?.range;
  if (level !== undefined) return [{ ...level, text: '"off"' }];
  return rules.value && insert(text, rules.value, () => member);
}

/** Of several members of one name, JSON takes the last. */
function lastMember(tree: Tree, key: string): Member | undefined {
  return tree.kind === 'object' ? tree.members.findLast((member) => member.key === key) : undefined;
}

interface Layout {
  /** Before the member; `eol` is empty where everything stands on one line. */
  readonly indent: string;
  readonly unit: string;
  readonly eol: string;
}

/** Puts a member behind the last one, and behind the comment that follows that one on its line. */
function insert(text: string, object: Tree, write: (layout: Layout) => string): TextEdit[] | undefined {
  if (object.kind !== 'object' || object.range === undefined) return undefined;
  const { start } = object.range;
  const unit = /\n([\t ]+)\S/.exec(text)?.[1] ?? '  ';
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const last = object.members.at(-1);
  if (last === undefined) {
    const outer = indentAt(text, start);
    const inside = match(/\s*\}/y, text, start + 1);
    const end = inside === '' ? start + 1 : start + inside.length;
    const written = write({ indent: outer + unit, unit, eol });
    return [{ start: start + 1, end, text: `${eol}${outer}${unit}${written}${inside === '' ? '' : eol + outer}` }];
  }
  const after = last.value?.range?.end;
  if (last.keyRange === undefined || after === undefined) return undefined;
  if (!text.slice(start, last.keyRange.start).includes('\n')) {
    return [{ start: after, end: after, text: `, ${write({ indent: '', unit, eol: '' })}` }];
  }
  const indent = indentAt(text, last.keyRange.start);
  const comma = match(/(?:\s|\/\/[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*,/y, text, after);
  const behind = after + comma.length;
  const at = behind + match(/(?:[\t ]*\/\*(?:[^*\n]|\*(?!\/))*\*\/)*(?:[\t ]*\/\/[^\r\n]*)?/y, text, behind).length;
  const line = `${eol}${indent}${write({ indent, unit, eol })}`;
  if (comma !== '') return [{ start: at, end: at, text: `${line},` }];
  if (at === after) return [{ start: at, end: at, text: `,${line}` }];
  return [
    { start: after, end: after, text: ',' },
    { start: at, end: at, text: line },
  ];
}

function indentAt(text: string, offset: number): string {
  return match(/\uFEFF?([\t ]*)/y, text, text.lastIndexOf('\n', offset - 1) + 1).replace('\uFEFF', '');
}

/** What a sticky pattern finds at an offset; empty when nothing. */
function match(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? '';
}

/** @param edits that lie apart, in order */
function apply(text: string, edits: readonly TextEdit[]): string {
  return edits.reduceRight((done, { start, end, text: now }) => done.slice(0, start) + now + done.slice(end), text);
}
