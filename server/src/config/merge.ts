import type { Configuration, IgnoreList, Level, Settings } from './settings';

/** What one source says, with the folder (absolute) that its `ignore` patterns are seen from. */
export interface Layer {
  readonly configuration: Configuration;
  readonly folder: string;
}

/**
 * Puts the sources together. The order is: built-in, then the editor's settings, then the nearest `.corslintrc.json`,
 * then the command line; a later one is stronger. Of `rules` and `platforms`, each goes by the strongest source that mentions
 * it; `ignore` lists are joined, so that a later `!pattern` can take an earlier one back; `origins` and `nginxVersion` are
 * those of the strongest source that has them.
 */
export function mergeConfigurations(weakestFirst: readonly Layer[]): Settings {
  const rules = new Map<string, Level>();
  const platforms = new Map<string, boolean>();
  const ignore: IgnoreList[] = [];
  let origins: readonly string[] = [];
  let nginxVersion: string | undefined;
  for (const { configuration, folder } of weakestFirst) {
    for (const [id, level] of Object.entries(configuration.rules ?? {})) rules.set(id, level);
    for (const [id, isOn] of Object.entries(configuration.platforms ?? {})) platforms.set(id, isOn);
    if (configuration.ignore !== undefined) ignore.push({ folder, patterns: configuration.ignore });
    origins = configuration.origins ?? origins;
    nginxVersion = configuration.nginxVersion ?? nginxVersion;
  }
  return { rules, platforms, ignore, origins, ...(nginxVersion === undefined ? {} : { nginxVersion }) };
}
