import type { Response } from '../../../cors/http';
import { EITHER } from '../../../cors/words';
import type { Engine } from './engine';
import type { Run } from './run';

/** The responses that a request may get, one for each way the unknown may turn out. */
export function respond(engine: Engine, begin: (decide: Run['decide']) => Run): readonly Response[] {
  return merge(play(engine, begin).map(({ response }) => response));
}

/** A response and how it came about. */
export interface Played {
  readonly run: Run;
  readonly response: Response;
}

/** One answer for each way the unknown may turn out. */
export function play(engine: Engine, begin: (decide: Run['decide']) => Run): readonly Played[] {
  const results: Played[] = [];
  let decisions: boolean[] = [];
  for (let i = 0; i < MOST_RUNS; i += 1) {
    const made: boolean[] = [];
    const words = new Map<string, { readonly truth: boolean; readonly shown: string }>();
    const assumes = new Map<string, boolean>();
    const run = begin((holds, otherwise, lasting) => {
      const known = words.get(holds);
      if (known !== undefined) {
        return known.truth;
      }
      const truth = decisions[made.length] ?? true;
      made.push(truth);
      words.set(holds, { truth, shown: truth ? holds : otherwise });
      if (lasting !== undefined) {
        assumes.set(holds, truth);
      }
      return truth;
    });
    const response = settled(run, engine.serve(run));
    for (const [holds, is] of run.rests) assumes.set(holds, is);
    const shown = [...words.values()].map((word) => word.shown).filter((word) => word !== '');
    const when = shown.join(' and ');
    const rests = assumes.size === 0 ? {} : { assumes };
    results.push({ run, response: when === '' ? response : { ...response, ...rests, when } });
    const last = made.lastIndexOf(true);
    if (last === -1) {
      return results;
    }
    decisions = [...made.slice(0, last), false];
  }
  return results.slice(0, 1).map(({ run, response: { answeredBy } }) => ({
    run,
    response: { status: undefined, answeredBy, headers: [], open: TOO_MANY },
  }));
}

/** What rests on a pattern that cannot be read is not known, whatever the rest says. */
function settled({ undecided }: Run, response: Response): Response {
  return undecided === undefined
    ? response
    : { status: undefined, answeredBy: response.answeredBy, headers: [], open: undecided };
}

/** More circumstances than this tell nobody anything. */
const MOST_RUNS = 16;
const TOO_MANY = 'it depends on too many things that are not known';

/** Responses that differ only in their circumstances are one; when all are, it is certain. */
function merge(responses: readonly Response[]): readonly Response[] {
  if (responses.length === 1) {
    return responses;
  }
  const groups = new Map<string, Response[]>();
  for (const response of responses) {
    const key = JSON.stringify([
      response.status,
      response.open === undefined,
      response.headers.map(({ name, place, value }) => [name, place, value]),
    ]);
    const group = groups.get(key) ?? [];
    group.push(response);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) {
      return [];
    }
    const { when: _, assumes: __, ...certain } = first;
    if (groups.size === 1) {
      return [certain];
    }
    const assumes = common(group);
    const rests = assumes.size === 0 ? {} : { assumes };
    return [{ ...certain, ...rests, when: group.map(({ when }) => when ?? '').join(EITHER) }];
  });
}

/** What all of them rest on. */
function common(responses: readonly Response[]): ReadonlyMap<string, boolean> {
  const [first, ...others] = responses;
  const shared = [...(first?.assumes ?? [])].filter(([holds, is]) =>
    others.every(({ assumes }) => assumes?.get(holds) === is),
  );
  return new Map(shared);
}
