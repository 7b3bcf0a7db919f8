import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { needPart } from './require';

/** The two frameworks that package: version 3, and osls 4. */
export type Framework = 'serverless' | 'osls';

export interface PackageResult {
  readonly exit: number;
  readonly output: string;
  /** What CloudFormation would be given; undefined when packaging stopped. */
  readonly resources: Readonly<Record<string, { readonly Type: string; readonly Properties: object }>> | undefined;
}

/** A framework in a process of its own, which packages service after service, offline. */
export interface Packager {
  /** @param files by path within the service's folder, which is gone afterwards */
  pack(files: ReadonlyMap<string, string>): Promise<PackageResult>;
  stop(): void;
}

/** An archive without entries: with it as the artifact nothing has to be zipped. */
const EMPTY_ZIP = Buffer.from(`PK\x05\x06${'\0'.repeat(18)}`, 'latin1');
export const ARTIFACT = 'empty.zip';

/** The frameworks keep something of every service: after some 500 the process has no memory left. */
const SERVICES_OF_A_PROCESS = 200;

/** Starts a framework. Its first service takes seconds, each further one half a second. */
export function startPackager(framework: Framework): Packager {
  const home = mkdtempSync(join(tmpdir(), 'cors-lint-package-'));
  const root = dirname(dirname(needPart(framework)));
  let child: ChildProcess | undefined;
  let left = 0;
  const running = (): ChildProcess => {
    if (child === undefined || !child.connected || left === 0) {
      child?.kill();
      child = startProcess(root, home);
      left = SERVICES_OF_A_PROCESS;
    }
    left -= 1;
    return child;
  };
  let count = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const pack = async (files: ReadonlyMap<string, string>): Promise<PackageResult> => {
    count += 1;
    const folder = join(home, `service-${count}`);
    try {
      for (const [name, text] of files) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
      writeFileSync(join(folder, ARTIFACT), EMPTY_ZIP);
      const { exit, output } = await ask(running(), folder);
      if (exit !== 0) return { exit, output, resources: undefined };
      const template = readFileSync(join(folder, '.package/cloudformation-template-update-stack.json'), 'utf8');
      const { Resources } = JSON.parse(template) as { Resources: NonNullable<PackageResult['resources']> };
      return { exit, output, resources: Resources };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  return {
    pack(files) {
      // One at a time: the framework works in its process's folder.
      const result = turn.then(() => pack(files));
      turn = result.catch(() => undefined);
      return result;
    },
    stop() {
      child?.kill();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function startProcess(root: string, home: string): ChildProcess {
  return fork(join(import.meta.dirname, 'packageRunner.cjs'), [root], {
    cwd: home,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_EC2_METADATA_DISABLED: 'true',
      SLS_TELEMETRY_DISABLED: '1',
      SLS_NOTIFICATIONS_MODE: 'off',
      NO_COLOR: '1',
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

interface Answer {
  readonly exit: number;
  readonly output: string;
}

function ask(child: ChildProcess, folder: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the framework ended'));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as Answer);
    });
    child.send({ folder });
  });
}
