import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './require';

/** Packs the extension as it stands, by the project's own script, and returns the .vsix file's path. */
export async function packExtension(): Promise<string> {
  const folder = join(projectRoot, '.cache/test');
  mkdirSync(folder, { recursive: true });
  const vsix = join(folder, 'cors-lint.vsix');
  await promisify(execFile)('npm', ['run', '--silent', 'package', '--', '--out', vsix], { cwd: projectRoot });
  return vsix;
}
