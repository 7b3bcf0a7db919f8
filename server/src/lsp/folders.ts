import path from 'node:path';
import type { Crash } from '../lint/find';
import type { Disk } from '../workspace/disk';
import type { Source } from '../workspace/fetched/source';
import type { Workspace, WorkspaceOptions } from '../workspace/types';
import type { EditorSettings, SettingsSource } from './editorSettings';
import { type FileNames, isOnDisk } from './fileNames';

/** The workspaces that the editor has open: one for each folder, and one for a document that lies in none. */
export interface Folders {
  /** The workspace that a file belongs to; opened when first asked for. */
  of(file: string): Promise<Folder>;
  /** One for each of the editor's folders. */
  all(): Promise<readonly Folder[]>;
  /** The one that a file belongs to, if something has asked for it before. */
  opened(): readonly Folder[];
  change(added: readonly string[], removed: readonly string[]): void;
  /** Fetches the editor's settings again and hands them on. */
  reconfigure(): Promise<void>;
}

export interface Folder {
  readonly workspace: Workspace;
  /** As last fetched. */
  readonly settings: EditorSettings;
}

/** Opens a workspace with every platform and rule; loads them when it is first called. */
export type OpenWorkspace = (options: Omit<WorkspaceOptions, 'platforms' | 'rules'>) => Promise<Workspace>;

export interface FoldersOptions {
  readonly openWorkspace: OpenWorkspace;
  /** The file system of the machine that the server runs on; undefined in a browser. */
  readonly disk: Disk | undefined;
  /** The client's files, if it hands them over. */
  readonly source: Source | undefined;
  /** Told in a sentence of what is left out of a large workspace. */
  readonly onLimit: (message: string) => void;
  readonly names: FileNames;
  readonly settings: SettingsSource;
  /** Called with every workspace that is opened, before anyone else gets it. */
  readonly onOpen: (workspace: Workspace) => void;
  readonly onCrash: (crash: Crash) => void;
  readonly onStale: (files: readonly string[]) => void;
}

export function createFolders(uris: readonly string[], options: FoldersOptions): Folders {
  const { names, settings } = options;
  const roots = new Map<string, string>();
  const folders = new Map<string, Promise<OpenFolder>>();
  const ready = new Map<string, OpenFolder>();

  const open = (root: string): Promise<OpenFolder> => {
    const known = folders.get(root);
    if (known) return known;
    const opening = openFolder(root, roots.get(root), options).then((folder) => {
      if (folders.get(root) === opening) ready.set(root, folder);
      return folder;
    });
    folders.set(root, opening);
    opening.catch(() => folders.delete(root));
    return opening;
  };
  const close = (root: string): void => {
    folders.delete(root);
    ready.delete(root);
  };
  const rootOf = (file: string): string => {
    const inside = [...roots.keys()].filter((root) => contains(root, file));
    return inside.sort((a, b) => b.length - a.length)[0] ?? path.dirname(file);
  };
  const change = (added: readonly string[], removed: readonly string[]): void => {
    for (const uri of removed) {
      const root = names.toFile(uri);
      roots.delete(root);
      close(root);
    }
    for (const uri of added) {
      const root = names.toFile(uri);
      roots.set(root, uri);
      // Files that were in no folder, or in an outer one, may be in this one now.
      for (const other of [...folders.keys()]) if (!roots.has(other) && contains(root, other)) close(other);
    }
  };

  change(uris, []);
  return {
    of: (file) => open(rootOf(file)),
    all: () => Promise.all([...roots.keys()].map(open)),
    opened: () => [...ready.values()],
    change,
    async reconfigure() {
      for (const opening of [...folders.values()]) {
        const folder = await opening;
        folder.settings = await settings.get(folder.uri);
        folder.workspace.configure(folder.settings.configuration);
      }
    },
  };
}

interface OpenFolder extends Folder {
  readonly uri: string | undefined;
  settings: EditorSettings;
}

async function openFolder(root: string, uri: string | undefined, options: FoldersOptions): Promise<OpenFolder> {
  const settings = await options.settings.get(uri);
  const workspace = await openOn(root, uri, settings, options);
  options.onOpen(workspace);
  return { workspace, settings, uri };
}

async function openOn(
  root: string,
  uri: string | undefined,
  { configuration: editor }: EditorSettings,
  { disk, source, openWorkspace, onCrash, onLimit, onStale }: FoldersOptions,
): Promise<Workspace> {
  const own = { root, editor, onCrash, offersSeenOrigins: true };
  const isOurs = uri === undefined || isOnDisk(uri) || source === undefined;
  if (disk !== undefined && isOurs) {
    // Who listens has the whole folder searched. What lies around a single file (a home folder, /etc) is left alone.
    return openWorkspace({ ...own, disk, ...(uri === undefined ? {} : { onStale }) });
  }
  const { NO_SOURCE, openFetched } = await import('../workspace/fetched/openFetched');
  return openFetched({
    root,
    source: uri === undefined ? NO_SOURCE : (source ?? NO_SOURCE),
    open: (fetched) => openWorkspace({ ...own, disk: fetched }),
    onStale: uri === undefined ? undefined : onStale,
    onLimit,
  });
}

/** Whether the file is the folder or lies in it. */
export function contains(folder: string, file: string): boolean {
  const way = path.relative(folder, file);
  return way === '' || (way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way));
}
