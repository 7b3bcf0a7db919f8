import { dirname, join } from 'node:path';
import { mergeConfigurations } from './merge';
import { parseConfiguration, type Read, readEditorSettings } from './parse';
import type { Configuration, ConfigurationProblem, Settings } from './settings';

/** The file's name in every folder. */
export const CONFIGURATION_FILE = '.corslintrc.json';

export interface LoaderOptions {
  /** Absolute; the `ignore` patterns of the editor and of the command line are seen from here. */
  readonly root: string;
  readonly ruleIds: ReadonlySet<string>;
  readonly editor?: unknown;
  readonly commandLine?: Configuration;
  /** False: files are not looked for. */
  readonly useFiles?: boolean;
  /** The text of a file as an editor has it open, else from the disk; undefined when there is no such file. */
  readonly read: (file: string) => FileText | undefined;
}

/** A text, or why a file that is there has none, in a few words. */
export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'none'; readonly reason: string };

/** What holds for the files of one folder. */
export interface Loaded {
  readonly settings: Settings;
  readonly problems: readonly ConfigurationProblem[];
  /** The configuration file that was used, absolute. */
  readonly file: string | undefined;
}

export interface ConfigurationLoader {
  /**
   * What holds for the files in `folder` (absolute): the editor's settings, the nearest configuration file in the
   * folder or above it, up to the root of the file system, and the command line, merged. Never throws. The same object
   * until `forget`.
   */
  load(folder: string): Loaded;
  /** A configuration file was created, changed, deleted, opened or edited: everything is read again when asked for. */
  forget(): void;
}

/** The one loader, for the editor and the command line alike. */
export function openLoader(options: LoaderOptions): ConfigurationLoader {
  const { root, ruleIds, commandLine = {}, useFiles = true } = options;
  const editor = readEditorSettings(options.editor, ruleIds);
  const byFolder = new Map<string, Loaded>();
  const byFile = new Map<string, Loaded>();
  const withoutFile = merge(undefined);

  return { load, forget };

  function load(folder: string): Loaded {
    if (!useFiles) return withoutFile;
    const known = byFolder.get(folder);
    if (known !== undefined) return known;
    const parent = dirname(folder);
    const loaded = loadFrom(join(folder, CONFIGURATION_FILE)) ?? (parent === folder ? withoutFile : load(parent));
    byFolder.set(folder, loaded);
    return loaded;
  }

  function loadFrom(file: string): Loaded | undefined {
    const known = byFile.get(file);
    if (known !== undefined) return known;
    const read = readConfiguration(file, options.read(file), ruleIds);
    if (read === undefined) return undefined;
    const loaded = merge({ file, ...read });
    byFile.set(file, loaded);
    return loaded;
  }

  function merge(nearest: (Read & { readonly file: string }) | undefined): Loaded {
    const layers = [{ configuration: editor.configuration, folder: root }];
    if (nearest) layers.push({ configuration: nearest.configuration, folder: dirname(nearest.file) });
    layers.push({ configuration: commandLine, folder: root });
    return {
      settings: mergeConfigurations(layers),
      problems: [...editor.problems, ...(nearest?.problems ?? [])],
      file: nearest?.file,
    };
  }

  function forget(): void {
    byFolder.clear();
    byFile.clear();
  }
}

/** Undefined when there is no such file. A file that is there and cannot be read is a problem of its own. */
function readConfiguration(
  file: string,
  content: FileText | undefined,
  ruleIds: ReadonlySet<string>,
): Read | undefined {
  if (content === undefined) return undefined;
  if (content.kind === 'text') return parseConfiguration(file, content.text, ruleIds);
  const message = `This configuration is not used: ${content.reason}.`;
  return { configuration: {}, problems: [{ source: { kind: 'file', file }, message }] };
}
