import type { Host } from '../../lint/types';
import type { ExpressVersion } from './pathPattern';

/** The nearest package.json that speaks of Express stands at most this many folders up. */
const MOST_FOLDERS = 8;

/**
 * Express's major version, from the lock file beside the nearest package.json that depends on it, or from the range in
 * that package.json; null when neither says it for certain.
 */
export function expressVersion(file: string, host: Host): ExpressVersion {
  for (let i = 0, up = './'; i < MOST_FOLDERS; i++, up = `../${up}`) {
    const range = dependencyRange(host.read(host.resolve(file, `${up}package.json`)));
    if (range === null) continue;
    return lockedMajor(host.read(host.resolve(file, `${up}package-lock.json`))) ?? majorOf(range);
  }
  return null;
}

/** The range that a package.json gives for Express; null when it gives none or cannot be read. */
function dependencyRange(text: string | undefined): string | null {
  const manifest = parsed(text);
  for (const key of ['dependencies', 'devDependencies', 'peerDependencies']) {
    const range = field(field(manifest, key), 'express');
    if (typeof range === 'string') return range;
  }
  return null;
}

function lockedMajor(text: string | undefined): ExpressVersion {
  const lock = parsed(text);
  const entry = field(field(lock, 'packages'), 'node_modules/express') ?? field(field(lock, 'dependencies'), 'express');
  const version = field(entry, 'version');
  return typeof version === 'string' ? major(/^(\d+)\./.exec(version)?.[1]) : null;
}

/** Ranges that stay inside one major version: `^5.0.0`, `~4.18`, `5`, `4.x`. */
function majorOf(range: string): ExpressVersion {
  return major(/^(?:npm:express@)?[\^~=v]*(\d+)(?:\.[\dx*]+){0,2}(?:-[\w.]+)?$/.exec(range.trim())?.[1]);
}

function major(text: string | undefined): ExpressVersion {
  return text === '4' ? 4 : text === '5' ? 5 : null;
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
