import type { Endpoint } from '../../../../cors/endpoint';
import type { Response } from '../../../../cors/http';
import { type FunctionNode, placeOf, type Reader, type SourceModule } from '../../../../javascript';
import { opened } from '../../flow/flow';
import { webPolicies } from '../web/run';
import { meet, type Project, toResponse } from './project';
import { answeredByMiddleware } from './route';

/** The middleware by itself: what it lets pass is answered in other files. */
export function middlewareEndpoints(reader: Reader, module: SourceModule, project: Project): readonly Endpoint[] {
  const { middleware } = project;
  if (middleware?.fn == null || middleware.module.path !== module.path || !/access-control/i.test(module.text))
    return [];
  const { fn, sample } = middleware;
  const place = nameOf(module, fn.function);
  let policies: Endpoint['policies'] | null = null;
  return [
    {
      platform: 'express',
      label: 'the middleware',
      place,
      path: sample,
      methods: undefined,
      requestHeaders: [],
      partial: 'what answers behind it is in other files',
      matches: () => undefined,
      get policies() {
        policies ??= webPolicies(reader, fn);
        return policies;
      },
      respond(request) {
        const met = meet(reader, project, request);
        const by = { kind: 'handler', what: 'what answers behind it', place } as const;
        const isPreflight = request.method === 'OPTIONS';
        const status = isPreflight ? undefined : request.ending === 'success' ? 200 : request.ending;
        const passed = met.on.map(
          (flow): Response => toResponse(opened(flow, 'what answers behind it may set headers of its own'), status, by),
        );
        const all = [...answeredByMiddleware(met, request), ...passed];
        return all.length > 0 ? all : [{ status: undefined, answeredBy: by, headers: [], open: 'no way was found' }];
      },
    },
  ];
}

function nameOf(module: SourceModule, fn: FunctionNode) {
  const named = fn.type !== 'ArrowFunctionExpression' && fn.id ? fn.id : null;
  if (named) return placeOf(module, named);
  return { file: module.path, start: fn.range[0], end: fn.body ? fn.body.range[0] : fn.range[1] };
}
