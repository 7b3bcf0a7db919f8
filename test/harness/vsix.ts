import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './require';

/**
 * The packed extension: what the project's own script makes of the sources as they stand, or the file that the
 * environment variable VSIX names, to try a release.
 */
export async function packExtension(): Promise<string> {
  const given = process.env['VSIX'];
  if (given !== undefined && given !== '') return resolve(given);
  const folder = join(projectRoot, '.cache/test');
  mkdirSync(folder, { recursive: true });
  const vsix = join(folder, 'cors-lint.vsix');
  await promisify(execFile)('npm', ['run', '--silent', 'package', '--', '--out', vsix], { cwd: projectRoot });
  return vsix;
}
