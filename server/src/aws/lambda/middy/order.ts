import type { Edit } from '../../../cors/repair';
import { type SourceModule, unwrap } from '../../../javascript';
import { lineEnd, lineStart } from '../../../yaml/edits/text';
import type { Argument, MiddyCall } from './chain';

/**
 * Puts the last of several middlewares in front of the others, each with the comments that stand above it and behind it.
 * Edits in the handler's file that do not overlap; undefined where they are not written in one way, one behind the other.
 */
export function lastFirst(calls: readonly MiddyCall[]): readonly Edit[] | undefined {
  const slots = calls.flatMap((call) => slotOf(call) ?? []);
  const [first] = slots;
  if (first === undefined || slots.length < 2 || slots.length !== calls.length) return undefined;
  if (slots.some(({ kind, module }) => kind !== first.kind || module !== first.module)) return undefined;
  if (slots.some(({ start }, i) => start < (slots[i - 1]?.end ?? 0))) return undefined;
  if (first.kind === 'statement' && !standTogether(slots)) return undefined;
  const { module } = first;
  const taken = slots.map(({ start, end }) => module.text.slice(start, end));
  const edits = rotated(taken).flatMap((text, i) => {
    const slot = slots[i];
    return slot === undefined || text === taken[i]
      ? []
      : [{ file: module.path, start: slot.start, end: slot.end, text }];
  });
  return [...edits, ...trailing(slots, module)].sort((a, b) => a.start - b.start);
}

function rotated<T>(list: readonly T[]): readonly T[] {
  return [...list.slice(-1), ...list.slice(0, -1)];
}

/** Where one middleware is told to middy, with the comments above it. */
interface Slot {
  readonly kind: 'chained' | 'statement' | 'item';
  readonly module: SourceModule;
  readonly start: number;
  readonly end: number;
  readonly node: Argument['node'];
}

function slotOf({ argument }: MiddyCall): Slot | undefined {
  if (argument === undefined) return undefined;
  const { node, module } = argument;
  const { parent } = node;
  if (parent?.type === 'ArrayExpression') {
    return slot('item', module, node, node.range[0], node.range[1]);
  }
  if (parent?.type !== 'CallExpression' || parent.callee.type !== 'MemberExpression') return undefined;
  const { object, property: name, computed, optional } = parent.callee;
  if (computed || optional) return undefined;
  if (parent.parent.type === 'ExpressionStatement' && unwrap(object).type === 'Identifier') {
    const statement = parent.parent;
    return slot('statement', module, statement, statement.range[0], parent.range[1]);
  }
  const before = module.text.slice(object.range[1], name.range[0]).trimEnd();
  if (!before.endsWith('.')) return undefined;
  return slot('chained', module, parent, object.range[1] + before.length - 1, parent.range[1]);
}

function slot(kind: Slot['kind'], module: SourceModule, node: Slot['node'], own: number, end: number): Slot {
  const { text, comments } = module;
  let start = own;
  for (const { range } of [...comments].reverse()) {
    if (range.end > start) continue;
    const isAlone = text.slice(lineStart(text, range.start), range.start).trim() === '';
    if (!isAlone || text.slice(range.end, start).trim() !== '') break;
    start = range.start;
  }
  return { kind, module, start, end, node };
}

/** Whether no declaration stands between the statements, which one that moves up could need. */
function standTogether(slots: readonly Slot[]): boolean {
  const [first] = slots;
  const last = slots.at(-1);
  const parent = first?.node.parent;
  if (first === undefined || last === undefined || parent?.type !== 'Program') return false;
  return parent.body.every(
    ({ type, range: [start, end] }) => end <= first.start || start >= last.end || type === 'ExpressionStatement',
  );
}

/** The comments that end the lines move along, where each middleware ends a line of its own. */
function trailing(slots: readonly Slot[], module: SourceModule): readonly Edit[] {
  const { text, comments, path: file } = module;
  const ends = slots.map(({ end }) => {
    const close = lineEnd(text, end);
    const comment = comments.find(({ range }) => range.start >= end && range.end === close);
    const code = text.slice(end, comment?.range.start ?? close);
    if (!/^[ \t,;)\]]*$/.test(code)) return undefined;
    return { start: end + code.trimEnd().length, end: close, text: text.slice(end + code.trimEnd().length, close) };
  });
  if (new Set(ends.map((one) => one?.end)).size < slots.length) return [];
  const whole = ends.flatMap((one) => one ?? []);
  if (whole.length < slots.length) return [];
  return rotated(whole).flatMap((comment, i) => {
    const at = whole[i];
    return at === undefined || at.text === comment.text
      ? []
      : [{ file, start: at.start, end: at.end, text: comment.text }];
  });
}
