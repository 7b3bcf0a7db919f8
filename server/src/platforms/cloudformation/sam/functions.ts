import { readerOf } from '../../../aws/endpoints/resource';
import type { HandlerReader, HandlerReading } from '../../../aws/lambda/handler';
import { referenceOf } from '../../../aws/template/functions';
import type { Resource } from '../../../aws/template/resources';
import type { Place } from '../../../cors/place';
import { withoutEnd } from '../../../cors/trim';
import { placeOf } from '../../../yaml/places';
import { deref, entriesOf, entryOf, type YamlEntry, type YamlMap, type YamlNode } from '../../../yaml/tree';
import type { Template } from '../template';
import { Layers } from './layers';

/** An `AWS::Serverless::Function`. */
export interface SamFunction {
  readonly id: string;
  readonly resource: Resource;
  readonly events: readonly SamEvent[];
  /** Where to point when the handler cannot be read. */
  readonly handlerPlace: Place;
  handler(): HandlerReading;
}

/** An event of the kind `Api` or `HttpApi`. */
export interface SamEvent {
  readonly kind: 'Api' | 'HttpApi';
  readonly fn: SamFunction;
  readonly entry: YamlEntry;
  readonly properties: YamlMap | undefined;
  /** The logical id of the API; undefined for the implicit one. */
  readonly api: string | undefined;
  /** With a leading slash, or `*` for `$default`. */
  readonly path: string;
  /** In upper case, `ANY` among them. */
  readonly method: string;
  readonly place: Place;
}

/** The functions of a template that name APIs as their events, or have an address of their own. */
export function samFunctions(template: Template, handlers: HandlerReader): SamFunction[] {
  const globals = template.globals('Function');
  return template.resources.flatMap((resource) => {
    if (resource.type !== 'AWS::Serverless::Function') return [];
    const settings = new Layers(readerOf(template, resource), resource.properties, globals);
    const named = entryOf(resource.properties, 'Handler') ?? entryOf(globals, 'Handler');
    const events: SamEvent[] = [];
    const fn: SamFunction = {
      id: resource.id,
      resource,
      events,
      handlerPlace: placeOf(
        named !== undefined && named.value.source === resource.entry.key.source ? named.value : resource.entry.key,
      ),
      handler: () => readHandler(settings, handlers),
    };
    const map = settings.reader.mapAt(resource.properties, 'Events');
    for (const entry of map === undefined ? [] : entriesOf(map).values()) {
      const event = readEvent(settings, fn, entry);
      if (event !== undefined) events.push(event);
    }
    return [fn];
  });
}

/** `CodeUri` and `Handler` name the file as it is seen from the template. */
function readHandler(settings: Layers, handlers: HandlerReader): HandlerReading {
  const runtime = settings.text('Runtime');
  if (runtime === undefined || !runtime.startsWith('nodejs')) {
    return { kind: 'unknown', reason: `the function runs on ${runtime ?? 'something that is not named'}` };
  }
  const handler = settings.text('Handler');
  const code = settings.setting('CodeUri');
  const folder = code === undefined ? '.' : settings.text('CodeUri');
  if (handler === undefined || folder === undefined || /^\w+:|\.(?:zip|jar)$/.test(folder)) {
    return { kind: 'unknown', reason: 'the function names no handler that can be read' };
  }
  const prefix = withoutEnd(folder.replace(/^\.\//, ''), '/');
  return handlers.read(prefix === '' || prefix === '.' ? handler : `${prefix}/${handler.replace(/^\.\//, '')}`);
}

function readEvent({ reader }: Layers, fn: SamFunction, entry: YamlEntry): SamEvent | undefined {
  const node = deref(entry.value);
  const kind = reader.textAt(node, 'Type');
  if (kind !== 'Api' && kind !== 'HttpApi') return undefined;
  const properties = reader.mapAt(node, 'Properties');
  const api = entryOf(properties, kind === 'Api' ? 'RestApiId' : 'ApiId');
  const id = api === undefined ? undefined : idOf(api.value);
  if (api !== undefined && id === undefined) return undefined;
  const pathEntry = entryOf(properties, 'Path');
  const methodEntry = entryOf(properties, 'Method');
  // An HTTP API's event without either takes every request.
  const path = pathEntry === undefined && kind === 'HttpApi' ? '$default' : reader.textAt(properties, 'Path');
  const method = methodEntry === undefined && kind === 'HttpApi' ? 'ANY' : reader.textAt(properties, 'Method');
  if (path === undefined || method === undefined) return undefined;
  return {
    kind,
    fn,
    entry,
    properties,
    api: id,
    path: path === '$default' ? '*' : path,
    method: method === '*' || method === 'x-amazon-apigateway-any-method' ? 'ANY' : method.toUpperCase(),
    place: placeOf(pathEntry?.value ?? entry.key),
  };
}

/** `!Ref Api`, or the id as it stands. */
function idOf(node: YamlNode): string | undefined {
  const value = deref(node);
  const plain =
    value?.kind === 'scalar' && value.tag === undefined && typeof value.value === 'string' ? value.value : undefined;
  return referenceOf(node) ?? plain;
}
