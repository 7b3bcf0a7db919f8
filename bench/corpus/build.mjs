/**
 * The corpora that are measured, made up from a seed and written below the system's temporary folder: the same on every machine.
 *
 * - `sparse`: 10,000 files of an ordinary repository, of which 500 concern CORS
 * - `dense`: 2,000 Express apps in JavaScript, which ESLint can read too
 * - `keystroke`: a file of about 500 lines in each language
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expressApp } from './express.mjs';
import { nginxSite } from './nginx.mjs';
import { otherFile } from './others.mjs';
import { seeded, vocabulary } from './random.mjs';
import { serverlessService } from './serverless.mjs';

/** Writes what is not there yet, and returns the folders: `{ sparse, dense, keystroke }`. */
export function buildCorpora(cache) {
  const home = join(cache, `corpus-${version()}`);
  const folders = { sparse: join(home, 'sparse'), dense: join(home, 'dense'), keystroke: join(home, 'keystroke') };
  if (existsSync(join(home, 'complete'))) return folders;
  rmSync(home, { recursive: true, force: true });
  writeAll(folders.sparse, sparse(seeded(1)));
  writeAll(folders.dense, dense(seeded(2)));
  writeAll(folders.keystroke, keystroke(seeded(3)));
  writeFileSync(join(home, 'complete'), '');
  return folders;
}

function* sparse(random) {
  const w = vocabulary(random);
  const folder = () => random.times(1, 4, () => w.noun()).join('/');
  for (let i = 0; i < 9500; i++) {
    const { extension, text } = otherFile(random);
    yield [`packages/${folder()}/${w.name()}${i}.${extension}`, text];
  }
  // One service brings two files: its YAML and its handlers.
  for (let i = 0; i < 50; i++) {
    for (const [path, text] of Object.entries(serverlessService(random, 2 + random.below(6))))
      yield [`services/${i}/${path}`, text];
  }
  for (let i = 0; i < 200; i++) yield [`deploy/${i}/nginx/${w.noun()}.conf`, nginxSite(random, 3 + random.below(12))];
  for (let i = 0; i < 200; i++) yield [`apps/${i}/${w.noun()}.js`, expressApp(random, 3 + random.below(12))];
}

function* dense(random) {
  for (let i = 0; i < 2000; i++) yield [`apps/${i % 40}/app${i}.js`, expressApp(random, 5 + random.below(12))];
}

function* keystroke(random) {
  yield ['app.js', expressApp(random, 48)];
  yield ['store.js', 'exports.list = exports.count = exports.find = exports.save = exports.remove = async () => [];\n'];
  yield ['nginx/site.conf', nginxSite(random, 66)];
  yield* Object.entries(serverlessService(random, 47));
}

function writeAll(folder, files) {
  for (const [path, text] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Changes whenever the code that makes the corpora does. */
function version() {
  const hash = createHash('sha256');
  for (const name of readdirSync(import.meta.dirname).sort())
    hash.update(readFileSync(join(import.meta.dirname, name)));
  return hash.digest('hex').slice(0, 12);
}
