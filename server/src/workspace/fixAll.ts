import type { LintInput } from '../lint/find';
import { type FixFilter, fixAll as fixOneFile } from '../lint/fixAll';
import type { Fix, Host } from '../lint/types';
import type { Analyser } from './analyser';
import type { WorkspaceHost } from './host';
import { named, renamed } from './links';
import type { Workspace } from './types';

/** A snippet can have hundreds of includers: the fixes of this many are made in it. */
const MOST_INCLUDERS = 12;

/** See `Workspace.fixAll`. */
export function openFixAll(host: WorkspaceHost, analyser: Analyser): Workspace['fixAll'] {
  return async (name, filter = () => true) => {
    const file = host.canonical(name) ?? name;
    const texts = new Map<string, string>();
    const made: Fix[] = [];
    const fix = (input: LintInput, isWanted: (fix: Fix) => boolean): void => {
      const over = withTexts(host, texts);
      const allowed: FixFilter = (each, current) => isWanted(each) && analyser.isHarmless(each, current);
      const fixed = fixOneFile({ ...input, text: texts.get(input.file) ?? input.text, host: over }, allowed);
      for (const [changedFile, text] of fixed.texts) texts.set(changedFile, text);
      made.push(...fixed.made);
    };
    for (const input of await analyser.inputs(file)) fix(input, (each) => filter(renamed(each, file, name)));
    // What those who include the file would mend in it.
    for (const includer of analyser.includers(file).slice(0, MOST_INCLUDERS)) {
      for (const input of await analyser.inputs(includer)) {
        fix(input, (each) => each.edits.every((edit) => edit.file === file) && filter(renamed(each, file, name)));
      }
    }
    return file === name
      ? { texts, made }
      : { texts: named(texts, file, name), made: made.map((each) => renamed(each, file, name)) };
  };
}

/** The host, with these texts instead of its own. */
function withTexts(host: Host, texts: ReadonlyMap<string, string>): Host {
  if (texts.size === 0) return host;
  return {
    read: (file) => texts.get(file) ?? host.read(file),
    resolve: (from, relative) => host.resolve(from, relative),
    glob: (from, pattern) => host.glob(from, pattern),
    version: (file) =>
      texts.has(file) ? `edited ${texts.get(file)?.length} ${host.version(file)}` : host.version(file),
  };
}
