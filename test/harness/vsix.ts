import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './require';

/**
 * The packed extension: what the project's own script makes of the sources as they stand, or the file that the
 * environment variable VSIX names, to try a release. Each test process has a file of its own, for as long as it runs:
 * several may pack at the same time.
 */
export async function packExtension(): Promise<string> {
  const given = process.env['VSIX'];
  if (given !== undefined && given !== '') return resolve(given);
  const folder = mkdtempSync(join(tmpdir(), 'cors-lint-vsix-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const vsix = join(folder, 'cors-lint.vsix');
  await promisify(execFile)('npm', ['run', '--silent', 'package', '--', '--out', vsix], { cwd: projectRoot });
  return vsix;
}
