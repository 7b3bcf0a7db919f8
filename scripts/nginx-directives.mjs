#!/usr/bin/env node
/**
 * Asks the nginx of this machine for every directive that it knows: in which blocks it may stand, how many arguments
 * it takes, whether it opens a block, is a flag, or may stand only once. Writes
 * server/src/platforms/nginx/inspect/directiveTable.ts, and takes a minute or two.
 *
 *     node scripts/nginx-directives.mjs
 *
 * The names are the words in the program itself; `nginx -t` answers the rest, one statement at a time, since it stops
 * at its first complaint. It looks at a statement's name, block, ending and number of arguments in that order, before
 * the directive's own code sees it (`ngx_conf_handler`), so the answers do not depend on what the arguments are.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const target = 'server/src/platforms/nginx/inspect/directiveTable.ts';

/** Where a statement can stand, by the letter that stands for it in the table. */
const CONTEXTS = {
  m: (text) => `${text}\nevents { }`,
  e: (text) => `events {\n${text}\n}`,
  h: (text) => `events { } http {\n${text}\n}`,
  s: (text) => `events { } http { server {\n${text}\n} }`,
  l: (text) => `events { } http { server { location / {\n${text}\n} } }`,
  i: (text) => `events { } http { server { if ($uri) {\n${text}\n} } }`,
  j: (text) => `events { } http { server { location / { if ($uri) {\n${text}\n} } } }`,
  x: (text) => `events { } http { server { location / { limit_except GET {\n${text}\n} } } }`,
  u: (text) => `events { } http { upstream u {\n${text}\n server 127.0.0.1; } }`,
};

/** Numbers of arguments that are told apart; one more than the last stands for all above. */
const MOST = 8;

/** Arguments of which some directive takes one: to see whether it takes them twice. */
const SAMPLES = [
  'on',
  '1',
  '1m',
  '1s',
  'off',
  '/x',
  '$a',
  'a',
  'all',
  '127.0.0.1',
  'GET',
  '0640',
  'a=b',
  'http_500',
  'any',
];

/** May stand several times unless an argument is the same or is `off`. */
const MANY = new Set([
  'limit_conn',
  'proxy_redirect',
  'proxy_cookie_domain',
  'proxy_cookie_flags',
  'proxy_cookie_path',
]);

/** Modules that are asked about too, where they are installed. */
const modules = ['/usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so'].filter(existsSync);

const scratch = mkdtempSync(join(tmpdir(), 'nginx-directives-'));
let asked = 0;

try {
  const lines = await collect();
  const path = join(root, target);
  writeFileSync(path, fileText(lines));
  console.log(`${target}: ${lines.length} kinds of directives, ${asked} questions`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function collect() {
  const known = await inParallel(wordsOf([program(), ...modules]), async (name) =>
    (await ask('m', `${name};`)).startsWith('unknown directive') ? [] : [name],
  );
  const described = await inParallel(known.flat().sort(), describe);
  /** By what is the same of them: names. */
  const groups = new Map();
  for (const [key, name] of described.flat()) groups.set(key, [...(groups.get(key) ?? []), name]);
  return [...groups].map(([key, names]) => `${key}: ${names.join(' ')}`).sort();
}

/** The linker keeps a text that another one ends with inside that one: `root` is in `document_root`. */
function wordsOf(files) {
  const words = new Set();
  for (const file of files) {
    for (const word of new Set(readFileSync(file, 'latin1').match(/[a-z0-9_]+(?=\0)/g))) {
      for (let at = 0; at < word.length - 1; at += 1) if (/[a-z]/.test(word[at])) words.add(word.slice(at));
    }
  }
  return [...words];
}

/** `[kind, name]`, once for each way that the directive is known: modules may share a name. */
async function describe(name) {
  const byKind = new Map();
  for (const context of Object.keys(CONTEXTS)) {
    const plain = await ask(context, `${name} w;`);
    if (plain.includes('directive is not allowed here')) continue;
    const block = plain.includes('has no opening "{"');
    const end = block ? ' { }' : ';';
    const counts = [];
    for (let count = 0; count <= MOST; count += 1) {
      const answer = await ask(context, `${name}${' w'.repeat(count)}${end}`);
      if (!answer.startsWith('invalid number of arguments')) counts.push(count);
    }
    const flag = plain.includes('it must be "on" or "off"');
    const once = !block && (await isRefusedTwice(context, name, counts));
    const kind =
      `${counts.join('').replace(String(MOST), '+') || '-'} ${block ? 'b' : ''}${flag ? 'f' : ''}${once ? 'd' : ''}`.trim();
    byKind.set(kind, (byKind.get(kind) ?? '') + context);
  }
  return [...byKind].map(([kind, contexts]) => [`${contexts} ${kind}`, name]);
}

/** Whether it may not stand there a second time, whatever its arguments are. */
async function isRefusedTwice(context, name, counts) {
  if (MANY.has(name)) return false;
  const accepted = [];
  for (const count of counts) {
    for (const sample of count === 0 ? [''] : SAMPLES) {
      if (accepted.length === 3) break;
      const statement = `${name}${` ${sample}`.repeat(count)};`;
      if (!/ in \S*statement\.conf:\d/.test(await ask(context, statement))) accepted.push(statement);
    }
  }
  for (const first of accepted) {
    for (const second of accepted) {
      if (!(await ask(context, `${first}\n${second}`)).includes('directive is duplicate')) return false;
    }
  }
  return accepted.length > 0;
}

/** nginx's first complaint about the statement there, or an empty text. */
async function ask(context, statement) {
  asked += 1;
  const folder = join(scratch, String(asked));
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const file = join(folder, 'statement.conf');
  writeFileSync(file, CONTEXTS[context](statement));
  const load = modules.map((path) => `load_module ${path};`).join(' ');
  try {
    const output = await run(['-t', '-e', 'stderr', '-p', `${folder}/`, '-c', file, '-g', load]);
    return /\[emerg\] (?:\d+#\d+: )?([^\n]*)/.exec(output)?.[1] ?? '';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(args) {
  return new Promise((done, fail) => {
    const child = spawn('nginx', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', fail).on('close', () => done(output));
  });
}

async function inParallel(items, work) {
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at]);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

function program() {
  const folder = process.env.PATH.split(delimiter).find((each) => existsSync(join(each, 'nginx')));
  if (folder === undefined) throw new Error('nginx is not on the PATH');
  return join(folder, 'nginx');
}

function fileText(lines) {
  const version = execFileSync('sh', ['-c', 'nginx -v 2>&1'], { encoding: 'utf8' }).trim();
  return `// Written by scripts/nginx-directives.mjs, which asked ${version}.

/**
 * \`CONTEXTS COUNTS FLAGS: NAMES\`, a line for each kind of directives.
 * Contexts: \`m\` the file itself, \`e\` events, \`h\` http, \`s\` server, \`l\` location, \`i\` an \`if\` in a server, \`j\` an \`if\`
 * in a location, \`x\` limit_except, \`u\` upstream. Counts: the numbers of arguments, \`+\` for ${MOST} and more. Flags: \`b\` it
 * opens a block, \`f\` it takes \`on\` or \`off\`, \`d\` nginx refuses it twice in a block.
 */
export const DIRECTIVE_TABLE = \`
${lines.join('\n')}
\`;
`;
}
