import type { Response } from '../../../cors/http';
import { placeOf } from '../config/node';
import type { Word } from '../syntax/tree';
import { change, type Engine, redirectInternally } from './engine';
import { unknownPath } from './files';
import type { Run } from './run';
import { special, toNamed, tooManyChanges } from './special';
import { evaluate } from './variables';

/**
 * `try_files`, which an `if` neither has nor inherits; undefined when the request goes on to the content handler.
 * https://nginx.org/en/docs/http/ngx_http_core_module.html#try_files
 */
export function tryFiles(engine: Engine, run: Run): Response | undefined {
  const node = run.level.own.get('try_files')?.at(-1);
  const last = node?.args.at(-1);
  if (node === undefined || last === undefined || run.uri === undefined) {
    return undefined;
  }
  const code = /^=(\d+)$/.exec(last.value)?.[1];
  for (const word of node.args.slice(0, -1)) {
    const path = evaluate(word, node.file, run).text;
    if (path === undefined) {
      return unknownPath(run);
    }
    if (isThere(word, path, run, code !== undefined)) {
      if (!word.value.includes('$')) {
        run.ending = 'success';
      }
      run.uri = path.length > 1 && word.value.endsWith('/') ? path.slice(0, -1) : path;
      return undefined;
    }
  }
  if (code !== undefined) {
    return special(engine, run, Number(code), { kind: 'not-found', what: '`try_files`', place: placeOf(node) });
  }
  const target = evaluate(last, node.file, run).text;
  if (target === undefined) {
    return unknownPath(run);
  }
  if (!change(run)) {
    return tooManyChanges(engine, run);
  }
  run.fellBack = true;
  return target.startsWith('@') ? toNamed(engine, run, target) : redirectInternally(engine, run, target);
}

/**
 * Whether `try_files` finds what the word names: a file, or for a word with a slash at its end a directory. The
 * fallback of an earlier `try_files` is taken to be there.
 */
function isThere(word: Word, path: string, run: Run, fallbackIsError: boolean): boolean {
  const wantsDirectory = word.value.endsWith('/');
  const subject = wantsDirectory ? path.slice(0, -1) : path;
  if (run.fellBack && subject === run.uri && !wantsDirectory) {
    return true;
  }
  if (run.ending === 301 && word.value.includes('$')) {
    return wantsDirectory && subject === run.uri;
  }
  // How the request ends says nothing of a file that it does not name.
  const isNamed = word.value.includes('$');
  if ((isNamed && run.ending !== 'success') || wantsDirectory !== subject.endsWith('/')) {
    return false;
  }
  if (subject === run.uri && (fallbackIsError || run.internal)) {
    return true;
  }
  const what = wantsDirectory ? 'folder' : 'file';
  return run.decide(`there is a ${what} for ${subject}`, `there is no ${what} for ${subject}`, 'lasting');
}
