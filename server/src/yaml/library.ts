import type * as Yaml from 'yaml';

/** The `yaml` package as a value. */
export type YamlLibrary = typeof Yaml;

let loaded: YamlLibrary | undefined;

/**
 * Loads the `yaml` package when the first YAML file needs it: it costs some 35 ms, which a server that only ever sees
 * nginx files should not pay at its start.
 */
export async function loadYaml(): Promise<YamlLibrary> {
  loaded ??= await import('yaml');
  return loaded;
}
