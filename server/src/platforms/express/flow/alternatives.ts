import type { Flow } from './flow';

type Assumptions = ReadonlyMap<string, boolean>;

/** More ways than this are not looked at, and more than the second are not kept. */
const MOST_WAYS = 24;
const MOST_KEPT = 8;

/**
 * What is assumed where at least one of the flows is taken, as few ways as say it, each with all of its assumptions;
 * empty where one of them assumes nothing, where together they leave nothing out, and where they are too many to keep.
 */
export function alternatives(flows: readonly Pick<Flow, 'assumes' | 'oneOf'>[]): readonly Assumptions[] {
  const all = flows.flatMap(({ assumes, oneOf }) =>
    oneOf.length === 0 ? [assumes] : oneOf.map((way) => new Map([...way, ...assumes])),
  );
  if (all.length > MOST_WAYS || all.some((way) => way.size === 0)) return [];
  const kept = joined(all);
  // What a single way assumes, the flow assumes itself.
  return kept.length < 2 || kept.length > MOST_KEPT ? [] : kept;
}

/** Ways of which none is a part of another, and no two differ in one assumption alone. */
function joined(all: readonly Assumptions[]): readonly Assumptions[] {
  const ways = [...all];
  for (let i = 0; i < ways.length; i += 1) {
    for (let j = i + 1; j < ways.length; j += 1) {
      const both = join(ways[i], ways[j]);
      if (both === undefined) continue;
      ways.splice(j, 1);
      ways.splice(i, 1, both);
      i = -1;
      break;
    }
  }
  return ways;
}

/** `a` with `a and b` is `a`; `a and b` with `a and not b` is `a`. Undefined for others. */
function join(a: Assumptions | undefined, b: Assumptions | undefined): Assumptions | undefined {
  if (a === undefined || b === undefined) return undefined;
  const ofA = [...a].filter(([holds, is]) => b.get(holds) !== is);
  const ofB = [...b].filter(([holds, is]) => a.get(holds) !== is);
  if (ofA.length === 0) return a;
  if (ofB.length === 0) return b;
  const [[name] = []] = ofA;
  if (ofA.length > 1 || ofB.length > 1 || name === undefined || !b.has(name)) return undefined;
  return new Map([...a].filter(([holds]) => holds !== name));
}
