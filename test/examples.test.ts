/** The example projects: every planted fault is found at its line, nothing else is, and --fix mends what is mechanical. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import planted from '../examples/expected.json';
import { platforms, rules } from '../server/src/lint/registry';
import { nodeDisk } from '../server/src/workspace/nodeDisk';
import { openWorkspace } from '../server/src/workspace/openWorkspace';
import { projectRoot } from './harness/require';

interface Found {
  readonly file: string;
  readonly rule: string;
  readonly severity: string;
  readonly range: { readonly start: { readonly line: number } };
}

const cli = join(projectRoot, 'dist/cli.js');
let folder: string;

beforeAll(() => {
  execFileSync(process.execPath, [join(projectRoot, 'esbuild.mjs'), '--quiet'], { cwd: projectRoot });
  folder = mkdtempSync(join(tmpdir(), 'cors-lint-examples-'));
  cpSync(join(projectRoot, 'examples'), folder, { recursive: true });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the examples', () => {
  it('have each planted fault found at its line, and nothing else at error or warning', () => {
    expect(grave(audit())).toEqual(planted.map(describeFault).sort());
  }, 300_000);

  it('are mended by --fix wherever a fix is certain', () => {
    const left = planted.filter(({ fixed }) => !fixed);
    expect(left.length).toBeLessThan(planted.length / 4);
    audit('--fix');
    const rules = (findings: readonly { file: string; rule: string }[]) =>
      findings.map(({ file, rule }) => `${file} ${rule}`).sort();
    const found = audit().filter(isGrave);
    expect(rules(found)).toEqual(rules(left));
  }, 300_000);
});

describe('examples/between', () => {
  const names = readdirSync(join(projectRoot, 'examples/between'), { recursive: true, encoding: 'utf8' });
  const sources = names.filter((name) => /\.(?:js|conf)$/.test(name));

  it.each(sources)('%s is right by itself', async (name) => {
    const alone = mkdtempSync(join(tmpdir(), 'cors-lint-alone-'));
    try {
      cpSync(join(projectRoot, 'examples/between', name), join(alone, name), { recursive: true });
      const workspace = openWorkspace({ root: alone, disk: nodeDisk, platforms, rules });
      const { findings } = await workspace.audit();
      const told = [...findings.values()]
        .flat()
        .filter(({ severity }) => severity === 'error' || severity === 'warning');
      expect(told.map(({ message }) => message)).toEqual([]);
    } finally {
      rmSync(alone, { recursive: true, force: true });
    }
  });
});

function audit(...options: string[]): Found[] {
  const run = spawnSync(process.execPath, [cli, 'audit', '--format', 'json', ...options], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  expect(run.status).toBe(1);
  const report: { readonly findings: Found[] } = JSON.parse(run.stdout);
  return report.findings;
}

function grave(findings: readonly Found[]): string[] {
  return findings
    .filter(isGrave)
    .map(({ file, range, rule, severity }) => describeFault({ file, line: range.start.line, rule, severity }))
    .sort();
}

function isGrave({ severity }: Found): boolean {
  return severity === 'error' || severity === 'warning';
}

function describeFault(fault: { file: string; line: number; rule: string; severity: string }): string {
  return `${fault.file}:${fault.line} ${fault.severity} ${fault.rule}`;
}
