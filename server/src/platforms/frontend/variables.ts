import { readDotEnv } from '../../javascript/dotEnv';
import type { Host } from '../../lint/types';
import type { VariableValue } from './address';

/** Names that front ends get to see: Vite's, Create React App's, Next's. */
const PUBLIC = /^(?:VITE_|REACT_APP_|NEXT_PUBLIC_|VUE_APP_)/;
/** In the order in which Vite and Create React App prefer them when they serve for development. */
const FILES = ['.env.development.local', '.env.local', '.env.development', '.env'];
/** How far above a file they are looked for. */
const MOST_FOLDERS = 6;

/** The public variables of the `.env` files beside the package.json above a file. They are read as data. */
export function variablesFor(file: string, host: Host): VariableValue {
  const all = allVariablesFor(file, host);
  return (name) => (PUBLIC.test(name) ? all(name) : undefined);
}

/** All variables of those files: what runs on the developer's machine gets to see them. They are read when one is asked for, once. */
export function allVariablesFor(file: string, host: Host): VariableValue {
  let values: ReadonlyMap<string, string | undefined> | undefined;
  return (name) => {
    values ??= valuesIn(textsFor(file, host));
    return values.get(name);
  };
}

function textsFor(file: string, host: Host): readonly string[] {
  let up = '';
  for (let i = 0; i < MOST_FOLDERS; i++) {
    if (host.read(host.resolve(file, `${up}package.json`)) !== undefined) {
      const folder = up;
      return FILES.flatMap((name) => host.read(host.resolve(file, folder + name)) ?? []);
    }
    up += '../';
  }
  return [];
}

/** What the texts set, an earlier text over the later ones; undefined for what takes something from other variables. */
function valuesIn(texts: readonly string[]): ReadonlyMap<string, string | undefined> {
  return new Map(texts.toReversed().flatMap((text) => [...readDotEnv(text)]));
}
