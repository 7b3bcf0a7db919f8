import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyEdits } from '../server/src/lint/edits';
import { type LintInput, lint } from '../server/src/lint/engine';
import type { NeutralRule, PlatformRule } from '../server/src/lint/types';
import { asMarks, inputFor } from './harness/lintExample';
import { parsePage } from './harness/pages';
import { projectRoot } from './harness/require';

const PLATFORMS = ['nginx', 'express', 'serverless'];

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cors-lint-new-rule-'));
  const source = join(root, 'server/src');
  mkdirSync(join(source, 'rules'), { recursive: true });
  for (const platform of PLATFORMS) mkdirSync(join(source, 'platforms', platform, 'rules'), { recursive: true });
  for (const folder of ['cors', 'lint']) symlinkSync(join(projectRoot, 'server/src', folder), join(source, folder));
  symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('npm run new-rule refuses', () => {
  it.each([
    [[], 'Which rule?'],
    [[''], 'will not do'],
    [['origin'], 'will not do'],
    [['Weak-Origin'], 'will not do'],
    [['weak_origin'], 'will not do'],
    [['-weak-origin'], 'will not do'],
    [['weak--origin'], 'will not do'],
    [['weak-origin-'], 'will not do'],
    [['../weak-origin'], 'will not do'],
    [['rules/weak-origin'], 'will not do'],
    [[`weak-${'origin'.repeat(10)}`], 'longer than'],
  ])('%j', (ids, why) => {
    const run = newRule(...ids);
    expect(run.stderr).toContain(why);
    expect(run.status).toBe(1);
    expect(rulesUnder('server/src/rules')).toEqual([]);
  });

  it('a name that is taken, in whichever folder, and leaves what is there alone', () => {
    mkdirSync(join(root, 'server/src/platforms/nginx/rules/weak-origin'));
    const run = newRule('weak-origin');
    expect(run.stderr).toContain('server/src/platforms/nginx/rules/weak-origin');
    expect(run.status).toBe(1);
    expect(rulesUnder('server/src/platforms/nginx/rules')).toEqual(['weak-origin']);
    expect(readdirSync(join(root, 'server/src/platforms/nginx/rules/weak-origin'))).toEqual([]);
  });
});

describe('npm run new-rule lays out a rule whose page holds at once', () => {
  it.each([
    ['brief-memory', 'server/src/rules'],
    ...PLATFORMS.map((platform): [string, string] => [
      `${platform}-brief-memory`,
      `server/src/platforms/${platform}/rules`,
    ]),
  ])('%s', async (id, home) => {
    const run = newRule(id);
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    expect(rulesUnder(home)).toEqual([id]);
    const folder = join(root, home, id);
    const rule = await load(join(folder, 'index.ts'));
    const page = parsePage(join(folder, 'rule.md'), readFileSync(join(folder, 'rule.md'), 'utf8'));
    expect(page.examples.flatMap(({ blocks }) => blocks.map(({ role }) => role))).toEqual(['faulty', 'fixed', 'clean']);
    for (const example of page.examples) {
      const [faulty, fixed, clean] = example.blocks;
      if (!faulty || !fixed || !clean) throw new Error('a block is missing');
      const input = withRule(await inputFor(example, faulty, id), rule);
      const { findings } = lint(input);
      expect(asMarks(findings, faulty.file)).toEqual(faulty.marks);
      const [fix] = findings.flatMap((finding) => finding.fixes());
      expect(applyEdits(faulty.text, fix?.edits ?? [])).toBe(fixed.text);
      const silent = withRule(await inputFor(example, clean, id), rule);
      expect(asMarks(lint(silent).findings, clean.file)).toEqual([]);
    }
  });

  it('and whose types are right', () => {
    for (const id of ['brief-memory', 'nginx-brief-memory']) newRule(id);
    const include = ['server/src/rules', 'server/src/platforms'];
    writeFileSync(
      join(root, 'tsconfig.json'),
      JSON.stringify({ extends: join(projectRoot, 'tsconfig.json'), include }),
    );
    const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc');
    const run = spawnSync(process.execPath, [tsc, '-p', root], { encoding: 'utf8' });
    expect(run.stdout).toBe('');
    expect(run.status).toBe(0);
  }, 120_000);
});

function newRule(...ids: string[]) {
  const script = join(projectRoot, 'scripts/new-rule.mjs');
  return spawnSync(process.execPath, [script, ...ids, '--root', root], { encoding: 'utf8', cwd: root });
}

function rulesUnder(folder: string): string[] {
  return existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [];
}

async function load(file: string): Promise<NeutralRule | PlatformRule> {
  const outfile = join(root, 'rule.mjs');
  await build({ entryPoints: [file], bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'error' });
  const module: { readonly rule: NeutralRule | PlatformRule } = await import(pathToFileURL(outfile).href);
  return module.rule;
}

function withRule(input: LintInput, rule: NeutralRule | PlatformRule): LintInput {
  if (rule.on !== 'platform') return { ...input, rules: [...input.rules, rule] };
  return { ...input, platform: { ...input.platform, rules: [...input.platform.rules, rule] } };
}
