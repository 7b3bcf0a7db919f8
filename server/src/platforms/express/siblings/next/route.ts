import type { Endpoint } from '../../../../cors/endpoint';
import type { AnswererKind, Request, Response } from '../../../../cors/http';
import type { Place } from '../../../../cors/place';
import type { FunctionValue, JsValue, Reader, SourceModule } from '../../../../javascript';
import { matchPath, samplePath } from '../../app/pathPattern';
import { opened, START } from '../../flow/flow';
import { fittingEnds, runWeb, type WebEnd, webPolicies } from '../web/run';
import { configPolicies } from './config';
import { exportedMethods } from './exported';
import { joined, type Met, meet, type Project, toResponse } from './project';

/** A `route.ts` below `app`: one endpoint for the methods that it exports. */
export function routeEndpoints(
  reader: Reader,
  module: SourceModule,
  project: Project,
  route: string,
): readonly Endpoint[] {
  const methods = exportedMethods(module);
  const served = [...methods.keys()].filter((name) => name !== 'OPTIONS');
  const place = methods.get(served[0] ?? '');
  if (place === undefined) return [];
  const pattern = { kind: 'text', text: `${project.config.basePath}${route}` } as const;
  const path = samplePath(pattern, null) ?? '/';
  const handlers = new Map([...methods.keys()].map((name) => [name, reader.findExport(module, name)]));
  const functions = [...handlers.values()].filter((value): value is FunctionValue => value.kind === 'function');
  const { middleware } = project;
  const run: Run = { reader, project, handlers, place, placeOf: (name) => methods.get(name) ?? place };
  let policies: Endpoint['policies'] | null = null;
  return [
    {
      platform: 'express',
      label: `${served.join(', ')} ${pattern.text}`,
      place,
      path,
      methods: served,
      requestHeaders: [],
      isOwn: ({ file }) => file === module.path,
      matches(asked) {
        const match = matchPath(pattern, asked, true, null);
        return match === undefined ? undefined : match !== null;
      },
      get policies() {
        policies ??= [
          ...configPolicies(project.config, path),
          ...(middleware?.fn && middleware.reaches(path) ? webPolicies(reader, middleware.fn) : []),
          ...functions.flatMap((fn) => webPolicies(reader, fn)),
        ];
        return policies;
      },
      respond: (request) => respond(run, request),
    },
  ];
}

interface Run {
  readonly reader: Reader;
  readonly project: Project;
  readonly handlers: ReadonlyMap<string, JsValue>;
  readonly place: Place;
  placeOf(method: string): Place;
}

function respond(run: Run, request: Request): readonly Response[] {
  const met = meet(run.reader, run.project, request);
  const before = answeredByMiddleware(met, request);
  const after = handled(run, request).flatMap(({ flow, status, kind, place }) =>
    met.on.flatMap((on): readonly Response[] => {
      const both = joined(on, flow, 'gives way');
      return both === null ? [] : [toResponse(both, status, { kind, what: WHAT[kind] ?? 'the handler', place })];
    }),
  );
  const all = [...before, ...after];
  const by = { kind: 'handler', what: 'the handler', place: run.place } as const;
  return all.length > 0
    ? all
    : [{ status: undefined, answeredBy: by, headers: [], open: 'no way to an answer was found' }];
}

const WHAT: Partial<Record<AnswererKind, string>> = {
  'method-gate': 'Next.js, for the file exports no such method',
  preflight: 'Next.js itself, for the file exports no OPTIONS',
  redirect: 'the redirect',
};

export function answeredByMiddleware({ answered }: Met, request: Request): readonly Response[] {
  return answered.map(({ flow, end }) => {
    const kind = request.method === 'OPTIONS' ? 'preflight' : kindOf(end);
    return toResponse(flow, end.status, { kind, what: 'the middleware', place: end.place });
  });
}

interface Handled extends Pick<WebEnd, 'flow' | 'status' | 'place'> {
  readonly kind: AnswererKind;
}

/** What the exported function answers, or Next.js where there is none (next/dist/server/route-modules/app-route). */
function handled({ reader, handlers, place, placeOf }: Run, request: Request): readonly Handled[] {
  const { method } = request;
  const handler = handlers.get(method) ?? (method === 'HEAD' ? handlers.get('GET') : undefined);
  if (handler === undefined) {
    if (method === 'OPTIONS') return [{ kind: 'preflight', flow: START, status: 204, place }];
    return [{ kind: 'method-gate', flow: START, status: 405, place }];
  }
  const own = placeOf(method);
  if (handler.kind !== 'function')
    return [{ kind: 'handler', flow: opened(START, 'the handler is not read'), status: undefined, place: own }];
  return fittingEnds(runWeb(reader, handler, request), request.ending).map((end): Handled => {
    const { flow, status, place: at } = end;
    if (end.kind === 'unknown' || end.kind === 'next')
      return { kind: 'handler', flow: opened(flow, 'what it answers is not read'), status: undefined, place: at };
    // Next.js answers 500 where nothing is returned.
    if (end.kind === 'nothing') return { kind: 'error', flow, status: 500, place: at };
    return {
      kind: method === 'OPTIONS' && end.kind === 'response' ? 'preflight' : kindOf(end),
      flow,
      status,
      place: at,
    };
  });
}

function kindOf({ kind, status }: WebEnd): AnswererKind {
  if (kind === 'redirect') return 'redirect';
  if (kind === 'error') return 'error';
  if (status === 401 || status === 403) return 'authentication';
  return 'handler';
}
