import type { Location } from 'vscode-languageserver';
import type { Place } from '../cors/place';
import type { Workspace } from '../workspace/types';
import { type Positions, positionsIn } from './positions';
import type { Session } from './session';

/** Tells places in the protocol's way; null for a place in a file that cannot be read. */
export type Locate = (place: Place) => Location | null;

/** For one answer: the lines of each file are counted once, and the texts are those of now. */
export function createLocate({ names }: Session, { host }: Pick<Workspace, 'host'>): Locate {
  const known = new Map<string, Positions | undefined>();
  const positionsOf = (file: string): Positions | undefined => {
    if (known.has(file)) return known.get(file);
    const text = host.read(file);
    const positions = text === undefined ? undefined : positionsIn(text);
    known.set(file, positions);
    return positions;
  };
  return (place) => {
    const positions = positionsOf(place.file);
    return positions === undefined ? null : { uri: names.toUri(place.file), range: positions.range(place) };
  };
}
