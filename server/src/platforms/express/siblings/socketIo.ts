import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../cors/place';
import {
  type JsValue,
  type ObjectValue,
  type Property,
  placeOf,
  property,
  type Reader,
  type SourceModule,
  truthiness,
} from '../../../javascript';
import { SOCKET_CORS } from '../cors/corsDialect';
import type { CorsPart, SiblingApp } from './app';

/** A server of socket.io with its options. */
export interface SocketServer {
  readonly place: Place;
  readonly options: ObjectValue | null;
  /** Whether it is made in a way that only version 3 and later know. */
  readonly isModern: boolean;
  /** Set where another file makes the server. */
  readonly partial: string | null;
}

/**
 * The servers of socket.io: `new Server(…)`, `require('socket.io')(…)`, and NestJS's `@WebSocketGateway(…)`. Since
 * version 3 the `cors` option goes to the cors package, and without it there are no CORS headers (engine.io/server.ts).
 */
export function socketServersIn(reader: Reader, module: SourceModule): readonly SocketServer[] {
  if (!/socket\.io|WebSocketGateway/.test(module.text)) return [];
  const calls = [...module.index.of('NewExpression'), ...module.index.of('CallExpression')];
  return calls.flatMap((node): SocketServer[] => {
    if (
      node.callee.type !== 'Identifier' &&
      node.callee.type !== 'MemberExpression' &&
      node.callee.type !== 'CallExpression'
    )
      return [];
    const callee = reader.evaluate(node.callee, { module, frame: null });
    if (callee.kind !== 'import') return [];
    const isGateway = callee.specifier === '@nestjs/websockets' && callee.exported === 'WebSocketGateway';
    if (!isGateway && callee.specifier !== 'socket.io') return [];
    if (!isGateway && !['Server', '*', 'default'].includes(callee.exported)) return [];
    const values = node.arguments.map((argument) => reader.evaluate(argument, { module, frame: null }));
    const options = values.find((value): value is ObjectValue => value.kind === 'object');
    return [
      {
        place: placeOf(module, node.callee),
        options: options ?? null,
        isModern: isGateway || callee.exported === 'Server',
        partial: isGateway ? 'the adapter of the gateway is chosen elsewhere' : null,
      },
    ];
  });
}

/** The `origins` of version 2, which later versions ignore, where the version is known to be later. */
export function oldOriginsIn(reader: Reader, module: SourceModule, version: () => number | null): readonly Property[] {
  return socketServersIn(reader, module).flatMap(({ options, isModern }) => {
    const origins = options && property(options, 'origins');
    if (!origins || (options && property(options, 'cors'))) return [];
    return isModern || (version() ?? 0) >= 3 ? [origins] : [];
  });
}

export function socketApps(reader: Reader, module: SourceModule): readonly SiblingApp[] {
  return socketServersIn(reader, module).flatMap(({ place, options, partial }): SiblingApp[] => {
    const cors = options && property(options, 'cors');
    if (!cors || truthiness(cors.value) === false) return [];
    const path = options && property(options, 'path')?.value;
    return [
      {
        label: 'socket.io',
        isSocket: true,
        place,
        partial,
        path: path?.kind === 'string' ? path.value : '/socket.io/',
        parts: [partOf(reader, module, cors)],
        isOrdered: false,
        methods: ['GET', 'POST'],
        // engine.io/server.ts, `_applyMiddlewares`.
        errorStatus: 400,
        isClosed: true,
      },
    ];
  });
}

function partOf(reader: Reader, module: SourceModule, { value, keyPlace, node }: Property): CorsPart {
  return {
    kind: 'cors',
    source: { argument: argumentOf(value), place: keyPlace, dialect: SOCKET_CORS },
    guard: truthiness(value) === undefined ? null : guardsAt(reader, module, node),
    covers: () => true,
    dropsOnThrow: null,
  };
}

/** `cors: true` gives the defaults. */
function argumentOf(value: JsValue): JsValue | undefined {
  return value.kind === 'boolean' ? undefined : value;
}

function guardsAt(reader: Reader, module: SourceModule, node: TSESTree.Node) {
  return reader.guards(node, { module, frame: null });
}
