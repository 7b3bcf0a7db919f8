import type { Address, Upstream } from '../../lint/types';
import type { Found } from './listeners';
import type { Answer } from './resolve';

/** Where a file's requests go. */
export interface Links {
  readonly upstream: (address: Address) => Upstream | undefined;
  /** All that was asked so far, each with its answer. */
  readonly asked: ReadonlyMap<string, Asked>;
  /** The files that the answers rest on, those that answer behind others among them. */
  files(): ReadonlySet<string>;
}

/** An address with what was found there. */
export interface Asked {
  readonly address: Address;
  readonly answer: Answer | undefined;
  readonly upstream: Upstream | undefined;
}

type Resolve = (address: Address) => Answer | undefined;

/**
 * An answer for each address, worked out when it is first asked for, and the same from then on.
 * @param shown how a file is named for people
 */
export function openLinks(resolve: Resolve, shown: (file: string) => string): Links {
  const asked = new Map<string, Asked>();
  return {
    asked,
    upstream(address) {
      const key = `${address.host}:${address.port}`;
      const known = asked.get(key);
      if (known !== undefined) return known.upstream;
      const answer = resolve(address);
      const upstream = answer && upstreamOf(answer, shown);
      asked.set(key, { address, answer, upstream });
      return upstream;
    },
    files() {
      const files = new Set<string>();
      addFiles(asked, files, new Set());
      return files;
    },
  };
}

/** Whether all that was asked would be answered the same. */
export function isUnchanged({ asked }: Links, resolve: Resolve): boolean {
  for (const { address, answer } of asked.values()) if (!sameAnswer(answer, resolve(address))) return false;
  return true;
}

/** Whether it is the same that answers, as it was, and in the same circumstances. */
export function sameAnswer(a: Answer | undefined, b: Answer | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.found === b.found && a.provided?.holds === b.provided?.holds;
}

function upstreamOf({ found, provided }: Answer, shown: (file: string) => string): Upstream {
  return {
    file: shown(found.file),
    get endpoints() {
      return found.listener.endpoints();
    },
    ...(provided === undefined ? {} : { provided }),
  };
}

function addFiles(asked: Links['asked'], into: Set<string>, seen: Set<Found>): void {
  for (const { answer } of asked.values()) {
    for (const file of answer?.by ?? []) into.add(file);
    if (answer === undefined || seen.has(answer.found)) continue;
    const { found } = answer;
    seen.add(found);
    for (const file of found.versions.keys()) into.add(file);
    if (found.links !== undefined) addFiles(found.links.asked, into, seen);
  }
}
