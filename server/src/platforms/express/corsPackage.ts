import { admits, passes } from '../../cors/admits';
import type { Answerer, Header, Request } from '../../cors/http';
import type { Place } from '../../cors/place';
import type { OriginPolicy } from '../../cors/policy';
import type { Value } from '../../cors/value';
import {
  branchesOf,
  type CallValue,
  type Condition,
  type FunctionValue,
  type JsValue,
  type Property,
  type Reader,
  truthiness,
} from '../../javascript';
import { type CorsOptions, type CorsSetup, corsVariants, setupOf } from './corsOptions';
import { type Flow, given, opened, type Step, setHeader, vary } from './flow';
import { isOfRequest, joined, toValue } from './headerValue';
import { type CallbackOutcome, callbackOutcomes, policyOf } from './originCallback';
import { isOriginOf } from './originNames';
import { originTest, reasonOf } from './originTest';
import { callbackNames, type OriginSetting, originSetting } from './originValue';
import { holdsFor } from './requestValue';

const LAYER = 'cors()';
/** lib/index.js, `defaults`. */
const DEFAULT_METHODS = 'GET,HEAD,PUT,PATCH,POST,DELETE';

/** One call of the middleware for one request. */
interface Run {
  readonly reader: Reader;
  /** The `cors(…)`. */
  readonly place: Place;
  readonly request: Request;
}

/**
 * What `cors(…)` does with a request, as cors 2.8.6 does it (lib/index.js): which headers it sets, whether it answers
 * a preflight, passes on, fails, or never goes on. One step for each way it can go.
 */
export function runCors(reader: Reader, call: CallValue, request: Request, flow: Flow): readonly Step[] {
  const run: Run = { reader, place: call.place, request };
  return corsVariants(call).flatMap(({ when, setup }) => {
    const here = given(flow, when);
    return here === null ? [] : runSetup(run, setup, here);
  });
}

/** The origin checks that a `cors(…)` makes, one policy for each way its options can come out. */
export function policiesOf(reader: Reader, call: CallValue): readonly OriginPolicy[] {
  return corsVariants(call).flatMap(({ setup }) => {
    if (setup.kind !== 'options') return [];
    const origin = setup.options.option('origin');
    return origin === undefined ? [] : branchesOf(origin.value).flatMap(({ value }) => policyOfOrigin(reader, value));
  });
}

function policyOfOrigin(reader: Reader, value: JsValue): readonly OriginPolicy[] {
  const setting = originSetting(value, { reader, isOrigin: () => false });
  if (setting.kind === 'reflect') return [setting.policy];
  return setting.kind === 'callback' ? [policyOf(reader, setting.fn, 'origin')] : [];
}

function runSetup(run: Run, setup: CorsSetup, flow: Flow): readonly Step[] {
  switch (setup.kind) {
    case 'options':
      return runOptions(run, setup.options, flow);
    case 'unknown':
      return [unreadable(run, setup.reason, flow)];
    case 'delegate':
      return callbackOutcomes(run.reader, setup.fn, 'request', run.request, flow).flatMap(
        (outcome): readonly Step[] => {
          if (outcome.kind !== 'value') return [endOf(run, outcome)];
          return branchesOf(outcome.value).flatMap(({ when, value }) => {
            const here = given(outcome.flow, when);
            return here === null ? [] : runDelegated(run, setup.fn, value, here);
          });
        },
      );
  }
}

/** The options that a delegate hands to its callback may decide by the request: `{ origin: req.headers.origin === … }`. */
function runDelegated(run: Run, fn: FunctionValue, value: JsValue, flow: Flow): readonly Step[] {
  const setup = setupOf(value, value.place);
  if (setup.kind === 'unknown') return [unreadable(run, setup.reason, flow)];
  if (setup.kind === 'delegate') return runSetup(run, setupOf({ ...value, kind: 'undefined' }, value.place), flow);
  const origin = setup.options.option('origin')?.value;
  if (origin === undefined || !isOfRequest(origin) || origin.kind === 'unknown')
    return runOptions(run, setup.options, flow);
  const isRequest = (one: JsValue) => one.kind === 'parameter' && one.function === fn.function && one.index === 0;
  const names = { reader: run.reader, isOrigin: (one: JsValue) => isOriginOf(one, isRequest) };
  if (names.isOrigin(origin)) {
    if (run.request.origin === undefined) return [{ kind: 'next', flow }];
    return send(run, setup.options, { kind: 'request-origin', place: origin.place }, true, flow);
  }
  const admitted = run.request.origin === undefined ? undefined : passes(originTest(origin, names), run.request.origin);
  if (admitted === 'no' || (run.request.origin === undefined && isComparison(origin))) return [{ kind: 'next', flow }];
  if (admitted !== 'yes') return [unreadable(run, reasonOf(origin), flow)];
  return send(run, setup.options, { kind: 'request-origin', place: origin.place }, true, flow);
}

/** Without an origin a comparison with one fails. */
function isComparison(value: JsValue): boolean {
  return (
    value.kind === 'binary' && (value.operator === '===' || value.operator === '==') && value.right.kind === 'string'
  );
}

/** Options that cannot be read may set anything; they may be off, and then a preflight goes on. */
function unreadable(run: Run, reason: string, flow: Flow): Step {
  const after = opened(flow, reason);
  if (run.request.method !== 'OPTIONS') return { kind: 'next', flow: after };
  return { kind: 'answer', flow: after, by: answerer(run), status: undefined };
}

function answerer({ place }: Run): Answerer {
  return { kind: 'preflight', what: 'the cors middleware', place };
}

function runOptions(run: Run, options: CorsOptions, flow: Flow): readonly Step[] {
  const origin = options.option('origin');
  if (origin === undefined) {
    if (options.unread !== null) return [unreadable(run, options.unread, flow)];
    return runOrigin(run, { kind: 'wildcard', place: options.place, implied: true }, options, flow);
  }
  return branchesOf(origin.value).flatMap(({ when, value }) => {
    const here = given(flow, when);
    if (here === null) return [];
    return runOrigin(run, originSetting(value, { reader: run.reader, isOrigin: () => false }), options, here);
  });
}

function runOrigin(run: Run, setting: OriginSetting, options: CorsOptions, flow: Flow): readonly Step[] {
  switch (setting.kind) {
    case 'off':
      return [{ kind: 'next', flow }];
    case 'unknown':
      return [unreadable(run, setting.reason, flow)];
    case 'wildcard':
      return send(run, options, { kind: 'literal', text: '*', place: setting.place }, false, flow);
    case 'fixed':
      return send(run, options, setting.value, true, flow);
    case 'reflect':
      return send(run, options, reflected(setting.policy, run.request, setting.place), true, flow);
    case 'callback':
      return callbackOutcomes(run.reader, setting.fn, 'origin', run.request, flow).flatMap(
        (outcome): readonly Step[] => {
          if (outcome.kind !== 'value') return [endOf(run, outcome)];
          const { isOrigin } = callbackNames(run.reader, setting.fn);
          const decide = (condition: Condition) =>
            holdsFor(run.reader, [condition], run.request, { isRequest: () => false, isOrigin });
          return branchesOf(outcome.value).flatMap(({ when, value }) => {
            if (when.some((condition) => decide(condition) === false)) return [];
            const open = when.filter((condition) => decide(condition) === undefined);
            const here = given(outcome.flow, open);
            return here === null ? [] : runAnswer(run, setting.fn, value, options, here);
          });
        },
      );
  }
}

/** What the package makes of the value that an origin function hands to its callback. */
function runAnswer(run: Run, fn: FunctionValue, value: JsValue, options: CorsOptions, flow: Flow): readonly Step[] {
  const names = callbackNames(run.reader, fn);
  const { origin } = run.request;
  const reflect = () => send(run, options, { kind: 'request-origin', place: value.place }, true, flow);
  if (names.isOrigin(value)) return origin === undefined ? [{ kind: 'next', flow }] : reflect();
  if (value.kind === 'function') return reflect();
  const setting = originSetting(value, names);
  if (setting.kind !== 'unknown' && setting.kind !== 'callback') return runOrigin(run, setting, options, flow);
  const admitted = origin === undefined ? 'unknown' : passes(originTest(value, names), origin);
  if (admitted === 'yes') return reflect();
  // Without an origin none is in a list; what else the check may say is not worked out.
  if (admitted === 'no' || (origin === undefined && truthiness(value) === undefined && isListCheck(value)))
    return [{ kind: 'next', flow }];
  return [unreadable(run, reasonOf(value), flow)];
}

function isListCheck(value: JsValue): boolean {
  return (
    value.kind === 'call' &&
    value.callee.kind === 'member' &&
    value.callee.object.kind === 'array' &&
    value.callee.property === 'includes'
  );
}

function reflected(policy: OriginPolicy, request: Request, place: Place): Value {
  if (request.origin === undefined) return { kind: 'absent', place };
  const origin: Value = { kind: 'request-origin', place };
  if (policy.entries.some((entry) => entry.kind === 'any')) return origin;
  if (admits(policy, request.origin) === 'no') return { kind: 'absent', place };
  return { kind: 'choice', options: [{ when: { kind: 'origin-admitted', policy }, value: origin }], place };
}

function endOf(run: Run, outcome: Exclude<CallbackOutcome, { kind: 'value' }>): Step {
  switch (outcome.kind) {
    case 'error':
      return { kind: 'error', flow: outcome.flow, status: undefined };
    case 'hang':
      return { kind: 'hang', flow: outcome.flow, why: 'its callback is never called' };
    case 'unknown':
      return unreadable(run, outcome.reason, outcome.flow);
  }
}

/** Sets the headers, in the package's order, and answers a preflight. */
function send(run: Run, options: CorsOptions, origin: Value, byOrigin: boolean, flow: Flow): readonly Step[] {
  const { request } = run;
  const originOption = options.option('origin');
  let after = put(flow, 'Access-Control-Allow-Origin', origin, originOption, options);
  if (byOrigin) after = addVary(after, 'Origin', originOption, options);
  after = withCredentials(after, options);
  if (request.method !== 'OPTIONS') return [{ kind: 'next', flow: withExposed(after, options) }];
  const methods = options.option('methods');
  // `undefined.join` throws before anything is set.
  if (methods && (methods.value.kind === 'undefined' || methods.value.kind === 'null'))
    return [{ kind: 'error', flow, status: 500 }];
  after = put(
    after,
    'Access-Control-Allow-Methods',
    methods ? listValue(methods.value) : literal(DEFAULT_METHODS, options.place),
    methods,
    options,
  );
  after = withAllowedHeaders(after, options, request);
  after = withMaxAge(after, options);
  after = withExposed(after, options);
  const preflightContinue = options.option('preflightContinue');
  const goesOn = preflightContinue ? truthiness(preflightContinue.value) : false;
  if (goesOn !== false)
    after = goesOn === undefined ? opened(after, 'it is not known whether preflights go on') : after;
  if (goesOn) return [{ kind: 'next', flow: after }];
  return [answer(run, options, after)];
}

function answer(run: Run, options: CorsOptions, flow: Flow): Step {
  const status = options.option('optionsSuccessStatus')?.value;
  if (status === undefined)
    return { kind: 'answer', flow, by: answerer(run), status: options.unread === null ? 204 : undefined };
  if (status.kind === 'undefined' || status.kind === 'null') return { kind: 'error', flow, status: 500 };
  const code = status.kind === 'number' || status.kind === 'string' ? Number(status.value) : Number.NaN;
  return { kind: 'answer', flow, by: answerer(run), status: Number.isInteger(code) ? code : undefined };
}

function literal(text: string, place: Place): Value {
  return { kind: 'literal', text, place };
}

/** Sets a header unless its value is one that the package leaves out: absent or empty. */
function put(flow: Flow, name: string, value: Value, option: Property | undefined, options: CorsOptions): Flow {
  if (value.kind === 'absent' || (value.kind === 'literal' && value.text === '')) return flow;
  return setHeader(flow, header(name, value, option, options));
}

function header(name: string, value: Value, option: Property | undefined, options: CorsOptions): Header {
  const place = option?.place ?? options.place;
  return { name, value, place, layer: LAYER, ...(option === undefined ? { implied: true } : {}) };
}

function addVary(flow: Flow, field: string, option: Property | undefined, options: CorsOptions): Flow {
  const place = option?.place ?? options.place;
  return vary(flow, { name: 'Vary', value: literal(field, place), place, layer: LAYER, implied: true });
}

/** Only the boolean `true` counts. */
function withCredentials(flow: Flow, options: CorsOptions): Flow {
  const option = options.option('credentials');
  if (option === undefined) return options.unread === null ? flow : opened(flow, options.unread);
  return put(flow, 'Access-Control-Allow-Credentials', credentialsValue(option.value), option, options);
}

function credentialsValue(value: JsValue): Value {
  const { place } = value;
  switch (value.kind) {
    case 'boolean':
      return value.value ? literal('true', place) : { kind: 'absent', place };
    case 'choice': {
      const read = toValue(value);
      if (read.kind !== 'choice') return read;
      const choices = value.branches.map((branch) => credentialsValue(branch.value));
      return { ...read, options: read.options.map((option, i) => ({ ...option, value: choices[i] ?? option.value })) };
    }
    case 'not':
    case 'binary':
    case 'call':
    case 'member':
    case 'import':
    case 'parameter':
    case 'unknown':
      return { kind: 'unknown', reason: reasonOf(value), place };
    default:
      return { kind: 'absent', place };
  }
}

/** A list, or text that is sent as it is. */
function listValue(value: JsValue): Value {
  if (value.kind === 'array') return joined(value.items, value.rest, ',', value.place);
  return toValue(value);
}

function withAllowedHeaders(flow: Flow, options: CorsOptions, request: Request): Flow {
  const main = options.option('allowedHeaders');
  const option = main && truthiness(main.value) !== false ? main : (options.option('headers') ?? main);
  if (option === undefined && options.unread !== null) return opened(flow, options.unread);
  if (option !== undefined && truthiness(option.value) !== false) {
    // `true` and numbers are truthy, have no length, and set nothing.
    if (option.value.kind === 'boolean' || option.value.kind === 'number') return flow;
    return put(flow, 'Access-Control-Allow-Headers', listValue(option.value), option, options);
  }
  const after = addVary(flow, 'Access-Control-Request-Headers', option, options);
  if (!request.headers.get('access-control-request-headers')) return after;
  const value: Value = {
    kind: 'request-header',
    name: 'access-control-request-headers',
    place: option?.place ?? options.place,
  };
  return setHeader(after, header('Access-Control-Allow-Headers', value, undefined, options));
}

function withExposed(flow: Flow, options: CorsOptions): Flow {
  const option = options.option('exposedHeaders');
  if (option === undefined || truthiness(option.value) === false || option.value.kind === 'boolean') return flow;
  return put(flow, 'Access-Control-Expose-Headers', listValue(option.value), option, options);
}

function withMaxAge(flow: Flow, options: CorsOptions): Flow {
  const option = options.option('maxAge');
  if (option === undefined) return flow;
  const { value } = option;
  if (value.kind !== 'number' && truthiness(value) === false) return flow;
  return put(flow, 'Access-Control-Max-Age', toValue(value), option, options);
}
