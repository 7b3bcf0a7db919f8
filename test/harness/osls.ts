import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { needPart } from './require';

const run = promisify(execFile);

export interface OslsResult {
  readonly exit: number;
  readonly output: string;
  /** What CloudFormation would be given; undefined when packaging stopped. */
  readonly resources: Readonly<Record<string, { readonly Type: string; readonly Properties: object }>> | undefined;
}

/** Packages a service with osls, offline, in a folder of its own that is gone afterwards. */
export async function packageService(files: ReadonlyMap<string, string>): Promise<OslsResult> {
  const folder = mkdtempSync(join(tmpdir(), 'cors-lint-osls-'));
  try {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { exit, output } = await osls(folder);
    if (exit !== 0) return { exit, output, resources: undefined };
    const template = readFileSync(join(folder, '.package/cloudformation-template-update-stack.json'), 'utf8');
    return {
      exit,
      output,
      resources: (JSON.parse(template) as { Resources: NonNullable<OslsResult['resources']> }).Resources,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function osls(folder: string): Promise<{ exit: number; output: string }> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_EC2_METADATA_DISABLED: 'true',
    SLS_TELEMETRY_DISABLED: '1',
    SLS_NOTIFICATIONS_MODE: 'off',
    NO_COLOR: '1',
  };
  try {
    const { stdout, stderr } = await run(process.execPath, [needPart('osls'), 'package', '--package', '.package'], {
      cwd: folder,
      env,
      timeout: 200_000,
    });
    return { exit: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    return { exit: typeof code === 'number' ? code : 1, output: stdout + stderr };
  }
}
