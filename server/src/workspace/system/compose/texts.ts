import { deref, entriesOf, entryOf, type YamlEntry, type YamlNode } from '../../../yaml/tree';
import { both, type Circumstance, interpolate, type Variables, type Written } from './interpolate';

/** Where something is written, and what its texts take variables from. */
export interface Surroundings {
  /** The folder that its paths start from. Absolute. */
  readonly folder: string;
  readonly variables: Variables;
  /** When what is written there is read at all; undefined when it always is. */
  readonly provided: Circumstance | undefined;
}

export type TextReader = (node: YamlNode | undefined) => Written | undefined;

/** Lists and maps are read as far as this: nobody writes longer ones, and aliases can make many of one. */
const MOST_ENTRIES = 500;

/** Reads scalars with their variables filled in; anything else, and what is not known, is undefined. */
export function textReader({ variables, provided }: Surroundings): TextReader {
  return (node) => {
    const text = rawText(node);
    const written = text === undefined ? undefined : interpolate(text, variables);
    return written && { text: written.text, provided: both(provided, written.provided) };
  };
}

/** A scalar as it is written; undefined for an empty one and for anything else. */
export function rawText(node: YamlNode | undefined): string | undefined {
  const value = deref(node);
  return value?.kind === 'scalar' && value.value !== null && !isReset(value) ? String(value.value) : undefined;
}

/** Whether a value is there to take away what it would be merged over. https://docs.docker.com/reference/compose-file/merge/#reset-value */
export function isReset(node: YamlNode | undefined): boolean {
  return node?.tag === '!reset';
}

/** The entries of a map, merge keys applied; none for anything else. */
export function entriesIn(node: YamlNode | undefined): readonly YamlEntry[] {
  const map = deref(node);
  return map?.kind === 'map' && !isReset(map) ? [...entriesOf(map).values()].slice(0, MOST_ENTRIES) : [];
}

/** The items of a list; none for anything else. */
export function itemsIn(node: YamlNode | undefined): readonly YamlNode[] {
  const list = deref(node);
  return list?.kind === 'list' && !isReset(list) ? list.items.slice(0, MOST_ENTRIES) : [];
}

export function entriesAt(node: YamlNode, key: string): readonly YamlEntry[] {
  return entriesIn(entryOf(node, key)?.value);
}

export function itemsAt(node: YamlNode, key: string): readonly YamlNode[] {
  return itemsIn(entryOf(node, key)?.value);
}
