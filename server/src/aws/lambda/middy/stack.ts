import type { Certainty } from '../../../cors/certainty';
import { not } from '../../../cors/certainty';
import type { Request } from '../../../cors/http';
import { ALLOW_ORIGIN } from '../../../cors/names';
import type { CallValue, JsValue, ObjectValue } from '../../../javascript';
import { enclosingFunction, property, truthiness } from '../../../javascript';
import type { HandlerResponse, Payload } from '../reading';
import type { EventNames } from '../request';
import { policiesIn } from '../value';
import { isBystander, type MiddyCall, type MiddyChain } from './chain';
import { asMajor, corsDialect, MAJORS, type MiddyMajor } from './dialects';
import { type HttpCors, withCors } from './httpCors';

/** What a middleware does to responses. */
type Middleware =
  | { readonly kind: 'cors'; readonly cors: HttpCors }
  | { readonly kind: 'errors'; readonly major: MiddyMajor; readonly hasFallback: boolean; readonly call: CallValue }
  /** It may do anything to the responses of some phases. */
  | { readonly kind: 'open'; readonly reason: string; readonly phases: readonly Phase[] };
type Phase = 'before' | 'after' | 'onError';

const ALL_PHASES: readonly Phase[] = ['before', 'after', 'onError'];

/** Middlewares of middy's own that set no header of CORS and no Vary. */
const BYSTANDERS: ReadonlySet<string> = new Set(
  [
    'appconfig',
    'cloudwatch-metrics',
    'do-not-wait-for-empty-event-loop',
    'dynamodb',
    'error-logger',
    'event-normalizer',
    'http-content-negotiation',
    'http-event-normalizer',
    'http-header-normalizer',
    'http-json-body-parser',
    'http-multipart-body-parser',
    'http-partial-response',
    'http-response-serializer',
    'http-security-headers',
    'http-urlencode-body-parser',
    'http-urlencode-path-parser',
    'input-output-logger',
    'rds-signer',
    's3',
    's3-object-response',
    'secrets-manager',
    'service-discovery',
    'ssm',
    'sts',
    'validator',
    'warmup',
  ].map((name) => `@middy/${name}`),
);

export interface StackOptions {
  readonly names: EventNames;
  readonly payload: Payload | undefined;
  /** The major version of a package that a value's file depends on. */
  majorOf(name: string, value: JsValue): number | null;
}

/** The responses of a handler as its middlewares leave them, and those that they give themselves. */
export function throughMiddy(
  chain: MiddyChain,
  handled: readonly HandlerResponse[],
  options: StackOptions,
): readonly HandlerResponse[] {
  const isUnsettled = handled.some(({ headers }) => headers.some(({ name }) => name === CREDENTIALS));
  const stack = chain.calls
    .flatMap((call) => middlewares(call, options))
    .map(
      (one): Middleware => (one.kind === 'cors' && isUnsettled ? { ...one, cors: { ...one.cors, isUnsettled } } : one),
    );
  const core = coreMajor(chain, options);
  const opened = chain.open ?? stack.find(mayAnswerFirst)?.reason;
  const after = handled.map((response) => afterStack(response, stack, core, opened, options.payload));
  const preflight = stack.find(answersPreflight);
  const rest = [...after, ...errors(stack, core, opened, options.payload)];
  if (preflight?.kind !== 'cors') return rest;
  return [preflightBy(preflight.cors), ...rest.map(withoutPreflight)];
}

const CREDENTIALS = 'Access-Control-Allow-Credentials';

function mayAnswerFirst(one: Middleware): one is Extract<Middleware, { kind: 'open' }> {
  return one.kind === 'open' && one.phases.includes('before');
}

function coreMajor({ calls }: MiddyChain, { majorOf }: StackOptions): MiddyMajor | undefined {
  const [first] = calls;
  return first && asMajor(majorOf('@middy/core', first.value));
}

function middlewares({ method, value }: MiddyCall, options: StackOptions): readonly Middleware[] {
  if (method !== 'use') {
    return isBystander(value)
      ? []
      : [{ kind: 'open', reason: `\`${method}\` may change the response`, phases: [method] }];
  }
  if (value.kind === 'object' && value.rest === null) {
    const phases = ALL_PHASES.filter((phase) => {
      const own = property(value, phase)?.value;
      return own !== undefined && own.kind !== 'undefined' && !isBystander(own);
    });
    return phases.length === 0 ? [] : [{ kind: 'open', reason: 'a middleware may change the response', phases }];
  }
  const name = value.kind === 'call' ? packageOf(value) : undefined;
  if (value.kind !== 'call' || name === undefined) {
    return [{ kind: 'open', reason: 'a middleware cannot be read', phases: ALL_PHASES }];
  }
  if (BYSTANDERS.has(name)) return [];
  if (name === '@middy/http-cors') return [corsOf(value, options)];
  if (name === '@middy/http-error-handler') return [errorsOf(value, options)];
  return [{ kind: 'open', reason: `\`${name}\` is not read`, phases: ALL_PHASES }];
}

function packageOf({ callee }: CallValue): string | undefined {
  return callee.kind === 'import' && ['default', '*'].includes(callee.exported) ? callee.specifier : undefined;
}

function corsOf(call: CallValue, { names, majorOf }: StackOptions): Middleware {
  const [given] = call.arguments;
  const options = given === undefined || given.kind === 'undefined' ? undefined : given;
  if (options !== undefined && (options.kind !== 'object' || options.rest !== null)) {
    return { kind: 'open', reason: 'the options of `@middy/http-cors` cannot be read', phases: ALL_PHASES };
  }
  const major = asMajor(majorOf('@middy/http-cors', call)) ?? commonMajor(call, options, names);
  if (major === undefined) {
    return { kind: 'open', reason: 'the version of `@middy/http-cors` is not known', phases: ALL_PHASES };
  }
  return { kind: 'cors', cors: { options, major, place: call.place, names } };
}

/** A version that stands for all, where all answer alike; the first one is no longer met. */
function commonMajor(
  { place }: CallValue,
  options: ObjectValue | undefined,
  names: EventNames,
): MiddyMajor | undefined {
  const [first, ...others] = MAJORS.slice(1).map((major) => ({
    major,
    headers: JSON.stringify(withCors([], { options, major, place, names }).map(({ name, value }) => [name, value])),
  }));
  return others.every(({ headers }) => headers === first?.headers) ? first?.major : undefined;
}

function errorsOf(call: CallValue, { majorOf }: StackOptions): Middleware {
  const major = asMajor(majorOf('@middy/http-error-handler', call));
  if (major === undefined) {
    return { kind: 'open', reason: 'the version of `@middy/http-error-handler` is not known', phases: ['onError'] };
  }
  const [options] = call.arguments;
  const fallback = options?.kind === 'object' ? property(options, 'fallbackMessage')?.value : undefined;
  return { kind: 'errors', major, hasFallback: fallback !== undefined && truthiness(fallback) === true, call };
}

/** The after phase goes through the stack backwards. */
function afterStack(
  response: HandlerResponse,
  stack: readonly Middleware[],
  core: MiddyMajor | undefined,
  opened: string | undefined,
  payload: Payload | undefined,
): HandlerResponse {
  let result = normalized(response, stack, core);
  let isReplaceable = false;
  for (const one of [...stack].reverse()) {
    if (one.kind === 'open' && one.phases.includes('after')) {
      result = { ...result, open: result.open ?? one.reason };
      isReplaceable = true;
    }
    if (one.kind === 'cors') result = corsOn(result, one.cors, payload);
  }
  // What may change the response may take headers out of it too: none of them counts.
  if (isReplaceable) result = { ...result, headers: [], policies: [], byOrigin: false };
  return opened === undefined ? result : { ...result, open: result.open ?? opened };
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

/** What becomes of exceptions, where `@middy/http-error-handler` makes responses of them. */
function errors(
  stack: readonly Middleware[],
  core: MiddyMajor | undefined,
  opened: string | undefined,
  payload: Payload | undefined,
): readonly HandlerResponse[] {
  const handler = stack.find((one) => one.kind === 'errors');
  if (handler?.kind !== 'errors') {
    return [];
  }
  const { call, major } = handler;
  const base: HandlerResponse = {
    status: undefined,
    place: call.place,
    object: undefined,
    headersObject: undefined,
    headers: [],
    open: opened,
    when: 'the handler throws',
    error: true,
    ...(major < 5 && !handler.hasFallback ? { clientErrors: true as const } : {}),
    taken: () => 'yes',
    byOrigin: false,
    policies: [],
  };
  if (core === undefined) return [{ ...base, open: opened ?? 'the version of `@middy/core` is not known' }];
  return [errorsThrough(base, stack, core, payload)];
}

/**
 * The error phase: in the order of registration up to version 2, backwards from 3 on. Where the error handler has not
 * made a response yet, `@middy/http-cors` does nothing from version 3 on; in version 2 the error handler's response
 * ends the phase, and in version 1 it replaces what was there.
 */
function errorsThrough(
  base: HandlerResponse,
  stack: readonly Middleware[],
  core: MiddyMajor,
  payload: Payload | undefined,
): HandlerResponse {
  const order = core <= 2 ? stack : [...stack].reverse();
  let result = base;
  let isMade = false;
  for (const one of order) {
    if (one.kind === 'open' && one.phases.includes('onError')) result = { ...result, open: result.open ?? one.reason };
    if (one.kind === 'errors') {
      if (core === 1) result = { ...result, headers: [], policies: [] };
      if (core === 2) return result;
      isMade = true;
    }
    if (one.kind === 'cors' && (core <= 2 || isMade)) result = corsOn(result, one.cors, payload);
  }
  return result;
}

function answersPreflight(one: Middleware): boolean {
  if (one.kind !== 'cors' || !corsDialect(one.cors.major).answersPreflight || one.cors.options === undefined) {
    return false;
  }
  const option = property(one.cors.options, 'disableBeforePreflightResponse')?.value;
  return option !== undefined && truthiness(option) === false;
}

function preflightBy(cors: HttpCors): HandlerResponse {
  const headers = withCors([], cors);
  const origin = headers.find(({ name }) => name.toLowerCase() === ALLOW_ORIGIN);
  return {
    status: 204,
    place: cors.place,
    object: undefined,
    headersObject: undefined,
    headers,
    open: undefined,
    when: 'the method is OPTIONS',
    error: false,
    taken: isPreflight,
    byOrigin: false,
    policies: origin ? policiesIn(origin.value) : [],
  };
}

function isPreflight({ method }: Request): Certainty {
  return method === 'OPTIONS' ? 'yes' : 'no';
}

function withoutPreflight(response: HandlerResponse): HandlerResponse {
  return {
    ...response,
    taken: (request) => (not(isPreflight(request)) === 'yes' ? response.taken(request) : 'no'),
  };
}
