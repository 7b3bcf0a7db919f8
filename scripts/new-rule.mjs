#!/usr/bin/env node
/**
 * Lays out the folder of a new rule: index.ts and the page rule.md, both whole, so that the tests pass at once and the
 * work is to replace the condition, the words and the examples.
 *
 *     npm run new-rule ID
 *
 * An id that begins with a platform's name (`nginx-…`, `express-…`, `serverless-…`) goes to that platform's rules, any
 * other is platform-neutral. `--root DIR` writes below another folder.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ruleHomes } from './generate/rules.mjs';
import { ruleCode, rulePage } from './new-rule/templates.mjs';

const LONGEST = 48;
const args = process.argv.slice(2);
const rootAt = args.indexOf('--root');
const root = rootAt < 0 ? resolve(import.meta.dirname, '..') : resolve(args[rootAt + 1] ?? '.');
const [id] = rootAt < 0 ? args : args.filter((_, i) => i !== rootAt && i !== rootAt + 1);

const homes = ruleHomes(root);
const objection = objectionTo(id);
if (objection === undefined) layOut(id);
else {
  console.error(objection);
  process.exitCode = 1;
}

function layOut(name) {
  const home = homeOf(name);
  const folder = join(root, home.folder, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.ts'), ruleCode(name, home.platform));
  writeFileSync(join(folder, 'rule.md'), rulePage(name, home.platform));
  const shown = relative(process.cwd(), folder).replaceAll('\\', '/');
  console.log(`${shown}/index.ts  the condition, the message, the fixes
${shown}/rule.md   the page that users read; its examples are the tests

Next:
  npm run generate                            adds the rule to the lists and the documentation
  npx vitest run test/pages.test.ts -t ${name}   runs the page's examples`);
}

/** Why the id will not do, or undefined. */
function objectionTo(name) {
  if (name === undefined) return 'Which rule? npm run new-rule ID';
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(name)) {
    return `"${name}" will not do as an id: use two or more words of lower-case letters and digits with a dash between them, such as wildcard-with-credentials.`;
  }
  if (name.length > LONGEST)
    return `"${name}" is longer than ${LONGEST} characters: people have to write it into comments.`;
  const taken = homes.find(({ folder }) => readdirSync(join(root, folder)).includes(name));
  if (taken !== undefined) return `There is a rule of that name already, in ${taken.folder}/${name}.`;
  const home = homeOf(name);
  if (home === undefined || !existsSync(join(root, home.folder)))
    return `${root} has no server/src/rules to put it into.`;
  return undefined;
}

function homeOf(name) {
  const own = homes.find(({ platform }) => platform !== undefined && name.startsWith(`${platform}-`));
  return own ?? homes.find(({ platform }) => platform === undefined);
}
