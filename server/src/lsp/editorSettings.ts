import type { ClientTraits } from './clientTraits';

/** The section of an editor's settings that is ours. */
export const SECTION = 'corsLint';

/** An editor's settings for one folder. */
export interface EditorSettings {
  readonly enable: boolean;
  /** Whether the policy of each endpoint is shown above it. */
  readonly codeLens: boolean;
  /** Of the shape of `.corslintrc.json`, unchecked; what the editor leaves at its default is left out. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** The keys that the editor's settings share with `.corslintrc.json`. */
const SHARED_KEYS = ['rules', 'platforms', 'ignore', 'origins', 'nginxVersion'] as const;

/** Reads the value of the section as the client gives it: whatever JSON, or nothing. */
export function readEditorSettings(section: unknown): EditorSettings {
  const values = new Map(isObject(section) ? Object.entries(section) : []);
  const configuration = SHARED_KEYS.flatMap((key) => {
    const value = values.get(key);
    return isUnset(value) ? [] : [[key, value] as const];
  });
  return {
    enable: values.get('enable') !== false,
    codeLens: values.get('codeLens') === true,
    configuration: Object.fromEntries(configuration),
  };
}

/** VS Code fills in what a user did not set with the defaults of package.json, which are empty. */
function isUnset(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where settings come from: a question to the client for each folder, or what the client last told on its own. */
export interface SettingsSource {
  /** @param scope the URI of the folder; undefined for what belongs to none */
  get(scope: string | undefined): Promise<EditorSettings>;
  /** The client says that something changed, and perhaps what to. */
  changed(settings: unknown): void;
}

/** @param ask sends `workspace/configuration` */
export function createSettingsSource(
  client: ClientTraits,
  ask: (scope: string | undefined) => Promise<unknown>,
): SettingsSource {
  const known = new Map<string | undefined, Promise<EditorSettings>>();
  let told: unknown = ownSection(client.options.settings);
  return {
    get(scope) {
      const cached = known.get(scope);
      if (cached) return cached;
      const settings = client.asksForSettings
        ? ask(scope).then(readEditorSettings, () => readEditorSettings(undefined))
        : Promise.resolve(readEditorSettings(told));
      known.set(scope, settings);
      return settings;
    },
    changed(settings) {
      known.clear();
      if (settings !== undefined && settings !== null) told = ownSection(settings);
    },
  };
}

/** Clients send either all their settings or our section alone. */
function ownSection(settings: unknown): unknown {
  return isObject(settings) && SECTION in settings ? settings[SECTION] : settings;
}
