import { dirname, join } from 'node:path';
import type { Content, Entry, Status } from '../disk';
import { isInside } from '../paths';
import type { SourceEntry } from './source';

export type Node = FolderNode | FileNode;

export interface FolderNode {
  readonly kind: 'folder';
  /** Undefined as long as nobody has looked into it. */
  entries: ReadonlyMap<string, Entry> | undefined;
  edition: number;
}

export interface FileNode {
  readonly kind: 'file';
  /** Undefined as long as it was not read, or has changed since. */
  content: Content | undefined;
  edition: number;
}

/** Files and folders by their absolute names. Every change gives a node an edition that no node had before. */
export interface Tree {
  get(path: string): Node | undefined;
  /** Whether the path may be there, for all that is known: the nearest folder above it that nobody has looked into. */
  unseenAbove(path: string): string | undefined;
  /** Takes over what is in a folder. Gives the folders that are new; what is gone goes with all that was in it. */
  place(folder: string, entries: readonly SourceEntry[]): string[];
  setContent(file: string, make: (version: number) => Content): void;
  /** The text has changed, nobody knows how. */
  dropContent(file: string): void;
  /** How many files and folders are known. */
  size(): number;
  /** How many characters of text are kept. */
  characters(): number;
}

export function openTree(root: string): Tree {
  let edition = 0;
  let characters = 0;
  const nodes = new Map<string, Node>([[root, { kind: 'folder', entries: undefined, edition }]]);

  return {
    get: (path) => nodes.get(path),
    unseenAbove(path) {
      for (let at = dirname(path); isInside(root, at); at = dirname(at)) {
        const node = nodes.get(at);
        if (node !== undefined) return node.kind === 'folder' && node.entries === undefined ? at : undefined;
        if (at === root) break;
      }
      return undefined;
    },
    place(folder, entries) {
      const node = nodes.get(folder);
      if (node?.kind !== 'folder') return [];
      const fresh: string[] = [];
      const now = new Map(entries.map((entry) => [entry.name, entry]));
      for (const name of node.entries?.keys() ?? []) if (!now.has(name)) remove(join(folder, name));
      for (const { name, kind, isLink } of now.values()) {
        const path = join(folder, name);
        if (nodes.get(path)?.kind === kind) continue;
        remove(path);
        nodes.set(path, newNode(kind));
        // What a link to a folder holds is met, or not, under its own name.
        if (kind === 'folder' && !isLink) fresh.push(path);
      }
      node.entries = new Map([...now].map(([name, entry]) => [name, shown(entry)]));
      node.edition = ++edition;
      return fresh;
    },
    setContent(file, make) {
      const node = nodes.get(file);
      if (node?.kind !== 'file') return;
      node.edition = ++edition;
      keep(node, make(node.edition));
    },
    dropContent(file) {
      const node = nodes.get(file);
      if (node?.kind !== 'file') return;
      node.edition = ++edition;
      keep(node, undefined);
    },
    size: () => nodes.size,
    characters: () => characters,
  };

  function keep(node: FileNode, content: Content | undefined): void {
    characters += lengthOf(content) - lengthOf(node.content);
    node.content = content;
  }

  function newNode(kind: Node['kind']): Node {
    edition += 1;
    return kind === 'folder' ? { kind, entries: undefined, edition } : { kind, content: undefined, edition };
  }

  function remove(path: string): void {
    const node = nodes.get(path);
    if (node?.kind === 'folder') for (const name of node.entries?.keys() ?? []) remove(join(path, name));
    if (node?.kind === 'file') keep(node, undefined);
    nodes.delete(path);
  }
}

function lengthOf(content: Content | undefined): number {
  return content?.kind === 'text' ? content.text.length : 0;
}

/** A link keeps its own name: who knows where it leads does not tell. For a walk it is a link all the same. */
function shown({ name, kind, isLink }: SourceEntry): Entry {
  return {
    name,
    isFile: () => kind === 'file' && !isLink,
    isDirectory: () => kind === 'folder' && !isLink,
    isSymbolicLink: () => isLink,
  };
}

export function statusOf({ kind, edition }: Pick<Node, 'kind' | 'edition'>): Status {
  return {
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'folder',
    isSymbolicLink: () => false,
    mtimeMs: edition,
    ctimeMs: edition,
    size: 0,
    ino: 0,
  };
}
