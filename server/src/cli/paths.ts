import { realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { suggest } from '../config/suggest';
import { A_LINK, GONE } from '../workspace/disk';
import { whyUnreadable } from '../workspace/nodeDisk';
import { Complaint } from './complaint';

/** A path that the user named, links followed. */
export interface NamedPath {
  /** Absolute. */
  readonly path: string;
  /** The folder itself, or the one that the file is in. */
  readonly folder: string;
}

const COMMANDS = ['audit', 'try', 'explain'];

/** Makes sure that a path is there; complains in the user's words when it is not. */
export function namedPath(cwd: string, given: string): NamedPath {
  try {
    const path = realpathSync.native(resolve(cwd, given));
    return { path, folder: statSync(path).isDirectory() ? path : dirname(path) };
  } catch (error) {
    throw new Complaint(explain(given, error));
  }
}

function explain(given: string, error: unknown): string {
  const why = whyUnreadable(error);
  if (why === A_LINK) return `"${given}" is a link that leads to itself.`;
  if (why !== GONE) return `"${given}" ${why}.`;
  const command = /[\\/.]/.test(given) ? undefined : suggest(given, COMMANDS);
  const hint = command === undefined ? '' : ` Did you mean the command "${command}"?`;
  return `There is no file or folder "${given}".${hint}`;
}
