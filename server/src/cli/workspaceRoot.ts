import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isInside } from '../workspace/paths';

/**
 * The folder whose files may be read when these paths are looked at: the top of the repository, or without one the
 * working directory or whatever it takes to hold all paths.
 * @param folders absolute: the folders named, and those that named files are in
 */
export function workspaceRoot(cwd: string, folders: readonly string[]): string {
  const roots = folders.map((folder) => repositoryOf(folder) ?? (isInside(cwd, folder) ? cwd : folder));
  return roots.reduce(commonFolder, roots[0] ?? repositoryOf(cwd) ?? cwd);
}

function repositoryOf(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : repositoryOf(parent);
}

function commonFolder(a: string, b: string): string {
  if (isInside(a, b)) return a;
  const parent = dirname(a);
  return parent === a ? a : commonFolder(parent, b);
}
