import type { TSESTree } from '@typescript-eslint/types';
import type { Endpoint } from '../../../cors/endpoint';
import type { Answerer, Request, Response } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import {
  type CallValue,
  type FunctionValue,
  functionName,
  isFunction,
  placeOf,
  type SourceModule,
} from '../../../javascript';
import type { App } from '../app/apps';
import { isCorsCall } from '../app/handlerKind';
import { type CorsSource, sourceOf } from '../cors/corsOptions';
import { runCors } from '../cors/corsPackage';
import { policiesOf } from '../cors/corsPolicies';
import { handPolicies } from '../cors/manualPolicy';
import { fitting } from '../flow/fitting';
import { opened, START, type Step } from '../flow/flow';
import type { FunctionRun } from '../flow/functionRun';
import { runFunction } from '../flow/runFunction';
import type { Application } from './run';

/**
 * Endpoints that stand for themselves: the function of `http.createServer`, and what is seen without its app: handlers
 * that set CORS headers, and `cors(…)` calls that no app of the file uses.
 * @param elsewhere what is used by apps of other frameworks
 */
export function partialEndpoints(
  application: Application,
  module: SourceModule,
  elsewhere: readonly CorsSource[],
): readonly Endpoint[] {
  const used = usedNodes(application.apps.inModule(module));
  return [
    ...servers(application, module),
    ...looseHandlers(application, module, used),
    ...looseCors(application, module, used).filter(
      ({ place }) => !elsewhere.some(({ place: known }) => known.file === place.file && known.start === place.start),
    ),
  ];
}

/** Everything that is already part of an app. */
function usedNodes(apps: readonly App[]): ReadonlySet<TSESTree.Node> {
  const used = new Set<TSESTree.Node>();
  for (const app of apps) {
    for (const registration of app.registrations) {
      if (registration.kind !== 'layer') continue;
      used.add(registration.call);
      for (const { handler } of registration.handlers) used.add(handler.value.node);
    }
  }
  return used;
}

function servers(application: Application, module: SourceModule): readonly Endpoint[] {
  const { reader } = application;
  return module.index.of('CallExpression').flatMap((call): Endpoint[] => {
    const last = call.arguments.at(-1);
    if (last === undefined || !mayCreateServer(call)) return [];
    const callee = reader.evaluate(call.callee, { module, frame: null });
    if (
      callee.kind !== 'import' ||
      callee.exported !== 'createServer' ||
      !/^(?:node:)?(?:https?|http2)$/.test(callee.specifier)
    )
      return [];
    const handler = reader.evaluate(last, { module, frame: null });
    if (handler.kind !== 'function') return [];
    return [
      handlerEndpoint(application, handler, {
        label: 'the server',
        place: placeOf(module, call.callee),
        partial: null,
      }),
    ];
  });
}

function mayCreateServer({ callee }: TSESTree.CallExpression): boolean {
  if (callee.type === 'Identifier') return callee.name === 'createServer';
  return (
    callee.type === 'MemberExpression' &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'createServer'
  );
}

/** Functions `(req, res, …)` that speak of CORS headers and are given to no app of the file. */
function looseHandlers(
  application: Application,
  module: SourceModule,
  used: ReadonlySet<TSESTree.Node>,
): readonly Endpoint[] {
  if (!/access-control-/i.test(module.text)) return [];
  const functions = [
    ...module.index.of('FunctionDeclaration'),
    ...module.index.of('FunctionExpression'),
    ...module.index.of('ArrowFunctionExpression'),
  ];
  return functions.flatMap((fn): Endpoint[] => {
    if (used.has(fn) || !looksLikeHandler(fn) || isInside(fn, used) || isServerArgument(fn)) return [];
    if (!/access-control-/i.test(module.text.slice(...fn.range))) return [];
    const value = application.reader.evaluate(fn, { module, frame: null });
    if (value.kind !== 'function') return [];
    const name = functionName(fn);
    const place = fn.type !== 'ArrowFunctionExpression' && fn.id ? placeOf(module, fn.id) : headOf(module, fn);
    return [
      handlerEndpoint(application, value, {
        label: name ?? 'a handler',
        place,
        partial: 'the app that it belongs to is not in this file',
      }),
    ];
  });
}

function looksLikeHandler(fn: TSESTree.Node): boolean {
  if (!isFunction(fn)) return false;
  const names = fn.params.map((param) => (param.type === 'Identifier' ? param.name : ''));
  const at = names.length === 4 ? 1 : 0;
  return /^_*(?:req|request|r)$/i.test(names[at] ?? '') && /^_*(?:res|response|reply)$/i.test(names[at + 1] ?? '');
}

/** Inside another handler or a part of an app, whose paths take it along. */
function isInside(fn: TSESTree.Node, used: ReadonlySet<TSESTree.Node>): boolean {
  for (let up = fn.parent; up; up = up.parent) if (used.has(up) || looksLikeHandler(up)) return true;
  return false;
}

function isServerArgument(fn: TSESTree.Node): boolean {
  return fn.parent?.type === 'CallExpression' && mayCreateServer(fn.parent);
}

/** The function up to its body. */
function headOf(
  module: SourceModule,
  fn: TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression | TSESTree.FunctionDeclaration,
): Place {
  const [start] = fn.range;
  const end = fn.body ? fn.body.range[0] : fn.range[1];
  const head = module.text.slice(start, end).trimEnd();
  return { file: module.path, start, end: start + head.length };
}

interface Seen {
  readonly label: string;
  readonly place: Place;
  readonly partial: string | null;
}

function handlerEndpoint(application: Application, fn: FunctionValue, seen: Seen): Endpoint {
  const { reader, memo } = application;
  const respond = (request: Request): readonly Response[] => {
    const run: FunctionRun = {
      reader,
      memo,
      request,
      runHandler: (handler, flow) => [
        { kind: 'next', flow: handler.kind === 'unknown' ? opened(flow, handler.reason) : flow },
      ],
    };
    const steps = runFunction(run, fn, START);
    const fits = fitting(steps, request.ending);
    const responses = (fits.length > 0 ? fits : steps).map((step) => toResponse(step, seen));
    return responses.length > 0 ? responses : [unknownResponse(seen.place, 'no way through it was found')];
  };
  let policies: Endpoint['policies'] | null = null;
  return {
    ...common(seen),
    get policies() {
      policies ??= handPolicies(reader, fn);
      return policies;
    },
    respond,
  };
}

/** `cors(…)` that is exported, or given to something unread. */
function looseCors(
  application: Application,
  module: SourceModule,
  used: ReadonlySet<TSESTree.Node>,
): readonly Endpoint[] {
  const { reader } = application;
  if (!/['"]cors['"]/.test(module.text)) return [];
  return module.index.of('CallExpression').flatMap((call): Endpoint[] => {
    if (used.has(call) || isInside(call, used) || call.parent?.type === 'ExpressionStatement') return [];
    const value = reader.evaluate(call, { module, frame: null });
    if (!isCorsCall(value) || value.node !== call) return [];
    return [
      corsEndpoint(application, value, {
        label: 'cors()',
        place: placeOf(module, call.callee),
        partial: 'the app that uses it is not in this file',
      }),
    ];
  });
}

function corsEndpoint({ reader }: Application, call: CallValue, seen: Seen): Endpoint {
  let policies: Endpoint['policies'] | null = null;
  return {
    ...common(seen),
    get policies() {
      policies ??= policiesOf(reader, sourceOf(call));
      return policies;
    },
    respond: (request) => runCors(reader, sourceOf(call), request, START).map((step) => toResponse(step, seen)),
  };
}

function common(seen: Seen): Omit<Endpoint, 'policies' | 'respond'> {
  return {
    platform: 'express',
    label: seen.label,
    place: seen.place,
    path: '/',
    matches: () => undefined,
    methods: undefined,
    requestHeaders: [],
    ...(seen.partial === null ? {} : { partial: seen.partial }),
  };
}

function toResponse(step: Step, seen: Seen): Response {
  const { flow } = step;
  const when = flow.when.length === 0 ? {} : { when: flow.when.join(' and ') };
  const assumes = flow.assumes.size === 0 ? {} : { assumes: flow.assumes };
  if (step.kind === 'answer') {
    const open = flow.open === null ? {} : { open: flow.open };
    return { status: step.status, answeredBy: step.by, headers: flow.headers, ...open, ...when, ...assumes };
  }
  const open = flow.open ?? seen.partial ?? (step.kind === 'hang' ? step.why : 'what comes after is not known');
  return { ...unknownResponse(seen.place, open), headers: flow.headers, ...when, ...assumes };
}

function unknownResponse(place: Place, open: string): Response {
  const by: Answerer = { kind: 'handler', what: 'something outside this file', place };
  return { status: undefined, answeredBy: by, headers: [], open };
}
