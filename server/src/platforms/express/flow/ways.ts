import { EITHER } from '../../../cors/words';
import { alternatives } from './alternatives';
import type { Flow } from './flow';

/** More ways than this are not compared with each other. */
const MOST_WAYS = 24;
/** A longer list of circumstances tells nobody anything. */
const MOST_WORDS = 160;

/**
 * One flow for several that differ in nothing but their circumstances. What is left to finish "when …" holds exactly
 * where one of them is taken: nothing is claimed on the strength of a circumstance that is not enough.
 */
export function mergeWays(flows: readonly [Flow, ...Flow[]]): Flow {
  const [first] = flows;
  const oneOf = alternatives(flows);
  const ways = flows.length > MOST_WAYS ? flows : simplified(flows);
  const [only] = ways;
  if (ways.length === 1 && only !== undefined) return { ...first, when: only.when, assumes: only.assumes, oneOf };
  const when = first.when.filter((words) => ways.every((way) => way.when.includes(words)));
  const assumes = new Map(
    [...first.assumes].filter(([holds, is]) => ways.every((way) => way.assumes.get(holds) === is)),
  );
  const rests = ways.map((way) => way.when.filter((words) => !when.includes(words)).join(' and '));
  const either = rests.join(EITHER);
  const words = either.length > MOST_WORDS ? 'one of several things holds' : either;
  return { ...first, when: [...when, words], assumes, oneOf };
}

type Way = Pick<Flow, 'when' | 'assumes'>;

/** Joins ways until no two of them are one: `a and b` with `a and not b` is `a`. */
function simplified(flows: readonly Way[]): readonly Way[] {
  const ways = [...flows];
  for (let i = 0; i < ways.length; i += 1) {
    for (let j = i + 1; j < ways.length; j += 1) {
      const joined = join(ways[i], ways[j]);
      if (joined !== undefined) {
        ways.splice(j, 1);
        ways.splice(i, 1);
        ways.push(joined);
        i = -1;
        break;
      }
    }
  }
  return ways;
}

/** What two ways are together, where that can be said as one. */
function join(a: Way | undefined, b: Way | undefined): Way | undefined {
  if (a === undefined || b === undefined) return undefined;
  const [restOfA, restOfB] = [without(a, b), without(b, a)];
  if (restOfA.length === 0) return a;
  if (restOfB.length === 0) return b;
  // The ways through a program exclude each other: what tells two by one circumstance each is that circumstance alone.
  if (restOfA.length > 1 || restOfB.length > 1) return undefined;
  const when = a.when.filter((words) => b.when.includes(words));
  return { when, assumes: new Map([...a.assumes].filter(([holds, is]) => b.assumes.get(holds) === is)) };
}

function without(way: Way, other: Way): readonly string[] {
  return way.when.filter((words) => !other.when.includes(words));
}
