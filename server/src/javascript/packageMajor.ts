/** The nearest package.json that speaks of the package stands at most this many folders up. */
const MOST_FOLDERS = 8;

/** Read access to manifests, as the workspace's host gives it. */
interface Manifests {
  read(file: string): string | undefined;
  resolve(from: string, relative: string): string;
}

/**
 * A package's major version for a file, from the lock file beside the nearest package.json that depends on it, or from
 * the range in that package.json; null when neither says it for certain.
 */
export function packageMajor(name: string, file: string, host: Manifests): number | null {
  const { range, locked } = packageSaid(name, file, host);
  const major = locked === null ? null : numberOf(/^(\d+)\./.exec(locked)?.[1]);
  return major ?? (range === null ? null : majorOf(range));
}

/** Whether the nearest package.json that says so depends on a package. */
export function dependsOn(name: string, file: string, host: Manifests): boolean {
  return packageSaid(name, file, host).range !== null;
}

/** The lowest version of a package that may be installed: `[3, 4, 1]`; exact where it is the only one. */
export interface LowestVersion {
  readonly numbers: readonly [major: number, minor: number, patch: number];
  readonly isExact: boolean;
}

/**
 * The lowest version of a package for a file: that of the lock file, which is exact, or the least that the range in the
 * package.json takes (`^3.4`, `~3.4.1`, `3.4.1`); null where neither says it for certain.
 */
export function lowestVersion(name: string, file: string, host: Manifests): LowestVersion | null {
  const { range, locked } = packageSaid(name, file, host);
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)(?:-[\w.]+)?$/.exec(locked ?? '') ?? [];
  if (major !== undefined) return { numbers: [Number(major), Number(minor), Number(patch)], isExact: true };
  const given = /^(?:npm:[@\w/-]+@)?([\^~=v]*)(\d+)(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?(?:-[\w.]+)?$/.exec(
    range?.trim() ?? '',
  );
  if (given === null) return null;
  const at = (index: number) => (/^\d+$/.test(given[index] ?? '') ? Number(given[index]) : 0);
  const isExact = !/[\^~]/.test(given[1] ?? '') && /^\d+$/.test(given[4] ?? '');
  return { numbers: [at(2), at(3), at(4)], isExact };
}

/** What the nearest package.json that depends on a package, and the lock file beside it, say of its version. */
function packageSaid(
  name: string,
  file: string,
  host: Manifests,
): { readonly range: string | null; readonly locked: string | null } {
  for (let i = 0, up = './'; i < MOST_FOLDERS; i++, up = `../${up}`) {
    const range = dependencyRange(host.read(host.resolve(file, `${up}package.json`)), name);
    if (range === null) continue;
    return { range, locked: lockedVersion(host.read(host.resolve(file, `${up}package-lock.json`)), name) };
  }
  return { range: null, locked: null };
}

/** The range that a package.json gives for a package; null when it gives none or cannot be read. */
function dependencyRange(text: string | undefined, name: string): string | null {
  const manifest = parsed(text);
  for (const key of ['dependencies', 'devDependencies', 'peerDependencies']) {
    const range = field(field(manifest, key), name);
    if (typeof range === 'string') return range;
  }
  return null;
}

function lockedVersion(text: string | undefined, name: string): string | null {
  const lock = parsed(text);
  const entry = field(field(lock, 'packages'), `node_modules/${name}`) ?? field(field(lock, 'dependencies'), name);
  const version = field(entry, 'version');
  return typeof version === 'string' ? version : null;
}

/** Ranges that stay inside one major version: `^5.0.0`, `~4.18`, `5`, `4.x`. */
function majorOf(range: string): number | null {
  return numberOf(/^(?:npm:[@\w/-]+@)?[\^~=v]*(\d+)(?:\.[\dx*]+){0,2}(?:-[\w.]+)?$/.exec(range.trim())?.[1]);
}

function numberOf(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function field(object: unknown, key: string): unknown {
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, key)) return undefined;
  return Reflect.get(object, key);
}
