import type { Header } from '../../cors/http';
import type { Place } from '../../cors/place';
import type { Edit } from '../../cors/repair';
import { createReader, property, type SourceModule } from '../../javascript';
import type { Host } from '../../lint/types';
import { deleteSeparated } from '../../yaml/edits/separated';
import type { HandlerReading, HandlerResponse } from '../lambda/handler';
import { addHeaders, addProperty, type NewHeaders } from './headers';

/** Whether a place is in a handler's file, not in the configuration. */
export function isScript(place: Place): boolean {
  return /\.[cm]?[jt]sx?$/i.test(place.file);
}

function moduleAt(host: Host, place: Place): SourceModule | null {
  return createReader({ readFile: (path) => host.read(path) ?? null }).module(place.file);
}

/** Another text for the string, number or boolean at the place. */
export function replaceLiteral(host: Host, place: Place, text: string): readonly Edit[] | undefined {
  const module = moduleAt(host, place);
  const node = module?.index
    .of('Literal')
    .find(({ range: [start, end] }) => start === place.start && end === place.end);
  if (module === null || node === undefined) return undefined;
  const raw = module.text.slice(place.start, place.end);
  const quote = raw.startsWith('"') ? '"' : "'";
  return [{ ...place, text: `${quote}${text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)}${quote}` }];
}

/** Another text for the value of the property at the place, or for the value that stands there itself. */
export function replacePropertyValue(host: Host, place: Place, text: string): readonly Edit[] | undefined {
  const properties = moduleAt(host, place)?.index.of('Property') ?? [];
  const found = properties.find(({ range: [start, end] }) => start === place.start && end === place.end);
  if (found === undefined) return replaceLiteral(host, place, text);
  const [start, end] = found.value.range;
  return replaceLiteral(host, { file: place.file, start, end }, text);
}

/** Another name for the property whose key stands at the place, quotes kept. */
export function renameProperty(host: Host, place: Place, name: string): readonly Edit[] | undefined {
  const module = moduleAt(host, place);
  const key = module?.text.slice(place.start, place.end);
  if (key === undefined || !/^[\w-]+$/.test(name)) return undefined;
  const quote = /^["']/.exec(key)?.[0];
  if (quote !== undefined) return [{ ...place, text: `${quote}${name}${quote}` }];
  return [{ ...place, text: name }];
}

/** Takes the property at the place out of its object literal. */
export function removeProperty(host: Host, place: Place): readonly Edit[] | undefined {
  const module = moduleAt(host, place);
  for (const object of module?.index.of('ObjectExpression') ?? []) {
    const { properties } = object;
    const index = properties.findIndex(({ range: [start, end] }) => start === place.start && end === place.end);
    if (index === -1) continue;
    const [before, next] = [properties[index - 1], properties[index + 1]].map(
      (one) => one && { start: one.range[0], end: one.range[1] },
    );
    return module === null ? undefined : deleteSeparated({ file: module.path, text: module.text }, place, before, next);
  }
  return undefined;
}

/** Adds headers to each response of the endpoint's handler that `wants` them; undefined when one cannot be edited. */
export function addToResponses(
  endpoint: { handler(): HandlerReading | undefined },
  added: NewHeaders,
  wants: (response: HandlerResponse) => boolean,
): readonly Edit[] | undefined {
  const reading = endpoint.handler();
  if (reading?.kind !== 'responses') return undefined;
  const edits: Edit[] = [];
  const shared = sharedHeaders(reading.responses, added);
  for (const response of reading.responses) {
    if (!wants(response) || response.open !== undefined) continue;
    const names = new Set(response.headers.map(({ name }) => name.toLowerCase()));
    const missing = added.filter(([name]) => !names.has(name.toLowerCase()));
    if (missing.length === 0) continue;
    const { object } = response;
    if (object === undefined) return undefined;
    const reuse = shared?.module === object.module && property(object, 'headers') === undefined ? shared : undefined;
    const edit =
      reuse === undefined
        ? addHeaders(object, response.headersObject, missing)
        : addProperty(object, reuse.name === 'headers' ? 'headers' : `headers: ${reuse.name}`);
    if (edit === undefined) return undefined;
    if (!edits.some((one) => one.file === edit.file && one.start === edit.start && one.text === edit.text))
      edits.push(edit);
  }
  return edits.length === 0 ? undefined : edits;
}

/** A constant at the file's top level that other responses have for headers, with all that is to be added. */
function sharedHeaders(
  responses: readonly HandlerResponse[],
  added: NewHeaders,
): { readonly name: string; readonly module: SourceModule } | undefined {
  for (const { object, headers } of responses) {
    const node = object && property(object, 'headers')?.node;
    if (object === undefined || node?.type !== 'Property' || node.value.type !== 'Identifier') continue;
    const { name } = node.value;
    const { module } = object;
    const variable = module.scopes.variable(node.value);
    if (variable === null || module.scopes.topLevel(name) !== variable) continue;
    const names = new Set(headers.map((header) => header.name.toLowerCase()));
    if (added.every(([header]) => names.has(header.toLowerCase()))) return { name, module };
  }
  return undefined;
}

/** Headers as they would be written out again; undefined when a value is not a plain text. */
export function asNewHeaders(headers: readonly Header[]): NewHeaders | undefined {
  const pairs = headers.map(({ name, value }) =>
    value.kind === 'literal' ? ([name, value.text] as const) : undefined,
  );
  return pairs.every((pair) => pair !== undefined) ? pairs : undefined;
}
