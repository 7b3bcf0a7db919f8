import { parse } from 'jsonc-parser';
import { isRelative, join, type ModuleHost, readable } from './resolve';

/** What `compilerOptions` of a tsconfig.json or jsconfig.json say of names that are no paths. */
interface Aliases {
  /** The file that `baseUrl` or `paths` stands in: both are relative to its folder. */
  readonly baseFrom: string;
  readonly baseUrl: string | undefined;
  readonly paths: readonly (readonly [pattern: string, targets: readonly string[]])[];
}

const NAMES = ['tsconfig.json', 'jsconfig.json'];
/** No project is deeper, and no configuration extends more others. */
const MOST_FOLDERS = 16;
const MOST_EXTENDS = 5;
const MOST_TEXT = 200_000;

/** The file that a name stands for by an alias; null when none can be read. */
export function resolveAlias(host: ModuleHost, from: string, specifier: string): string | null {
  for (const path of aliased(host, from, specifier)) {
    const file = readable(host, path, specifier.endsWith('/'));
    if (file !== null) return file;
  }
  return null;
}

/**
 * The paths, as yet without extension, that a name stands for by the nearest tsconfig.json or jsconfig.json, the
 * likeliest first. https://www.typescriptlang.org/tsconfig/#paths
 *
 * A name without a slash is a package, whatever lies in the folder of `baseUrl`: Node takes the package.
 */
function aliased(host: ModuleHost, from: string, specifier: string): readonly string[] {
  if (specifier.startsWith('node:') || isRelative(specifier)) return [];
  const aliases = nearest(host, from);
  if (aliases === undefined) return [];
  const { baseFrom, baseUrl, paths } = aliases;
  const base = (target: string): string => beside(host, baseFrom, `${baseUrl ?? '.'}/${target}`);
  const mapped = bestOf(paths, specifier).map(base);
  const isPackage = !specifier.includes('/') || specifier.startsWith('@');
  return baseUrl === undefined || isPackage ? mapped : [...mapped, base(specifier)];
}

const found = new WeakMap<ModuleHost, Map<string, Aliases | undefined>>();

function nearest(host: ModuleHost, from: string): Aliases | undefined {
  const folder = from.slice(0, from.lastIndexOf('/') + 1);
  const known = found.get(host) ?? new Map<string, Aliases | undefined>();
  found.set(host, known);
  if (!known.has(folder)) known.set(folder, lookUp(host, from));
  return known.get(folder);
}

function lookUp(host: ModuleHost, from: string): Aliases | undefined {
  let seen = '';
  for (let up = 0; up < MOST_FOLDERS; up += 1) {
    const files = NAMES.map((name) => beside(host, from, '../'.repeat(up) + name));
    if (files[0] === seen) return undefined;
    seen = files[0] ?? '';
    const file = files.find((each) => host.readFile(each) !== null);
    if (file !== undefined) return read(host, file, MOST_EXTENDS);
  }
  return undefined;
}

/** A configuration's own options, or those of the ones that it extends. */
function read(host: ModuleHost, file: string, left: number): Aliases | undefined {
  const text = host.readFile(file);
  if (text === null || text.length > MOST_TEXT || left === 0) return undefined;
  const config: unknown = parse(text, [], { allowTrailingComma: true });
  const options = property(config, 'compilerOptions');
  const baseUrl = property(options, 'baseUrl');
  const paths = Object.entries(property(options, 'paths') ?? {}).flatMap(([pattern, targets]) =>
    Array.isArray(targets) ? [[pattern, targets.filter((target) => typeof target === 'string')] as const] : [],
  );
  if (paths.length > 0 || typeof baseUrl === 'string') {
    return { baseFrom: file, baseUrl: typeof baseUrl === 'string' ? baseUrl : undefined, paths };
  }
  for (const name of [property(config, 'extends')].flat().reverse()) {
    if (typeof name !== 'string' || !isRelative(name)) continue;
    const parent = beside(host, file, name.endsWith('.json') ? name : `${name}.json`);
    const inherited = read(host, parent, left - 1);
    if (inherited !== undefined) return inherited;
  }
  return undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

/** The targets of the exact pattern, or of the one with the longest text before its star. */
function bestOf(paths: Aliases['paths'], specifier: string): readonly string[] {
  let best: { readonly length: number; readonly targets: readonly string[] } = { length: -1, targets: [] };
  for (const [pattern, targets] of paths) {
    if (pattern === specifier) return targets;
    const [before, after, ...others] = pattern.split('*');
    if (before === undefined || after === undefined || others.length > 0 || before.length <= best.length) continue;
    if (specifier.length < before.length + after.length) continue;
    if (!specifier.startsWith(before) || !specifier.endsWith(after)) continue;
    const middle = specifier.slice(before.length, specifier.length - after.length);
    best = { length: before.length, targets: targets.map((target) => target.replace('*', () => middle)) };
  }
  return best.targets;
}

function beside(host: ModuleHost, file: string, relative: string): string {
  return host.join?.(file, relative) ?? join(file.slice(0, file.lastIndexOf('/') + 1), relative);
}
