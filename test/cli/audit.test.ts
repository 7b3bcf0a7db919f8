import { chmodSync, cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openScratch, type Scratch } from '../../server/src/workspace/testing/scratch';
import { projectRoot } from '../harness/require';
import { checkReport, type ReportJson } from './contracts';
import { buildCli, type Outcome, runCli, runShell } from './runCli';

/** Each test starts the program several times, on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000 });
beforeAll(buildCli);

let scratch: Scratch;
afterEach(() => scratch?.remove());

const MISSPELT = 'server {\n  add_header Access-Control-Allow-Orgin * always;\n}\n';
const CLEAN = 'server {\n  add_header Access-Control-Allow-Origin https://a.example always;\n}\n';
const UNFIXABLE = `server {\n  location / {\n    add_header Access-Control-Allow-Origin * always;\n    add_header Access-Control-Allow-Credentials true always;\n  }\n}\n`;

function fill(files: Readonly<Record<string, string | Buffer>>): (...args: string[]) => Promise<Outcome> {
  scratch = openScratch(files);
  return (...args) => runCli(args, { cwd: scratch.root });
}

/** Runs with `--format json` and holds the output to the contract. */
async function report(run: (...args: string[]) => Promise<Outcome>, ...args: string[]): Promise<ReportJson> {
  const { out } = await run(...args, '--format', 'json');
  return checkReport(out);
}

const found = ({ findings }: ReportJson): string[] =>
  findings.map(({ file, range, rule }) => `${file}:${range.start.line}:${range.start.column} ${rule}`);

describe('what is printed for people', () => {
  test('is the code, the reason, the fix and a summary', async () => {
    const run = fill({ 'conf/a.conf': MISSPELT });
    const { code, out, error } = await run();
    expect(code).toBe(1);
    expect(error).toBe('');
    expect(out).toContain('conf/a.conf\n  2:14  error  misspelt-header  ');
    expect(out).toContain(
      '    > 2 |   add_header Access-Control-Allow-Orgin * always;\n        |              ^^^^^^^^^^^^^^^^^^^^^^^^^^\n',
    );
    expect(out).toContain('+   add_header Access-Control-Allow-Origin * always;');
    expect(out).toMatch(/1 finding in 1 file: 1 error\. --fix can mend 1\.\nLooked at 1 of 1 file\.\n$/);
  });

  test('shows why: the request, the response and the step that decided', async () => {
    const { out } = await fill({ 'a.conf': UNFIXABLE })();
    expect(out).toContain('why  GET / from https://');
    expect(out).toMatch(/→ blocked at cors-check\/wildcard-with-credentials: /);
    expect(out).toContain('yours to decide: --fix leaves it');
  });

  test('keeps to one line for each finding when there are hundreds', async () => {
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`conf.d/f${i}.conf`, MISSPELT]));
    const { out } = await fill(many)();
    expect(out).not.toContain('> 2 |');
    expect(out.match(/ misspelt-header /g)).toHaveLength(120);
    expect(out).toContain('120 findings in 120 files: 120 errors.');
  });

  test('has no control character out of a file', async () => {
    const { out } = await fill({ 'a.conf': MISSPELT.replace('Orgin', 'Orgin\u001B[31m') })(
      '--rule',
      'misspelt-header=off',
    );
    const framed = await fill({ 'a.conf': MISSPELT.replace('always;', 'always; # \u001B[2J\u009B\u202E') })();
    expect(out).not.toContain('\u001B');
    expect(framed.out).toContain('always; # \uFFFD[2J\uFFFD\uFFFD');
  });

  test('is coloured only where that is wanted', async () => {
    fill({ 'a.conf': MISSPELT });
    const cwd = scratch.root;
    const colours = async (env: Readonly<Record<string, string>>): Promise<boolean> =>
      (await runCli([], { cwd, env })).out.includes('\u001B[31merror\u001B[39m');
    expect(await colours({})).toBe(false);
    expect(await colours({ FORCE_COLOR: '1' })).toBe(true);
    expect(await colours({ FORCE_COLOR: '0' })).toBe(false);
    expect(await colours({ NO_COLOR: '1' })).toBe(false);
  });

  test('says so when there is nothing to say', async () => {
    expect(await fill({ 'a.conf': CLEAN })()).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing to report.'),
    });
    scratch.remove();
    expect(await fill({ 'readme.md': '' })()).toMatchObject({
      code: 0,
      out: expect.stringContaining(
        'Nothing to check: no file here sets up CORS with nginx, Express, the Serverless Framework or CloudFormation.',
      ),
    });
  });

  test('counts what was left out, and why', async () => {
    const { out } = await fill({
      '.corslintrc.json': '{"ignore": ["old"]}',
      'a.conf': CLEAN,
      'node_modules/x/a.conf': MISSPELT,
      'old/a.conf': MISSPELT,
    })();
    expect(out).toContain('Left out: 1 dependencies, 1 ignored by the configuration.');
  });
});

describe('the exit code', () => {
  test.each<[args: string[], code: number]>([
    [[], 1],
    [['--rule', 'misspelt-header=warning'], 0],
    [['--rule', 'misspelt-header=warning', '--max-warnings', '0'], 1],
    [['--rule', 'misspelt-header=warning', '--max-warnings', '1'], 0],
    [['--rule=misspelt-header=info', '--max-warnings=0'], 0],
    [['--rule', 'misspelt-header=off'], 0],
    [['--rule', 'misspelt-header=off', '--rule', 'misspelt-header=error'], 1],
    [['audit', '.'], 1],
    [['audit', 'a.conf', '.'], 1],
  ])('of %j is %i', async (args, code) => {
    expect((await fill({ 'a.conf': MISSPELT })(...args)).code).toBe(code);
  });
});

describe('a mistake on the command line is explained, with exit 2', () => {
  test.each<[args: string[], words: string]>([
    [['--foramt', 'json'], 'There is no option --foramt. Did you mean --format?'],
    [['--format', 'xml'], '--format must be stylish, json, html, markdown or sarif, not "xml".'],
    [['--format'], '--format needs a value.'],
    [['--endpoints'], '--endpoints needs --format json'],
    [['--fix=yes'], '--fix takes no value.'],
    [['--rule', 'null-orgin=off'], 'There is no rule null-orgin. Did you mean null-origin?'],
    [['--rule', 'null-origin'], '--rule wants ID=LEVEL'],
    [['--rule', 'null-origin=warn'], 'must be one of off, hint, info, warning, error, not "warn".'],
    [['--max-warnings', 'many'], '--max-warnings must be a whole number, not "many".'],
    [['--max-warnings', '1', '--max-warnings', '2'], '--max-warnings is given twice.'],
    [['--url', 'x'], '--url belongs to "cors-lint try", not to "cors-lint audit".'],
    [['nowhere'], 'There is no file or folder "nowhere".'],
    [['adit'], 'There is no file or folder "adit". Did you mean the command "audit"?'],
    [['audit', 'a.conf', 'b/c.conf'], 'There is no file or folder "b/c.conf".'],
    [['a.conf/x'], 'There is no file or folder "a.conf/x".'],
  ])('%j', async (args, words) => {
    const { code, out, error } = await fill({ 'a.conf': CLEAN })(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toContain(words);
  });

  test('help and version are no mistakes', async () => {
    const run = fill({});
    const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
    expect(await run('--version')).toEqual({ code: 0, out: `${version}\n`, error: '' });
    const help = await run('try', '--help');
    expect(help).toMatchObject({ code: 0, error: '' });
    for (const option of ['--fix', '--rule', '--max-warnings', '--no-config', '--format', '--url', '--credentials']) {
      expect(help.out).toContain(option);
    }
  });
});

describe('the JSON report', () => {
  test('keeps the contract over everything in examples/', async () => {
    scratch = openScratch();
    cpSync(join(projectRoot, 'examples'), scratch.root, { recursive: true });
    const result = await report((...args) => runCli(args, { cwd: scratch.root }));
    expect(result.findings.length).toBeGreaterThan(8);
    expect(result.findings.some(({ evidence }) => evidence !== null)).toBe(true);
    expect(result.findings.some(({ fixes }) => fixes.length > 0)).toBe(true);
    expect(result.files.analysed).toBeGreaterThan(5);
    expect(result.files.seen).toBeGreaterThan(result.files.analysed);
    expect([...result.findings].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))).toEqual(
      result.findings,
    );
  });

  test('counts from 1 in UTF-16, without the byte order mark', async () => {
    const run = fill({ 'a.conf': `\uFEFFserver { add_header X "😀"; add_header Access-Control-Allow-Orgin *; }` });
    const { findings } = await report(run);
    const misspelt = findings.find(({ rule }) => rule === 'misspelt-header');
    expect(misspelt?.range).toEqual({ start: { line: 1, column: 40 }, end: { line: 1, column: 66 } });
  });

  test('names files from the working directory', async () => {
    fill({ 'x/a.conf': MISSPELT, 'y/keep.txt': '' });
    const result = await report((...args) => runCli([...args, '../x'], { cwd: scratch.at('y') }));
    expect(found(result)).toEqual(['../x/a.conf:2:14 misspelt-header']);
  });

  test('gives edits that lead to the fixed text', async () => {
    const { findings } = await report(fill({ 'a.conf': MISSPELT }));
    expect(findings[0]?.fixes[0]).toMatchObject({
      preferred: true,
      edits: [
        {
          file: 'a.conf',
          range: { start: { line: 2, column: 14 }, end: { line: 2, column: 40 } },
          text: 'Access-Control-Allow-Origin',
        },
      ],
    });
  });

  test('is the same whichever way the paths are given', async () => {
    const run = fill({ 'a/x.conf': MISSPELT, 'b/y.conf': MISSPELT });
    const whole = await report(run);
    expect(await report(run, 'a', 'b')).toEqual(whole);
    expect(await report(run, 'b/y.conf', 'a', './a/x.conf')).toEqual(whole);
  });
});

describe('the configuration', () => {
  const files = {
    '.corslintrc.json': '{"rules": {"misspelt-header": "info"}}',
    'a.conf': MISSPELT,
    'strict/.corslintrc.json': '// nearest wins\n{"rules": {"misspelt-header": "error",},}',
    'strict/b.conf': MISSPELT,
  };
  const severities = ({ findings }: ReportJson) =>
    Object.fromEntries(findings.map(({ file, severity }) => [file, severity]));

  test('of the nearest file holds, the command line is stronger, --no-config reads none', async () => {
    const run = fill(files);
    expect(severities(await report(run))).toEqual({ 'a.conf': 'info', 'strict/b.conf': 'error' });
    expect(severities(await report(run, '--rule', 'misspelt-header=hint'))).toEqual({
      'a.conf': 'hint',
      'strict/b.conf': 'hint',
    });
    expect(severities(await report(run, '--no-config'))).toEqual({ 'a.conf': 'error', 'strict/b.conf': 'error' });
  });

  test('that is broken is told of at its place, and the rest is done', async () => {
    const run = fill({
      '.corslintrc.json': '{\n  "rules": { "misspelt-header": "warning" },\n  "ignores": ["x"]\n',
      'a.conf': MISSPELT,
    });
    const { code, out, error } = await run();
    expect(error).toContain('.corslintrc.json:3:3  "ignores" is not a setting. Did you mean "ignore"?');
    expect(error).toContain('.corslintrc.json:4:1  A closing brace is expected here.');
    expect(out).toContain('2:14  warning  misspelt-header');
    expect(code).toBe(2);
    expect((await run('--no-config')).error).toBe('');
  });

  test('may take back what is left out', async () => {
    const run = fill({ '.corslintrc.json': '{"ignore": ["!dist"]}', 'dist/a.conf': MISSPELT });
    expect(found(await report(run))).toEqual(['dist/a.conf:2:14 misspelt-header']);
  });
});

describe('--fix', () => {
  test('mends what is certain, reports what it did and what is left', async () => {
    const run = fill({ 'a.conf': MISSPELT, 'sub/b.conf': UNFIXABLE });
    const { code, out } = await run('--fix');
    expect(readFileSync(scratch.at('a.conf'), 'utf8')).toBe(MISSPELT.replace('Orgin', 'Origin'));
    expect(readFileSync(scratch.at('sub/b.conf'), 'utf8')).toBe(UNFIXABLE);
    expect(out).toMatch(/Made 1 fix in 1 file:\n {2}a\.conf {2}\S/);
    expect(out).toMatch(/1 finding left in 1 file: 1 error\./);
    expect(code).toBe(1);
    expect((await run('--fix')).out).toContain('Nothing could be mended without a decision of yours.');
  });

  test('keeps line ends, the byte order mark and the mode, and leaves nothing behind', async () => {
    const text = `\uFEFF${MISSPELT.replaceAll('\n', '\r\n')}`;
    const run = fill({ 'a.conf': text });
    chmodSync(scratch.at('a.conf'), 0o640);
    await run('--fix');
    expect(readFileSync(scratch.at('a.conf'), 'utf8')).toBe(text.replace('Orgin', 'Origin'));
    expect(statSync(scratch.at('a.conf')).mode & 0o777).toBe(0o640);
    expect(readdirSync(scratch.root)).toEqual(['a.conf']);
  });

  test('leaves a file that is not UTF-8 as it is, and says so', async () => {
    const bytes = Buffer.from(MISSPELT.replace('server', '# caf\u00E9\nserver'), 'latin1');
    const { error, code } = await fill({ 'a.conf': bytes })('--fix');
    expect(readFileSync(scratch.at('a.conf'))).toEqual(bytes);
    expect(error).toContain('a.conf was not changed: it is not UTF-8.');
    expect(code).toBe(1);
  });

  test('writes nothing twice and stays stable over the examples', async () => {
    scratch = openScratch();
    cpSync(join(projectRoot, 'examples'), scratch.root, { recursive: true });
    const run = (...args: string[]) => runCli(args, { cwd: scratch.root });
    const before = await report(run);
    await run('--fix');
    const after = await report(run);
    expect(after.findings.length).toBeLessThan(before.findings.length);
    const left = after.findings.filter(({ fixes }) => fixes.some(({ preferred }) => preferred));
    expect(left).toEqual([]);
    const texts = snapshot(scratch.root);
    await run('--fix');
    expect(snapshot(scratch.root)).toEqual(texts);
  });

  test('touches nothing outside the paths given', async () => {
    const run = fill({ 'a/x.conf': MISSPELT, 'b/y.conf': MISSPELT });
    await run('a', '--fix');
    expect(readFileSync(scratch.at('a/x.conf'), 'utf8')).toContain('Allow-Origin');
    expect(readFileSync(scratch.at('b/y.conf'), 'utf8')).toBe(MISSPELT);
  });

  test('in JSON reports what is left', async () => {
    const result = await report(fill({ 'a.conf': MISSPELT, 'b.conf': UNFIXABLE }), '--fix');
    expect(new Set(result.findings.map(({ file }) => file))).toEqual(new Set(['b.conf']));
  });
});

describe('bad input', () => {
  test.each<[what: string, files: Record<string, string | Buffer>]>([
    ['CRLF', { 'a.conf': MISSPELT.replaceAll('\n', '\r\n') }],
    ['CR alone', { 'a.conf': MISSPELT.replaceAll('\n', '\r') }],
    ['a byte order mark', { 'a.conf': `\uFEFF${MISSPELT}` }],
    ['half a file after it', { 'a.conf': `${MISSPELT}server { location / { add_header ` }],
    ['an empty file beside it', { 'a.conf': MISSPELT, 'b.conf': '', 'c.js': '', 'serverless.yml': '' }],
    [
      'binary beside it',
      { 'a.conf': MISSPELT, 'b.conf': Buffer.from([0, 1, 2]), 'c.js': Buffer.from([0xff, 0xfe, 0]) },
    ],
    [
      'broken code beside it',
      { 'a.conf': MISSPELT, 'c.js': 'const app = express(); app.use(cors({ origin: [', 'd.ts': '}}}' },
    ],
    ['broken YAML beside it', { 'a.conf': MISSPELT, 'serverless.yml': 'functions:\n  a: {events: [\n- *x: &' }],
  ])('%s', async (_, files) => {
    const result = await report(fill(files));
    expect(found(result)).toContain('a.conf:2:14 misspelt-header');
  });

  test('a file of megabytes on one line', async () => {
    const line = `server { ${' '.repeat(900_000)}add_header Access-Control-Allow-Orgin *; } # ${'x'.repeat(100_000)}`;
    const run = fill({
      'a.conf': line.slice(0, 2 * 1024 * 1024),
      'huge.js': `app.use(cors());${'x'.repeat(3_000_000)}`,
    });
    const { out, code } = await run();
    expect(out).toContain('add_header Access-Control-Allow-Orgin *');
    expect(Math.max(...out.split('\n').map((row) => row.length))).toBeLessThan(500);
    expect(out).toContain('1 larger than 1 MiB');
    expect(code).toBe(1);
  });

  test('links: to itself, in a circle, to a file, out of the folder', async () => {
    const run = fill({ 'real/a.conf': MISSPELT });
    const outside = openScratch({ 'b.conf': MISSPELT });
    scratch.link('self', 'self');
    scratch.link('real/circle', '..');
    scratch.link('again.conf', 'real/a.conf');
    scratch.link('out', outside.root);
    const result = await report(run);
    const named = await report(run, 'again.conf');
    const looped = await run('self');
    outside.remove();
    expect(found(result)).toEqual(['real/a.conf:2:14 misspelt-header']);
    expect(result.files.skipped.map(({ file, reason }) => `${file}: ${reason}`)).toEqual([
      'again.conf: a link',
      'out: a link',
      'real/circle: a link',
      'self: a link',
    ]);
    expect(found(named)).toEqual(['real/a.conf:2:14 misspelt-header']);
    expect(looped).toMatchObject({ code: 2, error: expect.stringContaining('"self" is a link that leads to itself.') });
  });

  test('names that are awkward', async () => {
    const run = fill({ 'a b/ü😀.conf': MISSPELT, '-x.conf': MISSPELT, 'é\nnew.conf': MISSPELT });
    expect((await report(run)).findings.map(({ file }) => file).sort()).toEqual(
      ['-x.conf', 'a b/ü😀.conf', 'é\nnew.conf'].sort(),
    );
    expect((await run('--', '-x.conf')).code).toBe(1);
    expect((await run()).out.split('\n').some((line) => line === 'new.conf')).toBe(false);
  });

  test.skipIf(process.getuid?.() === 0)('a folder and a file that may not be read', async () => {
    const run = fill({ 'closed/a.conf': MISSPELT, 'secret.conf': MISSPELT, 'b.conf': MISSPELT });
    chmodSync(scratch.at('closed'), 0);
    chmodSync(scratch.at('secret.conf'), 0);
    const result = await report(run);
    chmodSync(scratch.at('closed'), 0o755);
    expect(found(result)).toEqual(['b.conf:2:14 misspelt-header']);
    expect(result.files.skipped).toEqual([
      { file: 'closed', reason: 'may not be read' },
      { file: 'secret.conf', reason: 'may not be read' },
    ]);
  });

  test('a reader that closes the pipe early', async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}.conf`, MISSPELT]));
    fill(files);
    const { code, error } = await runShell(`"$NODE" "$CLI" | head -n 1`, scratch.root);
    expect({ code, error }).toEqual({ code: 0, error: '' });
  });
});

function snapshot(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => [
      join(entry.parentPath, entry.name),
      readFileSync(join(entry.parentPath, entry.name), 'utf8'),
    ]),
  );
}
