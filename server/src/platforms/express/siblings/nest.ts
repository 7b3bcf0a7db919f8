import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../cors/place';
import {
  type CallValue,
  type Condition,
  type JsValue,
  placeOf,
  property,
  type Reader,
  type SourceModule,
  truthiness,
} from '../../../javascript';
import { handlerOf } from '../app/handlerKind';
import type { CorsDialect } from '../cors/corsDialect';
import { CORS_PACKAGE } from '../cors/corsDialect';
import { sourceOf } from '../cors/corsOptions';
import type { CorsPart, LatePart, Part, SiblingApp } from './app';
import { touchOf } from './nest/classes';
import { routesOf } from './nest/routes';
import { NOTHING_READ, servedBy } from './nest/served';
import { isAfter, type Start, startOf } from './nest/started';
import { type MethodCall, receiverKey, receiversIn } from './receivers';

const FASTIFY = /FastifyAdapter|NestFastifyApplication/;
const IN_NEST = /['"]@nestjs\/|INestApplication|NestExpressApplication|NestFastifyApplication/;

/**
 * NestJS hands its options to the cors package on Express and to @fastify/cors on Fastify. `enableCors(…)` runs where
 * it stands, `create(…, { cors })` when the app starts, which is later (nest-application.ts, `applyOptions`).
 */
export function nestApps(reader: Reader, module: SourceModule, fastify: () => CorsDialect): readonly SiblingApp[] {
  if (!IN_NEST.test(module.text)) return [];
  const receivers = receiversIn(reader, module);
  const created = creationsIn(reader, module);
  const apps = created.map((creation): SiblingApp => {
    const receiver = receivers.find(({ key }) => key === creation.key);
    const dialect = creation.isFastify ? fastify() : CORS_PACKAGE;
    const start = startOf(reader, module, creation.key);
    const calls = receiver?.calls ?? [];
    const set = calls.filter((call) => !isAfter(start, call)).flatMap((call) => partOf(reader, call, dialect));
    const behind = calls.filter((call) => isAfter(start, call));
    // Fastify takes no plugins any more.
    const unread = creation.isFastify && behind.length > 0 ? [AFTER_START] : [];
    const last = creation.cors === null ? [] : optionOf(reader, module, creation.cors, dialect);
    const ahead = [...set, ...unread, ...last];
    // Without CORS of its own an app is told only of headers that are seen at once.
    const late = start === null || creation.isFastify ? [] : behind.flatMap((call) => lateOf(reader, call, start));
    const isRead = [...ahead, ...late].some((one) => 'source' in one) || /access-control/i.test(module.text);
    const served = isRead ? servedBy(reader, creation.root, calls) : NOTHING_READ;
    return {
      ...app(creation.place, null, [...ahead, ...served.parts]),
      optionsPass: served.optionsPass,
      late,
    };
  });
  const keys = new Set(created.map(({ key }) => key));
  const given = receivers.filter(({ key, calls }) => !keys.has(key) && calls.some(({ name }) => name === 'enableCors'));
  const dialect = () => (FASTIFY.test(module.text) ? fastify() : CORS_PACKAGE);
  return [
    ...apps,
    ...(created.length === 0 ? controllersAlone(reader, module) : []),
    ...given.map((receiver) =>
      app(
        receiver.place,
        'the app is made in another place',
        receiver.calls.flatMap((one) => partOf(reader, one, dialect())),
      ),
    ),
  ];
}

const AFTER_START: Part = { kind: 'opaque', reason: 'the app has started when it is set up' };

/** CORS without a condition around it, on an app that has started. */
function lateOf(reader: Reader, one: MethodCall, start: Start): readonly LatePart[] {
  return partOf(reader, one, CORS_PACKAGE).flatMap((part) =>
    part.kind === 'cors' && part.guard?.length === 0 ? [{ source: part.source, name: one.name, start }] : [],
  );
}

/** Controllers that set CORS headers by themselves, seen without the app that they belong to. */
function controllersAlone(reader: Reader, module: SourceModule): readonly SiblingApp[] {
  if (!/@Header\(\s*['"`]access-control/i.test(module.text)) return [];
  const parts = module.index
    .of('ClassDeclaration')
    .flatMap((node) => routesOf(reader, { module, node }, { prefix: '', arePathsKnown: false, hasGuards: false }));
  const [first] = parts;
  return first === undefined ? [] : [app(first.place, 'the app that it belongs to is not in this file', parts)];
}

function app(place: Place, partial: string | null, parts: readonly Part[]): SiblingApp {
  return {
    label: 'the Nest app',
    place,
    partial,
    path: '/',
    parts,
    isOrdered: false,
    errorStatus: 500,
    isClosed: false,
  };
}

interface Creation {
  readonly key: string;
  /** The module that the app is made of. */
  readonly root: JsValue | undefined;
  readonly place: Place;
  readonly isFastify: boolean;
  /** The `cors` property: its value, and where its name stands. */
  readonly cors: { readonly value: JsValue; readonly place: Place; readonly node: TSESTree.Node } | null;
}

function creationsIn(reader: Reader, module: SourceModule): readonly Creation[] {
  return module.index.of('CallExpression').flatMap((node): Creation[] => {
    const { callee } = node;
    if (callee.type !== 'MemberExpression' || !/\bcreate$/.test(module.text.slice(...callee.range))) return [];
    const value = reader.evaluate(node, { module, frame: null });
    if (value.kind !== 'call' || !isCreate(value)) return [];
    const options = value.arguments.slice(1).find((argument) => argument.kind === 'object');
    const cors = options?.kind === 'object' ? property(options, 'cors') : undefined;
    const adapter = value.arguments[1];
    return [
      {
        key: receiverKey(value, module, node),
        root: value.arguments[0],
        place: placeOf(module, callee),
        isFastify: adapter?.kind === 'new' && /Fastify/.test(adapter.name),
        cors: cors ? { value: cors.value, place: cors.keyPlace, node: cors.node } : null,
      },
    ];
  });
}

function isCreate({ callee }: CallValue): boolean {
  if (callee.kind !== 'member' || callee.property !== 'create') return false;
  const { object } = callee;
  return object.kind === 'import' && object.specifier === '@nestjs/core' && object.exported === 'NestFactory';
}

/** `{ cors: true }` or `{ cors: options }`. */
function optionOf(
  reader: Reader,
  module: SourceModule,
  { value, place, node }: NonNullable<Creation['cors']>,
  dialect: CorsDialect,
): readonly Part[] {
  const truth = truthiness(value);
  if (truth === false) return [];
  const guard = truth === undefined ? null : reader.guards(node, { module, frame: null });
  const argument = value.kind === 'object' || value.kind === 'choice' ? value : undefined;
  return [part({ argument, place, dialect }, guard)];
}

function part(source: CorsPart['source'], guard: readonly Condition[] | null): CorsPart {
  return { kind: 'cors', source, guard, covers: () => true, dropsOnThrow: null };
}

function partOf(reader: Reader, { name, call, module }: MethodCall, dialect: CorsDialect): readonly Part[] {
  const context = { module, frame: null };
  const values = call.arguments.map((argument) => ({ argument, value: reader.evaluate(argument, context) }));
  if (name === 'enableCors') {
    const named = call.callee.type === 'MemberExpression' ? call.callee.property : call;
    const source = { argument: values[0]?.value, place: placeOf(module, named), dialect };
    return [part(source, reader.guards(call, context))];
  }
  if (name !== 'use') return [];
  return values.flatMap(({ argument, value }): Part[] => {
    const handler = handlerOf(
      { value, site: { module, node: argument, place: placeOf(module, argument) } },
      () => null,
    );
    if (handler.kind === 'cors') return [part(sourceOf(handler.call), reader.guards(call, context))];
    if (handler.kind === 'unknown') return [{ kind: 'opaque', reason: handler.reason }];
    if (handler.kind === 'function' && touchOf(handler.value) === 'none') return [];
    if (handler.kind === 'function' || handler.kind === 'choice')
      return [{ kind: 'opaque', reason: 'a middleware of the app is not read' }];
    return [];
  });
}
