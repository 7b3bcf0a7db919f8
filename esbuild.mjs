#!/usr/bin/env node
/**
 * Builds dist/: what the extension and the npm package run.
 *
 *     node esbuild.mjs [--dev] [--quiet]
 *
 *     dist/cli.js          the command line
 *     dist/server.js       the language server
 *     dist/extension.js    VS Code's side
 *     dist/web/            VS Code's side and the language server once more, for a browser; they share dist/vendor/
 *     dist/*-HASH.js       what the command line and the server share, and what they load when they need it
 *     dist/vendor/         one bundle for each package that is loaded with import() when it is first needed
 *
 * Everything is CommonJS, as VS Code wants it, and yet split, so that a start loads almost nothing: esbuild splits ES
 * modules only, so the split modules are turned into CommonJS one by one afterwards. Packages behind an import() are
 * mostly CommonJS themselves, whose names esbuild cannot export from an ES module: each becomes a bundle of its own,
 * and one that needs another (typescript-estree needs typescript) loads that other's bundle. A worker of a browser
 * imports these bundles as scripts, so what they declare stays inside a function. `--dev` does not minify.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build, transform } from 'esbuild';

const root = import.meta.dirname;
const dist = join(root, 'dist');
/** Of this build alone: two may run at once. */
const scratch = join(root, `.cache/build-${process.pid}`);
const minify = !process.argv.includes('--dev');
const quiet = process.argv.includes('--quiet');
const started = performance.now();

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  // The ES module of a package where it has one: the UMD wrapper of jsonc-parser cannot be bundled.
  mainFields: ['module', 'main'],
  minify,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  write: false,
};

/** Where Node.js (22.1 and later) keeps compiled code from one start to the next. */
const COMPILE_CACHE = 'try{require("node:module").enableCompileCache?.()}catch{}\n';

const entries = {
  cli: { file: 'server/src/cli/main.ts', head: `#!/usr/bin/env node\n${COMPILE_CACHE}` },
  server: { file: 'server/src/lsp/main.ts', head: COMPILE_CACHE },
};

const inFunction = { banner: { js: '(()=>{' }, footer: { js: '})();' } };

const written = new Set();
const packages = new Set();
const lazy = new Set();

const shared = await build({
  ...common,
  entryPoints: Object.fromEntries(Object.entries(entries).map(([name, { file }]) => [name, file])),
  outdir: dist,
  format: 'esm',
  splitting: true,
  chunkNames: '[name]-[hash]',
  plugins: [lazyPackages()],
});
const extension = await build({
  ...common,
  entryPoints: { extension: 'client/src/main.ts' },
  outdir: dist,
  format: 'cjs',
  external: ['vscode'],
});
const web = await Promise.all([
  build({
    ...inBrowser(),
    entryPoints: { extension: 'client/src/mainInBrowser.ts' },
    external: ['vscode'],
  }),
  build({
    ...inBrowser(),
    entryPoints: { server: 'server/src/lsp/browser/main.ts' },
    plugins: [lazyPackages(), nodeModulesOfBrowser()],
    ...inFunction,
  }),
]);
await Promise.all([...lazy].sort().map(buildVendor));

// The entries come last, so that whoever starts one meanwhile finds its chunks.
for (const file of shared.outputFiles.sort((a, b) => Number(isEntry(a)) - Number(isEntry(b)))) {
  const { code } = await transform(file.text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minify,
    supported: { 'dynamic-import': false },
  });
  const head = isEntry(file) ? entries[basename(file.path, '.js')].head : '';
  write(file.path, head + code);
}
for (const { outputFiles } of [extension, ...web]) for (const file of outputFiles) write(file.path, file.contents);
for (const { metafile } of [shared, extension, ...web]) notePackages(metafile);
write(join(dist, 'LICENSES.txt'), licences());
removeStale(dist);
rmSync(scratch, { recursive: true, force: true });
if (!quiet) console.log(`Built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s.`);

function isEntry({ path }) {
  return basename(path, '.js') in entries;
}

/** Sends import() of a package to that package's own bundle. */
function lazyPackages() {
  return {
    name: 'lazy-packages',
    setup({ onResolve }) {
      onResolve({ filter: /^[@a-z]/ }, ({ path, kind, importer }) => {
        if (kind !== 'dynamic-import' || path.startsWith('node:') || importer.includes('node_modules'))
          return undefined;
        lazy.add(path);
        return { path: `./vendor/${vendorName(path)}.js`, external: true };
      });
    },
  };
}

function inBrowser() {
  return {
    ...common,
    platform: 'browser',
    target: 'es2022',
    format: 'cjs',
    outdir: join(dist, 'web'),
    supported: { 'dynamic-import': false },
  };
}

/** Paths and URLs are all that the server wants of Node.js there; anything else is a mistake that ends the build. */
function nodeModulesOfBrowser() {
  return {
    name: 'node-modules-of-browser',
    setup({ onResolve }) {
      onResolve({ filter: /^node:(?:path|url)$/ }, ({ path }) => ({
        path: join(root, `server/src/lsp/browser/${path.slice('node:'.length)}.ts`),
      }));
    },
  };
}

function vendorName(name) {
  return name.replace(/^@/, '').replaceAll('/', '-');
}

async function buildVendor(name) {
  const outfile = join(dist, 'vendor', `${vendorName(name)}.js`);
  const result = await build({
    ...common,
    stdin: { contents: `module.exports = require(${JSON.stringify(name)});`, resolveDir: root },
    outfile,
    format: 'cjs',
    ...inFunction,
    plugins: [
      {
        name: 'other-vendors',
        setup({ onResolve }) {
          onResolve({ filter: /^[@a-z]/ }, ({ path }) => {
            // typescript/lib/tsserverlibrary is typescript once more.
            const other = path.startsWith('typescript/') ? 'typescript' : path;
            if (other === name || !lazy.has(other)) return undefined;
            return { path: `./${vendorName(other)}.js`, external: true };
          });
        },
      },
    ],
  });
  notePackages(result.metafile);
  for (const file of result.outputFiles) write(file.path, file.contents);
}

/** In one step, so that nobody reads half a file; not at all when nothing changed. */
function write(path, contents) {
  written.add(path);
  const bytes = Buffer.from(contents);
  if (existsSync(path) && readFileSync(path).equals(bytes)) return;
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(scratch, { recursive: true });
  const part = join(scratch, basename(path));
  writeFileSync(part, bytes, { mode: basename(path) === 'cli.js' ? 0o755 : 0o644 });
  renameSync(part, path);
}

function removeStale(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !written.has(path)) rmSync(path, { force: true });
  }
}

/** Remembers which packages went into a bundle. */
function notePackages({ inputs }) {
  for (const input of Object.keys(inputs)) {
    const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
    if (folder !== undefined) packages.add(folder);
  }
}

/** The licences of everything bundled, as those licences ask for. */
function licences() {
  const notices = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : readFileSync(join(root, folder, file), 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}`;
  });
  return `Bundled with CORS Lint:\n\n${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
