import { relativePath } from '../workspace/paths';

/** A path as the user would write it: from the working directory, with forward slashes. */
export function shownPath(cwd: string, file: string): string {
  return relativePath(cwd, file) || '.';
}
