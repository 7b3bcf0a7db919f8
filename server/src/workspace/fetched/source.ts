/**
 * Who has the files where the core cannot read them itself: the editor of a virtual workspace, and any editor in a
 * browser. Answers come in the order of what was asked. Never rejects.
 */
export interface Source {
  /** What is in each folder; undefined for one that is gone or cannot be read. */
  list(folders: readonly string[]): Promise<readonly (readonly SourceEntry[] | undefined)[]>;
  /** The text of each file, or why there is none, in a few words. */
  read(files: readonly string[]): Promise<readonly SourceText[]>;
}

export interface SourceEntry {
  readonly name: string;
  /** Of what a link leads to. */
  readonly kind: 'file' | 'folder';
  readonly isLink: boolean;
}

export type SourceText = { readonly text: string } | { readonly reason: string };

/** Nobody has the files: only what is open is known. */
export const NO_SOURCE: Source = {
  list: async (folders) => folders.map(() => undefined),
  read: async (files) => files.map(() => ({ reason: 'not handed over' })),
};
