import { type Node, type ParseError, parseTree } from 'jsonc-parser';
import type { Range } from '../cors/place';

/** A JSON value that remembers where it was written, if it was written in a text. */
export type Tree = { readonly range?: Range } & (
  | { readonly kind: 'object'; readonly members: readonly Member[] }
  | { readonly kind: 'array'; readonly items: readonly Tree[] }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'other'; readonly value: unknown }
);

export interface Member {
  readonly key: string;
  readonly keyRange?: Range;
  /** Undefined for a key that has no value yet: `"rules":`. */
  readonly value: Tree | undefined;
}

/** What the parser stumbled over. */
export interface Stumble {
  readonly error: ParseError['error'];
  readonly range: Range;
}

/** Reads JSON with comments and trailing commas. Never throws; what can be read of a broken text is read. */
export function readTree(text: string): { readonly tree: Tree | undefined; readonly errors: readonly Stumble[] } {
  // jsonc-parser takes a byte order mark for an invalid symbol; a space keeps the offsets.
  const clean = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const errors: ParseError[] = [];
  const root = parseTree(clean, errors, { allowTrailingComma: true, disallowComments: false });
  return {
    tree: root === undefined ? undefined : fromNode(root),
    errors: errors.map(({ error, offset, length }) => ({ error, range: { start: offset, end: offset + length } })),
  };
}

/** The tree of a plain value, such as the settings that an editor sends. */
export function treeOf(value: unknown): Tree {
  if (typeof value === 'string') return { kind: 'string', text: value };
  if (Array.isArray(value)) return { kind: 'array', items: value.map(treeOf) };
  if (typeof value !== 'object' || value === null) return { kind: 'other', value };
  return { kind: 'object', members: Object.entries(value).map(([key, item]) => ({ key, value: treeOf(item) })) };
}

/** The kind of a value in a user's words: "a list", "the number 3". */
export function describe(tree: Tree): string {
  if (tree.kind === 'object') return 'an object';
  if (tree.kind === 'array') return 'a list';
  return tree.kind === 'string' ? JSON.stringify(tree.text) : String(tree.value);
}

function fromNode(node: Node): Tree {
  const range = rangeOf(node);
  if (node.type === 'string') return { kind: 'string', text: String(node.value), range };
  if (node.type === 'array') return { kind: 'array', items: (node.children ?? []).map(fromNode), range };
  if (node.type !== 'object') return { kind: 'other', value: node.value, range };
  const members = (node.children ?? []).flatMap(({ children }): Member[] => {
    const [key, value] = children ?? [];
    if (key === undefined) return [];
    return [{ key: String(key.value), keyRange: rangeOf(key), value: value && fromNode(value) }];
  });
  return { kind: 'object', members, range };
}

function rangeOf({ offset, length }: Node): Range {
  return { start: offset, end: offset + length };
}
