import { variableName } from '../config/configuration';
import type { Level, Step } from '../config/level';
import type { Directive, Range } from '../syntax/tree';
import type { Source } from './source';

/**
 * The `set` directives of a location, and the `if`s that hold nothing else, whose variables were read where the text
 * is to go, and are read nowhere else.
 */
export function deadVariables(
  source: Source,
  home: Level,
  bared: ReadonlySet<Level>,
  gone: readonly Range[],
): Directive[] {
  const reads = readsIn(source.text);
  let setters = home.program.filter((step) => setsOnly(step, bared) && step.node.file === source.file);
  for (let size = -1; size !== setters.length; ) {
    size = setters.length;
    const ranges = [...gone, ...setters.map(({ node }) => node.directive.range)];
    const isInside = (at: number): boolean => ranges.some(({ start, end }) => start <= at && at < end);
    setters = setters.filter((step) =>
      namesIn(step).every((name) => {
        const places = reads.get(name) ?? [];
        // The `set` itself names its variable too.
        return places.length > 1 && places.every(isInside);
      }),
    );
  }
  const isWanted = (step: Step): boolean =>
    namesIn(step).some((name) => reads.get(name)?.some((at) => gone.some(({ start, end }) => start <= at && at < end)));
  return setters.some(isWanted) ? setters.map(({ node }) => node.directive) : [];
}

function setsOnly(step: Step, bared: ReadonlySet<Level>): boolean {
  return (
    step.kind === 'set' ||
    (step.kind === 'if' &&
      (step.level.own.size === 0 || bared.has(step.level)) &&
      step.level.program.length > 0 &&
      step.level.program.every(({ kind }) => kind === 'set'))
  );
}

function namesIn(step: Step): string[] {
  if (step.kind === 'if') {
    return step.level.program.flatMap(namesIn);
  }
  const name = variableName(step.node.args[0]?.value);
  return name === undefined ? [] : [name];
}

/** Where each variable is named, by name in lower case. */
function readsIn(text: string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const match of text.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)) {
    const name = (match[1] ?? match[2] ?? '').toLowerCase();
    found.set(name, [...(found.get(name) ?? []), match.index]);
  }
  return found;
}
