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

/** All variables of those files: what runs on the developer's machine gets to see them. */
export function allVariablesFor(file: string, host: Host): VariableValue {
  let texts: readonly string[] | undefined;
  return (name) => {
    texts ??= textsFor(file, host);
    for (const text of texts) {
      const value = valueIn(text, name);
      if (value !== undefined) return value;
    }
    return undefined;
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

/** https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow */
function valueIn(text: string, name: string): string | undefined {
  for (const line of text.split(/\r\n?|\n/)) {
    const [, key, rest = ''] = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*)$/s.exec(line) ?? [];
    if (key !== name) continue;
    const quoted = /^(['"`])(.*?)\1/.exec(rest)?.[2];
    const value = quoted ?? rest.replace(/\s#.*$/s, '').trim();
    return value.includes('$') ? undefined : value;
  }
  return undefined;
}
