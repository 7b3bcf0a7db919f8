/** Which rules there are, read from their folders. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Folders that hold one folder for each rule, relative to the project, and the platform they belong to, if one. */
export function ruleHomes(root) {
  const platforms = join(root, 'server/src/platforms');
  const names = existsSync(platforms) ? readdirSync(platforms).sort() : [];
  return [
    { folder: 'server/src/rules', platform: undefined },
    ...names.map((name) => ({ folder: `server/src/platforms/${name}/rules`, platform: name })),
  ].filter(({ folder }) => existsSync(join(root, folder)));
}

/** The rules' folders, sorted by id: a folder with an index.ts is a rule. */
export function ruleFolders(root) {
  return ruleHomes(root)
    .flatMap(({ folder, platform }) =>
      readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && existsSync(join(root, folder, entry.name, 'index.ts')))
        .map((entry) => ({ id: entry.name, folder: `${folder}/${entry.name}`, platform })),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

let known;

/** The rules with what their code says of them, sorted by id: `{ id, folder, platform, meta }`. */
export function readRules(root) {
  known ??= load(root);
  return known;
}

async function load(root) {
  const folders = ruleFolders(root);
  if (folders.length === 0) return [];
  const imports = folders.map(({ folder }, i) => `import * as rule${i} from ${JSON.stringify(`./${folder}/index`)};`);
  const scratch = join(root, `.cache/generate-${process.pid}`);
  const outfile = join(scratch, 'rules.mjs');
  mkdirSync(scratch, { recursive: true });
  try {
    await build({
      stdin: {
        contents: `${imports.join('\n')}\nexport default [${folders.map((_, i) => `rule${i}`)}];`,
        resolveDir: root,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outfile,
      logLevel: 'error',
    });
    const { default: modules } = await import(pathToFileURL(outfile).href);
    return folders.map((rule, i) => ({ ...rule, meta: metaOf(rule, modules[i]) }));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function metaOf({ id, folder }, module) {
  const metas = Object.values(module).flatMap((exported) => (exported?.meta?.id === undefined ? [] : [exported.meta]));
  const meta = metas.find((candidate) => candidate.id === id);
  if (meta === undefined) throw new Error(`${folder}/index.ts exports no rule with the id "${id}"`);
  return meta;
}
