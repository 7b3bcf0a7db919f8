import type { Reader, SourceModule } from '../../../javascript';

/** What a file is called that an app starts with, in its `src`. */
const ENTRIES = ['main', 'index', 'App'];
/** What those are called that set a client up. */
const SETUP = /axios|api|http|request|config|setup|intercept|client|context|auth|boot/i;

/**
 * The files that are sure to be loaded with a file and may set the defaults of axios: itself, what an app starts with,
 * and what these import for it by name.
 */
export function modulesBeside(reader: Reader, module: SourceModule): readonly SourceModule[] {
  const found = new Map<string, SourceModule>([[module.path, module]]);
  const add = (from: SourceModule, specifier: string): void => {
    const path = reader.resolve(from, specifier);
    const other = path === null || found.has(path) ? null : reader.module(path);
    if (other !== null) found.set(other.path, other);
  };
  const up = toSource(module.path);
  if (up !== undefined) for (const name of ENTRIES) add(module, `${up}${name}`);
  for (const from of [...found.values()]) for (const specifier of setupsOf(from)) add(from, specifier);
  return [...found.values()];
}

/** The files that run before a file does, and are called like something that sets a client up. */
export function modulesBefore(reader: Reader, module: SourceModule): readonly SourceModule[] {
  return setupsOf(module).flatMap((specifier) => {
    const path = reader.resolve(module, specifier);
    return (path === null ? null : reader.module(path)) ?? [];
  });
}

function setupsOf({ program }: SourceModule): readonly string[] {
  return program.body.flatMap((statement) => {
    if (statement.type !== 'ImportDeclaration') return [];
    const { value } = statement.source;
    return /^[.@~]/.test(value) && SETUP.test(value) ? [value] : [];
  });
}

/** The way from a file to the folder `src` that it stands in: `./`, `../../`. */
function toSource(path: string): string | undefined {
  const below = /[\\/]src[\\/](.*)$/.exec(path)?.[1];
  if (below === undefined) return undefined;
  const depth = below.split(/[\\/]/).length - 1;
  return depth === 0 ? './' : '../'.repeat(depth);
}
