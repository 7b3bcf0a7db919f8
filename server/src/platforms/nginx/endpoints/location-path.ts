import type { Configuration } from '../config/configuration';
import { inherited, type Level } from '../config/level';
import { locate, matcherOf } from '../evaluate/locate';
import { samplePaths } from '../sample';
import { probe } from './requests';

/** A path that leads to the location; undefined for named, internal and shadowed ones. */
export function pathOf(level: Level, server: Level, configuration: Configuration): string | undefined {
  const matcher = level.node && matcherOf(level.node);
  if (matcher === undefined || matcher.kind === 'named' || inherited(level, 'internal').length > 0) {
    return undefined;
  }
  const below =
    matcher.kind === 'pattern' ? pathsMatching(matcher, level.parent) : pathsBelow(matcher.path, matcher.kind);
  // A folder is the odd case where `try_files` looks for folders and has something to fall back on.
  const candidates = fallsBack(level)
    ? [...below].sort((a, b) => Number(a.endsWith('/')) - Number(b.endsWith('/')))
    : below;
  return candidates.find((path) => {
    const found = locate(probe(configuration, server, path), path);
    return found.level === level && !found.addSlash;
  });
}

function fallsBack({ own }: Level): boolean {
  const words =
    own
      .get('try_files')
      ?.at(-1)
      ?.args.map(({ value }) => value) ?? [];
  return words.includes('$uri/') && !words.at(-1)?.startsWith('=');
}

/** Samples of the pattern; in a nested location they start with the path of the location around it. */
function pathsMatching(
  { source, ignoreCase }: { source: string; ignoreCase: boolean },
  outer: Level | undefined,
): string[] {
  const samples = samplePaths(source, ignoreCase);
  const around = outer?.node && matcherOf(outer.node);
  const prefix = around?.kind === 'prefix' ? around.path.replace(/\/$/, '') : '';
  return prefix === '' ? samples : [...samples.map((path) => prefix + path), ...samples];
}

function pathsBelow(path: string, kind: 'exact' | 'prefix'): string[] {
  if (kind === 'exact') {
    return [path];
  }
  return path.endsWith('/') ? [path, `${path}x`] : [path, `${path}/`, `${path}/x`, `${path}x`];
}
