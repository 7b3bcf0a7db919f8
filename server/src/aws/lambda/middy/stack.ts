import type { Certainty } from '../../../cors/certainty';
import { not } from '../../../cors/certainty';
import type { Request } from '../../../cors/http';
import { ALLOW_ORIGIN } from '../../../cors/names';
import type { Place } from '../../../cors/place';
import type { CallValue, JsValue, ObjectValue, Reader } from '../../../javascript';
import { property, truthiness } from '../../../javascript';
import type { HandlerResponse, Payload } from '../reading';
import { type EventNames, eventNames } from '../request';
import { policiesIn } from '../value';
import { isBystander, type MiddyCall, type MiddyChain } from './chain';
import { asMajor, corsDialect, MAJORS, type MiddyMajor } from './dialects';
import { throwsHeaders } from './errorHeaders';
import { type HttpCors, withCors } from './httpCors';
import { inlineWays } from './inline';
import type { Inline } from './inlineEffect';
import { afterPhase, errorPhase } from './phases';
import { leavesHeaders } from './serializer';

/** What a middleware does to responses. */
export type Middleware =
  | { readonly kind: 'cors'; readonly cors: HttpCors }
  | { readonly kind: 'errors'; readonly major: MiddyMajor; readonly hasFallback: boolean; readonly call: CallValue }
  /** A function of the file's own, which can be followed. */
  | { readonly kind: 'inline'; readonly phase: 'after' | 'onError'; readonly inline: Inline }
  /** It may do anything to the responses of some phases. */
  | { readonly kind: 'open'; readonly reason: string; readonly phases: readonly Phase[]; readonly place: Place };
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
  readonly reader: Reader;
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
  const core = coreMajor(chain, options);
  const isUnsettled = handled.some(({ headers }) => headers.some(({ name }) => name === CREDENTIALS));
  const stack = chain.calls
    .flatMap((call) => middlewares(call, core, options))
    .map(
      (one): Middleware => (one.kind === 'cors' && isUnsettled ? { ...one, cors: { ...one.cors, isUnsettled } } : one),
    );
  const opened = chain.open ?? stack.find(mayAnswerFirst)?.reason;
  const bringsHeaders = stack.some(({ kind }) => kind === 'errors') && throwsHeaders(chain, options.reader);
  const phases = { stack, core, opened, payload: options.payload, bringsHeaders };
  const preflight = stack.find(answersPreflight);
  const rest = [...handled.flatMap((response) => afterPhase(response, phases)), ...errorPhase(phases)];
  if (preflight?.kind !== 'cors') return rest;
  return [preflightBy(preflight.cors), ...rest.map(withoutPreflight)];
}

const CREDENTIALS = 'Access-Control-Allow-Credentials';

function mayAnswerFirst(one: Middleware): one is Extract<Middleware, { kind: 'open' }> {
  return one.kind === 'open' && one.phases.includes('before');
}

/** The major version of middy itself; undefined while it is not known. */
export function coreMajor({ calls }: MiddyChain, { majorOf }: StackOptions): MiddyMajor | undefined {
  const [first] = calls;
  return first && asMajor(majorOf('@middy/core', first.value));
}

/** What one call adds to the stack: nothing for what leaves the responses alone. */
export function middlewares(
  { method, value }: MiddyCall,
  core: MiddyMajor | undefined,
  options: StackOptions,
): readonly Middleware[] {
  if (method !== 'use') return ofFunction(value, method, `\`${method}\` may change the response`, core, options);
  if (value.kind === 'object' && value.rest === null) {
    return ALL_PHASES.flatMap((phase) => {
      const own = property(value, phase)?.value;
      if (own === undefined || own.kind === 'undefined') return [];
      return ofFunction(own, phase, 'a middleware may change the response', core, options);
    });
  }
  const name = value.kind === 'call' ? packageOf(value) : undefined;
  if (value.kind !== 'call' || name === undefined) {
    return [{ kind: 'open', reason: 'a middleware cannot be read', phases: ALL_PHASES, place: value.place }];
  }
  if (BYSTANDERS.has(name)) return [];
  if (name === '@middy/http-cors') return [corsOf(value, options)];
  if (name === '@middy/http-error-handler') return [errorsOf(value, options)];
  if (name === '@middy/http-response-serializer') return serializerOf(value, options);
  return [{ kind: 'open', reason: `\`${name}\` is not read`, phases: ALL_PHASES, place: value.place }];
}

/** Functions of the file's own are followed from version 4 on, where `request` is all that they are given. */
function ofFunction(
  value: JsValue,
  phase: Phase,
  reason: string,
  core: MiddyMajor | undefined,
  { reader, payload }: StackOptions,
): readonly Middleware[] {
  if (isBystander(value)) return [];
  const isRead = phase !== 'before' && value.kind === 'function' && core !== undefined && core >= 4;
  const ways = isRead ? inlineWays(reader, value) : undefined;
  if (!isRead || ways === undefined) return [{ kind: 'open', reason, phases: [phase], place: value.place }];
  const names = eventNames(reader, value.function, payload, 'event');
  return [{ kind: 'inline', phase, inline: { fn: value, ways, names } }];
}

function packageOf({ callee }: CallValue): string | undefined {
  return callee.kind === 'import' && ['default', '*'].includes(callee.exported) ? callee.specifier : undefined;
}

function corsOf(call: CallValue, { names, majorOf }: StackOptions): Middleware {
  const [given] = call.arguments;
  const options = given === undefined || given.kind === 'undefined' ? undefined : given;
  if (options !== undefined && (options.kind !== 'object' || options.rest !== null)) {
    return {
      kind: 'open',
      reason: 'the options of `@middy/http-cors` cannot be read',
      phases: ALL_PHASES,
      place: call.place,
    };
  }
  const major = asMajor(majorOf('@middy/http-cors', call)) ?? commonMajor(call, options, names);
  if (major === undefined) {
    return {
      kind: 'open',
      reason: 'the version of `@middy/http-cors` is not known',
      phases: ALL_PHASES,
      place: call.place,
    };
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
    return {
      kind: 'open',
      reason: 'the version of `@middy/http-error-handler` is not known',
      phases: ['onError'],
      place: call.place,
    };
  }
  const [options] = call.arguments;
  const fallback = options?.kind === 'object' ? property(options, 'fallbackMessage')?.value : undefined;
  return { kind: 'errors', major, hasFallback: fallback !== undefined && truthiness(fallback) === true, call };
}

/** Nothing where it changes the body only. */
function serializerOf(call: CallValue, { reader }: StackOptions): readonly Middleware[] {
  if (leavesHeaders(reader, call)) return [];
  const reason = 'a serializer may replace the response';
  return [{ kind: 'open', reason, phases: ['after', 'onError'], place: call.place }];
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
