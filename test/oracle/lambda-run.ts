import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Payload } from '../../server/src/aws/lambda/handler';
import { projectRoot } from '../harness/require';
import type { MadeHandler } from './lambda-grammar';

const SECONDS = 1000;

/** A request as API Gateway tells a function of it. */
export interface Event {
  readonly payload: Payload;
  readonly method: string;
  readonly origin: string | undefined;
  readonly body: string | null;
}

/** What a handler answered, or threw. */
export interface Outcome {
  readonly error?: string;
  readonly answer?: {
    readonly statusCode?: number;
    readonly headers?: Readonly<Record<string, unknown>>;
    readonly multiValueHeaders?: Readonly<Record<string, readonly unknown[]>>;
  } | null;
}

/** A handler with the events that it is run with. */
export type Job = MadeHandler & { readonly events: readonly Event[] };

/**
 * Runs `handler` of each `h.mjs` with each of its events, all in one process of their own.
 * @returns for each handler what it answered each event
 */
export async function runHandlers(jobsOf: readonly Job[]): Promise<readonly (readonly Outcome[])[]> {
  const root = mkdtempSync(join(tmpdir(), 'cors-lint-lambda-'));
  try {
    const jobs = jobsOf.map(({ files, middy, events }, i) => {
      const folder = join(root, String(i));
      mkdirSync(folder);
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      if (middy !== undefined) linkMiddy(folder, middy);
      return { file: join(folder, 'h.mjs'), events: events.map(eventOf) };
    });
    writeFileSync(join(root, 'jobs.json'), JSON.stringify(jobs));
    const runner = join(projectRoot, 'test/oracle/lambda-runner.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [runner, join(root, 'jobs.json')], {
      maxBuffer: 1 << 28,
      timeout: 100 * SECONDS,
    });
    return JSON.parse(stdout) as readonly (readonly Outcome[])[];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The project has the last version under its own name and older ones under others. */
function linkMiddy(folder: string, major: number): void {
  for (const name of ['core', 'http-cors', 'http-error-handler']) {
    const link = join(folder, 'node_modules/@middy', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(projectRoot, 'node_modules', major === 6 ? `@middy/${name}` : `middy${major}-${name}`), link);
  }
}

function eventOf({ payload, method, origin, body }: Event): unknown {
  const headers = { host: 'api.example.com', ...(origin === undefined ? {} : { origin }) };
  return payload === '1.0'
    ? { httpMethod: method, path: '/', headers, body, requestContext: { httpMethod: method } }
    : { version: '2.0', rawPath: '/', headers, body, requestContext: { http: { method, path: '/' } } };
}
