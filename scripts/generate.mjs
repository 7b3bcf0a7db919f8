#!/usr/bin/env node
/**
 * Writes every generated file of the project; with `--check`, writes nothing, names the stale ones and exits 1.
 *
 *     npm run generate [-- --check]
 *
 * A step is a function in generate/ that returns the files it owns: `{ path, text }`, the path relative to the
 * project. `owns` names folders that belong to the step alone: files in them that it did not return are removed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { cliOutput } from './generate/cliOutput.mjs';
import { exampleFaults } from './generate/exampleFaults.mjs';
import { ruleLists } from './generate/ruleLists.mjs';
import { rulePages } from './generate/rulePages.mjs';
import { ruleTables } from './generate/ruleTables.mjs';
import { schema } from './generate/schema.mjs';
import { settings } from './generate/settings.mjs';

const root = resolve(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const stale = [];

for (const step of [ruleLists, rulePages, ruleTables, schema, settings, exampleFaults, cliOutput]) {
  try {
    const { files, owns = [] } = await step(root);
    for (const { path, text } of files) write(path, text);
    const kept = new Set(files.map((file) => file.path));
    for (const folder of owns) for (const path of listFiles(folder)) if (!kept.has(path)) remove(path);
  } catch (error) {
    // One step that cannot do its work, for want of what it reads, keeps no other from its own.
    console.error(`${step.name}: ${error.message}`);
    process.exitCode = 1;
  }
}

if (check && stale.length > 0) {
  console.error(`Stale, run npm run generate:\n${stale.map((path) => `  ${path}`).join('\n')}`);
  process.exitCode = 1;
} else if (!check) {
  console.log(
    stale.length === 0 ? 'Everything is up to date.' : `Written:\n${stale.map((path) => `  ${path}`).join('\n')}`,
  );
}

function write(path, text) {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  stale.push(path);
  if (check) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function remove(path) {
  stale.push(path);
  if (!check) rmSync(join(root, path));
}

function listFiles(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}
