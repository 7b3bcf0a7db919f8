import { ALLOW_ORIGIN } from '../../../cors/names';
import type { Place } from '../../../cors/place';
import { enclosingFunction, property } from '../../../javascript';
import type { HandlerResponse, Payload } from '../reading';
import { policiesIn } from '../value';
import type { MiddyMajor } from './dialects';
import { type HttpCors, withCors } from './httpCors';
import { inlineStages, type Stage } from './inlineEffect';
import type { Middleware } from './stack';

/** What both phases go by. */
export interface PhaseOptions {
  readonly stack: readonly Middleware[];
  readonly core: MiddyMajor | undefined;
  /** Why something else may answer first; undefined when nothing can. */
  readonly opened: string | undefined;
  readonly payload: Payload | undefined;
  /** Whether something is thrown with headers of its own, which `@middy/http-error-handler` sends. */
  readonly bringsHeaders: boolean;
}

/** The after phase goes through the stack backwards. */
export function afterPhase(response: HandlerResponse, options: PhaseOptions): readonly HandlerResponse[] {
  const { stack, core, opened, payload } = options;
  const first = normalized(response, stack, core);
  let stages: readonly Stage[] = [{ response: first, hasHeaders: first.headersObject !== undefined }];
  let isReplaceable = false;
  for (const one of [...stack].reverse()) {
    if (one.kind === 'open' && one.phases.includes('after')) isReplaceable = true;
    stages = stages.flatMap((stage) => (stage.isOver ? [stage] : afterOne(stage, one, payload)));
  }
  return stages.flatMap(({ response: result }) => {
    if (result === undefined) return [];
    // What may change the response may take headers out of it too: none of them counts.
    const left: HandlerResponse = isReplaceable ? { ...result, headers: [], policies: [], byOrigin: false } : result;
    return [opened === undefined ? left : { ...left, open: left.open ?? opened }];
  });
}

function afterOne(stage: Stage, one: Middleware, payload: Payload | undefined): readonly Stage[] {
  const { response } = stage;
  if (response === undefined) return [stage];
  if (one.kind === 'cors') return [withCorsOn(stage, response, one.cors, payload)];
  if (one.kind === 'open' && one.phases.includes('after')) {
    return [{ ...stage, response: { ...response, open: response.open ?? one.reason } }];
  }
  if (one.kind !== 'inline' || one.phase !== 'after') return [stage];
  if (one.inline.ways.some(({ stop }) => stop === 'throws')) {
    return [{ ...stage, response: { ...response, open: response.open ?? '`after` may throw' } }];
  }
  return inlineStages(stage, one.inline);
}

/** What is no response is made one by the first middleware that looks at it: from version 4 on with the status 200. */
function normalized(
  response: HandlerResponse,
  stack: readonly Middleware[],
  core: MiddyMajor | undefined,
): HandlerResponse {
  const { object } = response;
  if (object === undefined || object.rest !== null || core === undefined || core < 4) return response;
  if (!stack.some(({ kind }) => kind === 'cors')) return response;
  if (['statusCode', 'body', 'headers', 'multiValueHeaders'].some((key) => property(object, key) !== undefined)) {
    return response;
  }
  return { ...response, status: 200, open: undefined };
}

function withCorsOn(
  { hasHeaders }: Stage,
  response: HandlerResponse,
  cors: HttpCors,
  payload: Payload | undefined,
): Stage {
  return { response: corsOn(response, cors, payload), hasHeaders: hasHeaders || cors.major > 1 };
}

function corsOn(response: HandlerResponse, cors: HttpCors, payload: Payload | undefined): HandlerResponse {
  if (cors.major === 1 && payload !== '1.0') {
    // Version 1 looks for `httpMethod`, which only the older format of events has.
    if (payload === '2.0') return response;
    return { ...response, open: response.open ?? 'the format of the events is not known' };
  }
  if (response.object !== undefined && property(response.object, 'multiValueHeaders') !== undefined) {
    return { ...response, open: response.open ?? '`multiValueHeaders` and `headers` stand beside each other' };
  }
  const { headersObject } = response;
  if (cors.major <= 5 && headersObject !== undefined && enclosingFunction(headersObject.node) === null) {
    // Up to version 5 the middleware writes into the object that the handler hands over.
    return { ...response, open: response.open ?? 'all answers share the headers, and `@middy/http-cors` changes them' };
  }
  const headers = withCors(response.headers, cors);
  const origin = headers.find(({ name }) => name.toLowerCase() === ALLOW_ORIGIN);
  const isOwn = response.headers.some((header) => header === origin);
  return { ...response, headers, policies: isOwn || !origin ? response.policies : policiesIn(origin.value) };
}

/** What becomes of exceptions, where a middleware makes responses of them. */
export function errorPhase(options: PhaseOptions): readonly HandlerResponse[] {
  const { stack, core, opened } = options;
  const handler = stack.find((one) => one.kind === 'errors');
  if (core !== undefined && core > 2) return backwards(options);
  if (handler?.kind !== 'errors') return [];
  if (core === undefined) {
    return [{ ...madeBy(handler, options), open: opened ?? 'the version of `@middy/core` is not known' }];
  }
  return [forwards(madeBy(handler, options), options)];
}

type ErrorHandler = Extract<Middleware, { kind: 'errors' }>;

function madeBy({ call, major, hasFallback }: ErrorHandler, { bringsHeaders }: PhaseOptions): HandlerResponse {
  return {
    ...thrown(call.place),
    ...(major < 5 && !hasFallback ? { clientErrors: true as const } : {}),
    ...(bringsHeaders ? { open: 'what is thrown brings headers of its own' } : {}),
  };
}

/** What something makes of an exception, without headers yet. */
function thrown(place: Place): HandlerResponse {
  return {
    status: undefined,
    place,
    object: undefined,
    headersObject: undefined,
    headers: [],
    open: undefined,
    when: 'the handler throws',
    error: true,
    taken: () => 'yes',
    byOrigin: false,
    policies: [],
  };
}

/**
 * Up to version 2 the error phase runs in the order of registration. In version 2 the error handler's response ends it,
 * and in version 1 it replaces what was there.
 */
function forwards(base: HandlerResponse, { stack, core, opened, payload }: PhaseOptions): HandlerResponse {
  let result: HandlerResponse = { ...base, open: base.open ?? opened };
  for (const one of stack) {
    if (one.kind === 'open' && one.phases.includes('onError')) result = { ...result, open: result.open ?? one.reason };
    if (one.kind === 'errors') {
      if (core === 1) result = { ...result, headers: [], policies: [] };
      if (core === 2) return result;
    }
    if (one.kind === 'cors') result = corsOn(result, one.cors, payload);
  }
  return result;
}

interface ErrorStage extends Stage {
  /** Why something else may have answered, or changed the answer. */
  readonly open: string | undefined;
}

/** From version 3 on it runs backwards, and while nothing has made a response, `@middy/http-cors` does nothing. */
function backwards(options: PhaseOptions): readonly HandlerResponse[] {
  const { stack, opened } = options;
  let stages: readonly ErrorStage[] = [{ response: undefined, hasHeaders: false, open: opened }];
  for (const one of [...stack].reverse()) {
    stages = stages.flatMap((stage) => (stage.isOver ? [stage] : errorOne(stage, one, options)));
  }
  return stages.flatMap(({ response, open }) => {
    return response === undefined ? [] : [{ ...response, open: response.open ?? open }];
  });
}

function errorOne(stage: ErrorStage, one: Middleware, options: PhaseOptions): readonly ErrorStage[] {
  const { response, open } = stage;
  switch (one.kind) {
    case 'open':
      if (!one.phases.includes('onError')) return [stage];
      return response === undefined
        ? [
            { ...stage, open: open ?? one.reason },
            { response: thrown(one.place), hasHeaders: false, open: one.reason },
          ]
        : [{ ...stage, open: open ?? one.reason }];
    case 'errors': {
      if (response !== undefined) return [stage];
      const made = madeBy(one, options);
      // Errors that it leaves alone go on to what comes after it.
      return [{ response: made, hasHeaders: true, open }, ...(made.clientErrors ? [stage] : [])];
    }
    case 'cors':
      return [response === undefined ? stage : { ...withCorsOn(stage, response, one.cors, options.payload), open }];
    case 'inline':
      if (one.phase !== 'onError') return [stage];
      return inlineStages(stage, one.inline).map((next) => ({ ...next, open }));
  }
}
