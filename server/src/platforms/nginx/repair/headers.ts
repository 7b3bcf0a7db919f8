import type { Header } from '../../../cors/http';
import { ALLOW_ORIGIN, VARY } from '../../../cors/names';
import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import { homeOf, type Level } from '../config/level';
import { placeOf } from '../config/node';
import type { NginxEndpoint } from '../endpoints/endpoints';
import { effectiveHeaders, type HeaderLine, ownHeaders } from '../evaluate/header-lines';
import { nameOf } from '../inspect/cors-lines';
import type { Directive } from '../syntax/tree';
import { hoistHeaders } from './hoist';
import { insertAfter } from './lines';
import { directiveWithRange, edit, samePlaces } from './source';
import { writeWord } from './words';
import type { Workshop } from './workshop';

/** Adds `always` to the lines that lack it. */
export function applyToErrors(workshop: Workshop, headers: readonly Pick<Header, 'place'>[]): Edit[] | undefined {
  const edits: Edit[] = [];
  const done = new Set<Directive>();
  for (const { place } of headers) {
    const source = workshop.source(place);
    const directive = source && directiveWithRange(source, place);
    const last = directive?.args.at(-1);
    if (source === undefined || directive?.name.value !== 'add_header' || directive.args.length !== 2 || !last) {
      continue;
    }
    if (!done.has(directive)) {
      done.add(directive);
      edits.push(edit(source, last.range.end, last.range.end, ' always'));
    }
  }
  return edits;
}

/**
 * A new `add_header` beside one that the endpoint already sends; where an `if` has the header, it goes to the location.
 */
export function setHeader(
  workshop: Workshop,
  endpoint: NginxEndpoint,
  name: string,
  value: string,
  near: Place | undefined,
): Edit[] | undefined {
  const home = homeOf(endpoint.level);
  const block = near && ifsOf(home).find((level) => sets(level, name, near));
  if (block !== undefined) {
    return hoistHeaders(workshop, block, home);
  }
  const lines = effectiveHeaders(endpoint.level, { nginxVersion: workshop.analysis.nginxVersion ?? '' });
  const beside = lines.find((line) => near !== undefined && samePlaces(placeOf(line.node), near)) ?? lines.at(-1);
  if (beside === undefined || value.includes('$')) {
    return undefined;
  }
  const line = headerLine(name, value, beside.always);
  const source = workshop.source(beside.node);
  return source && [insertAfter(source, beside.node.directive, [line])];
}

/** Whether the header is set at that place, and that is on this level. */
function sets(level: Level, name: string, near: Place): boolean {
  return ownHeaders(level).some((line) => nameOf(line) === name.toLowerCase() && samePlaces(placeOf(line.node), near));
}

export function headerLine(name: string, value: string, always: boolean): string {
  return `add_header ${name} ${writeWord(value)}${always ? ' always' : ''};`;
}

/** `Vary: Origin` at every level of the endpoint that has an Access-Control-Allow-Origin line of its own. */
export function varyOrigin(workshop: Workshop, endpoint: NginxEndpoint, near: Place): Edit[] | undefined {
  const edits: Edit[] = [];
  for (const level of levelsWithOrigin(endpoint.level, near)) {
    const origin = originLine(level);
    if (origin !== undefined) {
      edits.push(...varyAt(workshop, level, origin));
    }
  }
  return edits.length > 0 ? edits : varyByMore(workshop, near);
}

/** The level whose line is near, and the location with its `if`s. */
function levelsWithOrigin(level: Level, near: Place): Level[] {
  const levels = new Set<Level>();
  for (let at: Level | undefined = level; at !== undefined; at = at.parent) {
    for (const each of [at, ...ifsOf(at)]) {
      const isNear = ownHeaders(each).some(({ node }) => samePlaces(placeOf(node), near));
      if (isNear || (at === homeOf(level) && originLine(each) !== undefined)) {
        levels.add(each);
      }
    }
  }
  return [...levels];
}

export function ifsOf(level: Level): Level[] {
  return level.program.flatMap((step) => (step.kind === 'if' ? [step.level] : []));
}

function originLine(level: Level): HeaderLine | undefined {
  return ownHeaders(level).find(({ name }) => name.value.toLowerCase() === ALLOW_ORIGIN);
}

function varyAt(workshop: Workshop, level: Level, origin: HeaderLine): Edit[] {
  const source = workshop.source(origin.node);
  if (source === undefined) {
    return [];
  }
  const vary = ownHeaders(level).find(({ name }) => name.value.toLowerCase() === VARY);
  if (vary === undefined) {
    return [insertAfter(source, origin.node.directive, [headerLine('Vary', 'Origin', origin.always)])];
  }
  if (/(?:^|,)\s*(?:origin|\*)\s*(?:,|$)/i.test(vary.value.value)) {
    return vary.always || !origin.always ? [] : [edit(source, vary.value.range.end, vary.value.range.end, ' always')];
  }
  if (vary.node.file !== source.file || vary.value.value.includes('$')) {
    return [];
  }
  const text = writeWord(`${vary.value.value}, Origin`, vary.value.quote);
  return [edit(source, vary.value.range.start, vary.value.range.end, text)];
}

function varyByMore(workshop: Workshop, near: Place): Edit[] | undefined {
  const source = workshop.source(near);
  const directive = source && directiveWithRange(source, near);
  return source && directive?.name.value === 'more_set_headers'
    ? [insertAfter(source, directive, ['more_set_headers "Vary: Origin";'])]
    : undefined;
}
