import type { TSESTree } from '@typescript-eslint/types';
import type { Header } from '../../../../cors/http';
import { type JsValue, placeOf, property, type Reader } from '../../../../javascript';
import { toValue } from '../../request/headerValue';
import type { RoutePart } from '../app';
import { joinPaths } from '../routes';
import { allTouch, type ClassAt, type Decorator, decoratorsOf, type Touch, touchIn, touchOf } from './classes';

/** What is said of all routes of an app. */
export interface RouteSetting {
  readonly prefix: string;
  /** Whether the prefix, versions and hosts leave paths as they are written. */
  readonly arePathsKnown: boolean;
  /** Whether something refuses requests before any handler. */
  readonly hasGuards: boolean;
}

const METHOD_OF: Readonly<Record<string, string | null>> = {
  Get: 'GET',
  Post: 'POST',
  Put: 'PUT',
  Patch: 'PATCH',
  Delete: 'DELETE',
  Head: 'HEAD',
  Options: 'OPTIONS',
  Sse: 'GET',
  All: null,
};

/** Decorators of Nest that wrap handlers, with what is read by itself. */
const ENHANCERS = new Set(['UseGuards', 'UseInterceptors', 'UseFilters']);
/** Those that make another response of what a handler returns. */
const OTHER_ANSWERS = new Set(['Redirect', 'Sse', 'Render']);

const STATUS: Readonly<Record<string, number>> = { OK: 200, CREATED: 201, ACCEPTED: 202, NO_CONTENT: 204 };

/** The routes of a controller, in the order in which Nest registers them. */
export function routesOf(reader: Reader, { module, node }: ClassAt, setting: RouteSetting): readonly RoutePart[] {
  const own = decoratorsOf(reader, module, node);
  const controller = own.find(({ name }) => name === 'Controller');
  if (controller === undefined) return [];
  const base = basesOf(controller);
  const isPlain = setting.arePathsKnown && base.isKnown && !own.some(({ name }) => name === 'Version');
  return node.body.body.flatMap((member): readonly RoutePart[] => {
    if (member.type !== 'MethodDefinition' || member.static || member.kind !== 'method') return [];
    const all = decoratorsOf(reader, module, member);
    return all.flatMap((one): readonly RoutePart[] => {
      const method = one.name === null ? undefined : METHOD_OF[one.name];
      if (method === undefined || one.call === null) return [];
      const below = textsOf(one.call.arguments[0]);
      const isKnown = isPlain && below !== null && !all.some(({ name }) => name === 'Version');
      const handler = reader.evaluate(member.value, { module, frame: null });
      return (below ?? [':path']).flatMap((path) =>
        base.paths.map((start): RoutePart => {
          const route: RoutePart = {
            kind: 'route',
            methods: method === null ? null : [method],
            path: joinPaths(joinPaths(setting.prefix, start), path),
            place: placeOf(module, one.node.expression),
            handlers: [handler],
            answer: answerOf(method, all, [...own, ...all], { module, node: member }, setting.hasGuards),
          };
          return isKnown ? route : { ...route, isPathUnknown: true };
        }),
      );
    });
  });
}

/** The paths of `@Controller(…)`; not known where a host or a version decides as well. */
function basesOf({ call }: Decorator): { readonly paths: readonly string[]; readonly isKnown: boolean } {
  const [given] = call?.arguments ?? [];
  if (given?.kind !== 'object') {
    const paths = textsOf(given);
    return { paths: paths ?? [''], isKnown: paths !== null };
  }
  const paths = textsOf(property(given, 'path')?.value);
  const isPlain = given.rest === null && !property(given, 'host') && !property(given, 'version');
  return { paths: paths ?? [''], isKnown: isPlain && paths !== null };
}

/** `'users'`, `['users', 'people']`, nothing; null when it is not known. */
function textsOf(value: JsValue | undefined): readonly string[] | null {
  if (value === undefined || value.kind === 'undefined') return [''];
  const items = value.kind === 'array' && value.rest === null ? value.items : [value];
  const texts = items.map((item) => (item.kind === 'string' ? item.value : null));
  return texts.every((text) => text !== null) ? texts : null;
}

/** What a handler's response has by its decorators; a decorator above another is applied after it. */
function answerOf(
  method: string | null,
  own: readonly Decorator[],
  around: readonly Decorator[],
  { module, node }: { readonly module: ClassAt['module']; readonly node: TSESTree.MethodDefinition },
  hasGuards: boolean,
): NonNullable<RoutePart['answer']> {
  const headers = own
    .filter(({ name }) => name === 'Header')
    .reverse()
    .map((one) => headerOf(one));
  const isRead =
    headers.every((header) => header !== null) && !own.some(({ name }) => name !== null && OTHER_ANSWERS.has(name));
  const touch = allTouch([
    isRead ? 'none' : 'unread',
    touchIn(module.text.slice(...node.value.range)),
    ...around.map(touchBy),
  ]);
  return {
    status: statusOf(method, own),
    headers: headers.filter((header) => header !== null),
    open: touch === 'none' ? null : 'the handler, or what runs around it, may set headers of its own',
    ...(touch === 'cors' ? { overrides: true } : {}),
    mayBeRefused: hasGuards || around.some(({ name }) => name === 'UseGuards'),
  };
}

/** `@Header('Vary', 'Origin')`: the value may be a function without arguments. */
function headerOf({ call, node }: Decorator): Header | null {
  const [name, value] = call?.arguments ?? [];
  if (call === null || name?.kind !== 'string' || value === undefined || value.kind === 'function') return null;
  return {
    name: name.value,
    value: toValue(value),
    place: placeOf(call.module, node.expression),
    layer: 'the handler',
  };
}

function statusOf(method: string | null, own: readonly Decorator[]): number | undefined {
  const code = own.find(({ name }) => name === 'HttpCode')?.call?.arguments[0];
  if (code === undefined) return method === 'POST' ? 201 : 200;
  if (code.kind === 'number') return code.value;
  return code.kind === 'member' ? STATUS[code.property] : undefined;
}

function touchBy({ name, call }: Decorator): Touch {
  if (name === null) return 'unread';
  return ENHANCERS.has(name) ? allTouch((call?.arguments ?? []).map(touchOf)) : 'none';
}
