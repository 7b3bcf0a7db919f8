import type { Endpoint } from '../../../../cors/endpoint';
import type { AnswererKind, Request, Response } from '../../../../cors/http';
import type { Place } from '../../../../cors/place';
import { type FunctionValue, type JsValue, placeOf, type Reader, type SourceModule } from '../../../../javascript';
import { isCorsCall } from '../../app/handlerKind';
import { matchPath, samplePath } from '../../app/pathPattern';
import { CORS_PACKAGE } from '../../cors/corsDialect';
import { type CorsSource, sourceOf } from '../../cors/corsOptions';
import { runCors } from '../../cors/corsPackage';
import { policiesOf } from '../../cors/corsPolicies';
import { handPolicies } from '../../cors/manualPolicy';
import { fitting } from '../../flow/fitting';
import { type Flow, opened, type Step } from '../../flow/flow';
import { createMemo, type FunctionMemo } from '../../flow/functionRun';
import { runFunction } from '../../flow/runFunction';
import { rolesOf } from '../../request/names';
import { headOf } from '../byHand';
import { configPolicies } from './config';
import { meet, type Project, toResponse } from './project';
import { answeredByMiddleware } from './route';

/** `pages/api/items.ts`: a function `(req, res)` of Node's kind, with `res.status` and `res.json` of Next.js. */
export function apiEndpoints(
  reader: Reader,
  module: SourceModule,
  project: Project,
  route: string,
): readonly Endpoint[] {
  const fn = reader.findExport(module, 'default');
  if (fn.kind !== 'function' || fn.function.params.length < 2) return [];
  const pattern = { kind: 'text', text: `${project.config.basePath}${route}` } as const;
  const path = samplePath(pattern, null) ?? '/';
  const methods = methodsIn(fn);
  const run: Run = { reader, project, fn, memo: createMemo(), place: headOf(fn), cors: corsIn(reader, fn) };
  let policies: Endpoint['policies'] | null = null;
  return [
    {
      platform: 'express',
      label: `${methods?.join(', ') ?? 'ALL'} ${pattern.text}`,
      place: run.place,
      path,
      methods,
      requestHeaders: [],
      isOwn: ({ file }) => file === module.path,
      matches(asked) {
        const match = matchPath(pattern, asked, true, null);
        return match === undefined ? undefined : match !== null;
      },
      get policies() {
        policies ??= [
          ...configPolicies(project.config, path),
          ...run.cors.flatMap((source) => policiesOf(reader, source)),
          ...handPolicies(reader, fn),
        ];
        return policies;
      },
      respond: (request) => respond(run, request),
    },
  ];
}

/** Everything of the cors package that a handler awaits. */
export function apiSources(reader: Reader, module: SourceModule): readonly CorsSource[] {
  const fn = reader.findExport(module, 'default');
  return fn.kind === 'function' ? corsIn(reader, fn) : [];
}

interface Run {
  readonly reader: Reader;
  readonly project: Project;
  readonly fn: FunctionValue;
  readonly memo: FunctionMemo;
  readonly place: Place;
  readonly cors: readonly CorsSource[];
}

/** The methods that the handler asks for by name; undefined when it asks for none. */
function methodsIn({ module, function: fn }: FunctionValue): readonly string[] | undefined {
  const text = module.text.slice(...fn.range);
  const named = [
    ...text.matchAll(/\bmethod\s*[!=]==?\s*['"]([A-Z]+)['"]|\bcase\s+['"](GET|POST|PUT|PATCH|DELETE)['"]/g),
  ];
  const methods = [...new Set(named.map(([, compared, listed]) => compared ?? listed ?? ''))];
  const served = methods.filter((name) => name !== 'OPTIONS' && name !== 'HEAD');
  return served.length === 0 ? undefined : served;
}

/**
 * What of the cors package the handler hands its request to: `await runMiddleware(req, res, cors)`, as the
 * documentation of Next.js has it, where a promise goes on when cors does; `await NextCors(req, res, options)`.
 */
function corsIn(reader: Reader, fn: FunctionValue): readonly CorsSource[] {
  if (!/cors/i.test(fn.module.text)) return [];
  const roles = rolesOf(fn);
  const found = new Map<number, CorsSource>();
  for (const { steps } of reader.paths(fn).paths) {
    for (const { node, context } of steps) {
      if (node.type !== 'CallExpression') continue;
      const args = node.arguments.map((argument) => reader.evaluate(argument, context));
      if (!args.some(roles.isResponse)) continue;
      const callee = reader.evaluate(node.callee, context);
      const source = isNextCors(callee)
        ? { argument: args[2], place: placeOf(context.module, node.callee), dialect: CORS_PACKAGE }
        : promisedCors(reader, callee, args);
      if (source) found.set(node.range[0], source);
    }
  }
  return [...found.values()];
}

function isNextCors(value: JsValue): boolean {
  return value.kind === 'import' && value.specifier === 'nextjs-cors' && ['*', 'default'].includes(value.exported);
}

/** The `cors(…)` that a function of the workspace calls inside a promise that it gives back. */
function promisedCors(reader: Reader, callee: JsValue, args: readonly JsValue[]): CorsSource | null {
  if (callee.kind !== 'function') return null;
  const bound = reader.bind(callee, args);
  for (const { steps } of reader.paths(bound).paths) {
    for (const { node, context } of steps) {
      const [executor] = node.type === 'NewExpression' ? node.arguments : [];
      if (
        node.type !== 'NewExpression' ||
        node.callee.type !== 'Identifier' ||
        node.callee.name !== 'Promise' ||
        !executor
      )
        continue;
      const inner = reader.evaluate(executor, context);
      if (inner.kind !== 'function') continue;
      for (const call of callsIn(reader, inner)) if (isCorsCall(call)) return sourceOf(call);
    }
  }
  return null;
}

function callsIn(reader: Reader, fn: FunctionValue): readonly JsValue[] {
  return reader
    .paths(fn)
    .paths.flatMap(({ steps }) =>
      steps.flatMap(({ node, context }) =>
        node.type === 'CallExpression' ? [reader.evaluate(node.callee, context)] : [],
      ),
    );
}

function respond(run: Run, request: Request): readonly Response[] {
  const met = meet(run.reader, run.project, request);
  const before = answeredByMiddleware(met, request);
  const after = met.on.flatMap((flow) => {
    const steps = handle(run, request, flow);
    const fits = fitting(steps, request.ending);
    return (fits.length > 0 ? fits : steps).map((step) => toAnswer(run, step));
  });
  const all = [...before, ...after];
  const by = { kind: 'handler', what: 'the handler', place: run.place } as const;
  return all.length > 0
    ? all
    : [{ status: undefined, answeredBy: by, headers: [], open: 'no way to an answer was found' }];
}

function handle({ reader, fn, memo, cors }: Run, request: Request, start: Flow): readonly Step[] {
  const answered: Step[] = [];
  let flows: readonly Flow[] = [start];
  for (const source of cors) {
    const steps = flows.flatMap((flow) => runCors(reader, source, request, flow));
    answered.push(...steps.filter(({ kind }) => kind !== 'next'));
    flows = steps.flatMap((step) => (step.kind === 'next' ? [step.flow] : []));
  }
  const runHandler = (_: unknown, flow: Flow): readonly Step[] => [
    { kind: 'next', flow: opened(flow, 'a middleware that it calls is not read') },
  ];
  return [...answered, ...flows.flatMap((flow) => runFunction({ reader, memo, request, runHandler }, fn, flow))];
}

function toAnswer({ place }: Run, step: Step): Response {
  const { flow } = step;
  if (step.kind === 'answer') return toResponse(flow, step.status, step.by);
  if (step.kind === 'error') {
    const kind: AnswererKind = 'error';
    return toResponse(flow, step.status ?? 500, { kind, what: 'an exception of the handler', place });
  }
  const by = { kind: 'handler', what: 'the handler', place } as const;
  return toResponse(opened(flow, 'what answers is not seen'), undefined, by);
}
