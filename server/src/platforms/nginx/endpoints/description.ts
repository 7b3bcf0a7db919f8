import type { Place } from '../../../cors/place';
import type { Configuration } from '../config/configuration';
import { describeLevel, inherited, type Level, setting, unreadableAbove } from '../config/level';
import { headPlace } from '../config/node';
import { contentOf } from '../evaluate/content';
import { probe } from './requests';

/** The endpoint in words: its location and its server. */
export function labelOf(level: Level, server: Level, { fragment }: Configuration): string {
  if (level === fragment) {
    return 'these lines';
  }
  const label = describeLevel(level);
  const name = level === server ? '' : describeLevel(server).slice('server'.length);
  return name === '' ? label : `${label} of${name}`;
}

/** The place of the block's name and arguments. */
export function placeOfLevel({ node }: Level, file: string): Place {
  return node === undefined ? { file, start: 0, end: 0 } : headPlace(node);
}

/** Why not all that answers here is known; undefined where it is. */
export function partialReason(level: Level, server: Level, configuration: Configuration): string | undefined {
  if (configuration.fragment !== undefined) {
    return 'what includes these lines is not known';
  }
  return server.node === undefined ? 'the server that includes this file is not known' : unreadableAbove(level);
}

/** Whether `auth_basic` is on. */
export function needsPassword(level: Level): boolean {
  const realm = setting(level, 'auth_basic');
  return realm !== undefined && realm !== 'off' && inherited(level, 'auth_basic_user_file').length > 0;
}

/** What `limit_except` spares, and for plain files what nginx serves them to. */
export function methodsOf(level: Level, server: Level, configuration: Configuration): readonly string[] | undefined {
  const spared = level.limitExcept?.node?.args.map((word) => word.value.toUpperCase());
  if (spared !== undefined) {
    return spared.filter((method) => method !== 'OPTIONS');
  }
  if (level.program.some(({ kind }) => kind !== 'set') || configuration.fragment !== undefined) {
    return undefined;
  }
  const fallback = level.own.get('try_files')?.at(-1)?.args.at(-1)?.value;
  const run = probe(configuration, server, '/');
  run.level = level;
  const content = contentOf(run);
  const filesOnly =
    content.kind === 'files' && content.dav.length === 0 && (fallback === undefined || fallback.startsWith('='));
  return filesOnly ? ['GET', 'HEAD'] : undefined;
}
