import { ALLOW_ORIGIN, VARY } from '../../../cors/names';
import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import type { NginxEndpoint } from '../endpoints/endpoints';
import type { Directive } from '../syntax/tree';
import { setHeader, varyOrigin } from './headers';
import { insertAfter } from './lines';
import { freeName, newMap } from './new-map';
import { directiveAt, edit, type Source } from './source';
import { writePattern, writeWord } from './words';
import type { Workshop } from './workshop';

/** `allowList`, and the header that lets the listed origins call with credentials. */
export function allowListWithCredentials(
  workshop: Workshop,
  endpoint: NginxEndpoint,
  place: Place,
  origins: readonly string[],
): Edit[] | undefined {
  const list = allowList(workshop, endpoint, place, origins);
  const allow = list && setHeader(workshop, endpoint, 'Access-Control-Allow-Credentials', 'true', place);
  return allow && list && allow.reduce(withInsertion, list);
}

/** Lines that go to the same place go there together, in either order. */
function withInsertion(edits: readonly Edit[], added: Edit): Edit[] {
  const isThere = ({ file, start, end }: Edit): boolean =>
    file === added.file && start === added.start && end === start && added.end === start;
  return edits.some(isThere)
    ? edits.map((edit) => (isThere(edit) ? { ...edit, text: edit.text + added.text } : edit))
    : [...edits, added];
}

/** Lets in only the listed origins, where the header, the map's entry or the `if` at the place lets in more. */
export function allowList(
  workshop: Workshop,
  endpoint: NginxEndpoint,
  place: Place,
  origins: readonly string[],
): Edit[] | undefined {
  const source = workshop.source(place);
  const directive = source && directiveAt(source, place);
  if (source === undefined || directive === undefined || !origins.every(isPlain)) {
    return undefined;
  }
  if (directive.parent?.name.value === 'map') {
    return inMap(source, directive, origins);
  }
  if (directive.name.value === 'if') {
    return inIf(source, directive, origins);
  }
  const written = inHeader(workshop, source, directive, origins);
  const near = { file: source.file, ...directive.range };
  return written && [...written, ...besides(varyOrigin(workshop, endpoint, near) ?? [], written)];
}

/** Puts a list for a value that holds several origins, or one more header into the key of a cache. */
export function replaceWithList(workshop: Workshop, place: Place, origins: readonly string[]): Edit[] | undefined {
  const source = workshop.source(place);
  const directive = source && directiveAt(source, place);
  if (source === undefined || directive === undefined) {
    return undefined;
  }
  if (directive.name.value.startsWith('proxy_cache')) {
    return inKey(source, directive, place, origins);
  }
  if (!origins.every(isPlain)) {
    return undefined;
  }
  if (directive.parent?.name.value === 'map') {
    return inMap(source, directive, origins);
  }
  const written = inHeader(workshop, source, directive, origins);
  const siblings = directive.parent?.block?.directives ?? source.tree.directives;
  const hasVary = siblings.some(
    ({ name, args }) => name.value === 'add_header' && args[0]?.value.toLowerCase() === VARY,
  );
  const always = directive.args[2]?.value === 'always' ? ' always' : '';
  return written && hasVary
    ? written
    : written && [...written, insertAfter(source, directive, [`add_header Vary Origin${always};`])];
}

/** A key with the header at its end; where nobody has written one, the one that counts by default. */
function inKey(
  source: Source,
  directive: Directive,
  { end }: Place,
  [key, header]: readonly string[],
): Edit[] | undefined {
  if (key === undefined || header === undefined) {
    return undefined;
  }
  const variable = `$http_${header.toLowerCase().replaceAll('-', '_')}`;
  return directive.name.value === 'proxy_cache_key'
    ? [edit(source, end, end, variable)]
    : [insertAfter(source, directive, [`proxy_cache_key ${key}${variable};`])];
}

/** Edits that do not touch text which the others replace. */
function besides(edits: readonly Edit[], others: readonly Edit[]): Edit[] {
  return edits.filter((one) =>
    others.every((other) => one.file !== other.file || one.start >= other.end || one.end <= other.start),
  );
}

function isPlain(origin: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^\s"'\\$;{}]+$/.test(origin);
}

/** An entry that lets everyone in becomes the listed ones; a `default` keeps nobody. */
function inMap(source: Source, entry: Directive, origins: readonly string[]): Edit[] | undefined {
  const [value] = entry.args;
  if (value === undefined) {
    return undefined;
  }
  const text = source.text.slice(value.range.start, value.range.end);
  const lines = origins.map((origin) => `${writeWord(origin, 'double')} ${text};`);
  const [first, ...rest] = lines;
  if (first === undefined) {
    return undefined;
  }
  if (entry.name.value === 'default') {
    return [edit(source, value.range.start, value.range.end, '""'), insertAfter(source, entry, lines)];
  }
  const replaced = edit(source, entry.range.start, entry.range.end, first);
  return rest.length === 0 ? [replaced] : [replaced, insertAfter(source, entry, rest)];
}

/** `if ($http_origin)` and `if ($http_origin ~ …)`. */
function inIf(source: Source, directive: Directive, origins: readonly string[]): Edit[] | undefined {
  const [subject, operator, operand] = directive.args;
  const pattern = `^(?:${origins.map(escapePattern).join('|')})$`;
  if (subject?.value === '($http_origin)' && operator === undefined) {
    const test = `($http_origin ~ ${writePattern(pattern, 'double')})`;
    return [edit(source, subject.range.start, subject.range.end, test)];
  }
  const matches = subject?.value === '($http_origin' && (operator?.value === '~' || operator?.value === '~*');
  if (!matches || operand === undefined || directive.args.length > 4) {
    return undefined;
  }
  const end = operand.quote === 'none' && operand.value.endsWith(')') ? operand.range.end - 1 : operand.range.end;
  return [
    edit(source, operand.range.start, end, writePattern(pattern, operand.quote === 'single' ? 'single' : 'double')),
  ];
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** `add_header Access-Control-Allow-Origin …` takes its value from a new map at `http` level. */
function inHeader(
  workshop: Workshop,
  source: Source,
  directive: Directive,
  origins: readonly string[],
): Edit[] | undefined {
  const [name, value] = directive.args;
  if (directive.name.value !== 'add_header' || name?.value.toLowerCase() !== ALLOW_ORIGIN || value === undefined) {
    return undefined;
  }
  const variable = freeName(workshop);
  const entries = origins.map((origin) => `${writeWord(origin, 'double')} $http_origin`);
  const map = newMap(workshop, variable, entries);
  return map && [map, edit(source, value.range.start, value.range.end, `$${variable}`)];
}
