import { lstatSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const BOM = '\uFEFF';

/** Why a file was left as it is, in a few words. */
export type Refusal = 'it changed meanwhile' | 'it is not UTF-8' | 'it is gone';

/**
 * Puts a new text in a file's place, whole or not at all, with the file's mode. A byte order mark stays; line ends are
 * the text's. Refuses when the file no longer holds the text that was edited, or holds bytes that are not UTF-8, which
 * would not survive. Throws when the system refuses.
 * @param before the text that was edited, without byte order mark
 */
export function replaceText(file: string, before: string, after: string): Refusal | undefined {
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return 'it is gone';
  const target = realpathSync.native(file);
  const bytes = readFileSync(target);
  const raw = bytes.toString('utf8');
  if (!Buffer.from(raw, 'utf8').equals(bytes)) return 'it is not UTF-8';
  const mark = raw.startsWith(BOM) ? BOM : '';
  if (raw.slice(mark.length) !== before) return 'it changed meanwhile';
  const part = join(dirname(target), `.${basename(target)}.${process.pid}.cors-lint`);
  try {
    writeFileSync(part, mark + after, { mode: statSync(target).mode, flag: 'wx' });
    renameSync(part, target);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  return undefined;
}
