import { admits, passes } from '../../../cors/admits';
import type { Answerer, Header, Request } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { OriginPolicy } from '../../../cors/policy';
import type { Value } from '../../../cors/value';
import {
  type Branch,
  branchesOf,
  type Condition,
  condition,
  type FunctionValue,
  type JsValue,
  type Property,
  property,
  type Reader,
  reasonOf,
  truthiness,
} from '../../../javascript';
import { originTest } from '../../../javascript/originTest';
import { type Flow, given, opened, type Step, setHeader, vary } from '../flow/flow';
import { isOfRequest, joined, toValue } from '../request/headerValue';
import { isOriginOf } from '../request/originNames';
import { holdsFor, requestValue } from '../request/requestValue';
import type { CorsDialect } from './corsDialect';
import { type CorsOptions, type CorsSetup, type CorsSource, corsVariants, setupOf } from './corsOptions';
import {
  type CallbackOutcome,
  callbackOutcomes,
  isAboutQuestion,
  originNames,
  policyOf,
  REQUEST_CALLBACK,
} from './originCallback';
import type { OriginSetting } from './originValue';

/** One call of the middleware for one request. */
interface Run {
  readonly reader: Reader;
  /** The `cors(…)`. */
  readonly place: Place;
  readonly dialect: CorsDialect;
  readonly request: Request;
}

/**
 * What `cors(…)` does with a request, as cors 2.8.6 does it (lib/index.js), or another package by its table: which
 * headers it sets, whether it answers a preflight, passes on, fails, or never goes on. One step for each way it can go.
 */
export function runCors(reader: Reader, source: CorsSource, request: Request, flow: Flow): readonly Step[] {
  const { place, dialect } = source;
  const run: Run = { reader, place, dialect, request };
  return corsVariants(source).flatMap(({ when, setup }) => {
    const here = given(flow, when);
    return here === null ? [] : runSetup(run, setup, here);
  });
}

/** The origin checks that a `cors(…)` makes, one policy for each way its options can come out. */
export function policiesOf(reader: Reader, source: CorsSource): readonly OriginPolicy[] {
  return corsVariants(source).flatMap(({ setup }) => {
    if (setup.kind !== 'options') return [];
    const origin = setup.options.option('origin');
    if (origin === undefined) return [];
    return branchesOf(origin.value).flatMap(({ value }) => policyOfOrigin(reader, source.dialect, value));
  });
}

function policyOfOrigin(reader: Reader, dialect: CorsDialect, value: JsValue): readonly OriginPolicy[] {
  const setting = dialect.originSetting(value, { reader, isOrigin: () => false });
  if (setting.kind === 'reflect') return [setting.policy];
  return setting.kind === 'callback' ? [policyOf(reader, setting.fn, dialect)] : [];
}

function runSetup(run: Run, setup: CorsSetup, flow: Flow): readonly Step[] {
  switch (setup.kind) {
    case 'options':
      return runOptions(run, setup.options, flow);
    case 'unknown':
      return [unreadable(run, setup.reason, flow)];
    case 'delegate':
      return callbackOutcomes(run.reader, setup.fn, REQUEST_CALLBACK, run.request, flow).flatMap(
        (outcome): readonly Step[] => {
          if (outcome.kind !== 'value') return [endOf(run, outcome)];
          const names = REQUEST_CALLBACK.names(setup.fn);
          return branchesOf(outcome.value).flatMap(({ when, value }): readonly Step[] => {
            const held = when.map((condition) => holdsFor(run.reader, [condition], run.request, names));
            if (held.includes(false)) return [];
            if (held.includes('throws')) return [{ kind: 'error', flow: outcome.flow, status: undefined }];
            const here = given(
              outcome.flow,
              when.filter((_, i) => held[i] === undefined),
            );
            return here === null ? [] : afterCallback(outcome, runDelegated(run, setup.fn, value, here));
          });
        },
      );
  }
}

/** The options that a delegate hands to its callback may decide by the request: `{ origin: req.headers.origin === … }`. */
function runDelegated(run: Run, fn: FunctionValue, value: JsValue, flow: Flow): readonly Step[] {
  const setup = setupOf(value, value.place, run.dialect);
  if (setup.kind === 'unknown') return [unreadable(run, setup.reason, flow)];
  if (setup.kind === 'delegate')
    return runSetup(run, setupOf({ ...value, kind: 'undefined' }, value.place, run.dialect), flow);
  const origin = setup.options.option('origin')?.value;
  // What a call gives may depend on the request by a function that it is given.
  const isDecided = origin !== undefined && (isOfRequest(origin) || origin.kind === 'call');
  if (!isDecided || origin.kind === 'unknown') return runOptions(run, setup.options, flow);
  const answered = requestValue(run.reader, origin, run.request, REQUEST_CALLBACK.names(fn));
  if (answered === 'throws') return [{ kind: 'error', flow, status: undefined }];
  if (typeof answered?.is === 'string' && answered.is !== run.request.origin) {
    const setting = run.dialect.originSetting(
      { ...origin, kind: 'string', value: answered.is },
      { reader: run.reader, isOrigin: () => false },
    );
    return runOrigin(run, setting, setup.options, setting.kind, flow);
  }
  const isRequest = (one: JsValue) => one.kind === 'parameter' && one.function === fn.function && one.index === 0;
  const names = { reader: run.reader, isOrigin: (one: JsValue) => isOriginOf(one, isRequest) };
  if (names.isOrigin(origin)) {
    if (run.request.origin === undefined) return [{ kind: 'next', flow }];
    return send(
      run,
      setup.options,
      { kind: 'request-origin', place: origin.place },
      run.dialect.varies('reflect', 'reflect'),
      flow,
    );
  }
  const isKnown = answered !== null && typeof answered.is !== 'object';
  // A list, or what a pattern has matched, is a list of origins to the package: what stands in it is not worked out.
  if (answered !== null && answered.is !== null && !isKnown) return [unreadable(run, reasonOf(origin), flow)];
  const admitted = isKnown
    ? answered.is
      ? 'yes'
      : 'no'
    : run.request.origin === undefined
      ? undefined
      : passes(originTest(origin, names), run.request.origin);
  if (admitted === 'no') return [{ kind: 'next', flow }];
  if (admitted !== 'yes') return [unreadable(run, reasonOf(origin), flow)];
  return send(
    run,
    setup.options,
    { kind: 'request-origin', place: origin.place },
    run.dialect.varies('reflect', 'reflect'),
    flow,
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
    const wildcard: OriginSetting = { kind: 'wildcard', place: options.place, implied: true };
    return runOrigin(run, wildcard, options, wildcard.kind, flow);
  }
  return branchesOf(origin.value)
    .flatMap(unsetToo)
    .flatMap(({ when, value }) => {
      const here = given(flow, when);
      if (here === null) return [];
      const setting = run.dialect.originSetting(value, { reader: run.reader, isOrigin: () => false });
      return runOrigin(run, setting, options, setting.kind, here);
    });
}

/** A variable of the environment is a text or, where it is not set, nothing. */
function unsetToo(branch: Branch): readonly Branch[] {
  const { when, value } = branch;
  if (value.kind !== 'environment') return [branch];
  return [
    { when: [...when, condition(value, true)], value },
    { when: [...when, condition(value, false)], value: { ...value, kind: 'undefined' } },
  ];
}

/**
 * @param option the kind of the `origin` option itself, of which `setting` may be the answer for one request
 */
function runOrigin(
  run: Run,
  setting: OriginSetting,
  options: CorsOptions,
  option: OriginSetting['kind'],
  flow: Flow,
): readonly Step[] {
  const varies = run.dialect.varies(option, setting.kind);
  const originOption = options.option('origin');
  const varied = () => (varies ? addVary(flow, 'Origin', originOption, options) : flow);
  switch (setting.kind) {
    case 'off':
      return [{ kind: 'next', flow: varied() }];
    case 'fails':
      return [
        { kind: 'error', flow: setting.varies ? addVary(flow, 'Origin', originOption, options) : flow, status: 500 },
      ];
    case 'unknown':
      return [unreadable(run, setting.reason, flow)];
    case 'wildcard':
      return send(run, options, everyone(setting.place, options), varies, flow);
    case 'fixed':
      return send(run, options, setting.value, varies, flow);
    case 'reflect':
      return send(run, options, reflected(setting.policy, run.request, setting.place), varies, flow);
    case 'callback': {
      const asked = run.dialect.asked(setting.fn);
      const start = run.dialect.varies(option, 'off') ? varied() : flow;
      return callbackOutcomes(run.reader, setting.fn, asked, run.request, start).flatMap((outcome): readonly Step[] => {
        if (outcome.kind !== 'value') return [endOf(run, outcome)];
        const decide = (condition: Condition) =>
          holdsFor(run.reader, [condition], run.request, asked.names(setting.fn));
        return branchesOf(outcome.value)
          .flatMap(unsetToo)
          .flatMap(({ when, value }) => {
            const held = when.map(decide);
            if (held.includes(false)) return [];
            if (held.includes('throws')) return [{ kind: 'error', flow: outcome.flow, status: undefined }];
            const open = when.filter((_, i) => held[i] === undefined);
            // Which of its answers a function gives for the origin is not known then, and so is nothing of them.
            const about = open.find(({ of }) => isAboutQuestion(of, setting.fn));
            if (about) return [unreadable(run, `it depends on whether ${about.words}`, outcome.flow)];
            const here = given(outcome.flow, open);
            return here === null ? [] : afterCallback(outcome, runAnswer(run, setting.fn, value, options, here));
          });
      });
    }
  }
}

/** What the package throws is thrown inside the call of its callback, where perhaps nobody catches it. */
function afterCallback(
  { isDeferred }: Extract<CallbackOutcome, { kind: 'value' }>,
  steps: readonly Step[],
): readonly Step[] {
  if (!isDeferred) return steps;
  return steps.map((step) =>
    step.kind === 'error' && step.isThrown
      ? { kind: 'hang', flow: step.flow, why: 'nothing catches what the cors package throws in its callback' }
      : step,
  );
}

/** What the package makes of the value that an origin function answers with. */
function runAnswer(run: Run, fn: FunctionValue, value: JsValue, options: CorsOptions, flow: Flow): readonly Step[] {
  const { dialect } = run;
  const names = originNames(run.reader, fn, dialect.asked(fn));
  const { origin } = run.request;
  const go = (setting: OriginSetting) => runOrigin(run, setting, options, 'callback', flow);
  const reflect = () =>
    send(run, options, { kind: 'request-origin', place: value.place }, dialect.varies('callback', 'reflect'), flow);
  if (names.isOrigin(value))
    return origin === undefined ? go(dialect.answerSetting({ ...value, kind: 'undefined' }, names)) : reflect();
  if (value.kind === 'function' && dialect.truthyReflects) return reflect();
  const setting = dialect.answerSetting(value, names);
  if (setting.kind !== 'unknown' && setting.kind !== 'callback') return go(setting);
  if (!dialect.truthyReflects) return [unreadable(run, reasonOf(value), flow)];
  const answered = requestValue(run.reader, value, run.request, dialect.asked(fn).names(fn));
  if (answered === 'throws') return [{ kind: 'error', flow, status: undefined }];
  if (answered !== null) {
    if (!answered.is) return [{ kind: 'next', flow }];
    if (answered.is === origin) return reflect();
    if (typeof answered.is === 'string')
      return go({ kind: 'fixed', value: literal(answered.is, value.place), place: value.place });
    if (typeof answered.is !== 'object') return reflect();
  }
  // A list or what a pattern has matched is a list of origins to the package: what stands in it is not worked out.
  if (answered !== null || origin === undefined) return [unreadable(run, reasonOf(value), flow)];
  const admitted = passes(originTest(value, names), origin);
  if (admitted === 'yes') return reflect();
  if (admitted === 'no') return [{ kind: 'next', flow }];
  return [unreadable(run, reasonOf(value), flow)];
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
      return { kind: 'error', flow: outcome.flow, status: undefined, error: outcome.error ?? null };
    case 'hang':
      return { kind: 'hang', flow: outcome.flow, why: 'its callback is never called' };
    case 'unknown':
      return unreadable(run, outcome.reason, outcome.flow);
  }
}

/** Sets the headers, in the package's order, and answers a preflight. */
function send(run: Run, options: CorsOptions, origin: Value, varies: boolean, flow: Flow): readonly Step[] {
  const { request, dialect } = run;
  const originOption = options.option('origin');
  const isPreflight = request.method === 'OPTIONS';
  const isIncomplete = isPreflight && !request.headers.has('access-control-request-method');
  if (isIncomplete && dialect.withoutRequestMethod === 'passed-on') return [{ kind: 'next', flow }];
  // What is not there is not set, and leaves alone what is.
  const isMissing = origin.kind === 'request-origin' && request.origin === undefined;
  let after = isMissing ? flow : put(flow, 'Access-Control-Allow-Origin', origin, originOption, options);
  if (varies) after = addVary(after, 'Origin', originOption, options);
  after = withCredentials(after, options);
  if (!isPreflight) return [{ kind: 'next', flow: withExposed(after, options) }];
  if (isIncomplete && dialect.withoutRequestMethod === 'refused')
    return [{ kind: 'answer', flow: withExposed(after, options), by: answerer(run), status: 400 }];
  if (!answersPreflights(options)) return [{ kind: 'next', flow: withExposed(after, options) }];
  const methods = options.option('methods');
  // `undefined.join` throws before anything is set.
  if (methods && dialect.failsWithoutMethods && isNothing(methods.value))
    return [{ kind: 'error', flow, status: 500, isThrown: true }];
  after = put(
    after,
    'Access-Control-Allow-Methods',
    methods ? methodsValue(methods.value, dialect) : defaultMethods(options),
    methods,
    options,
  );
  after = withAllowedHeaders(after, options, request);
  after = withMaxAge(after, options);
  if (dialect.exposesOnPreflight) after = withExposed(after, options);
  const preflightContinue = options.option('preflightContinue');
  const goesOn = preflightContinue ? truthiness(preflightContinue.value) : false;
  if (goesOn !== false)
    after = goesOn === undefined ? opened(after, 'it is not known whether preflights go on') : after;
  if (goesOn) return [{ kind: 'next', flow: after }];
  return [answer(run, options, after)];
}

function answersPreflights({ dialect, object }: CorsOptions): boolean {
  const option =
    object && dialect.preflightSwitch !== undefined ? property(object, dialect.preflightSwitch) : undefined;
  return option === undefined || truthiness(option.value) !== false;
}

function isNothing({ kind }: JsValue): boolean {
  return kind === 'undefined' || kind === 'null';
}

function methodsValue(value: JsValue, dialect: CorsDialect): Value {
  const isLost = dialect.methodsMustBeList ? value.kind === 'string' || isNothing(value) : isNothing(value);
  return isLost ? { kind: 'absent', place: value.place } : listValue(value, dialect);
}

function defaultMethods({ dialect, place }: CorsOptions): Value {
  const { defaultMethods: methods, name } = dialect;
  return methods === null
    ? { kind: 'unknown', reason: `it depends on the version of ${name}`, place }
    : literal(methods, place);
}

/** `*`, which may give way to the request's origin where credentials are allowed. */
function everyone(place: Place, options: CorsOptions): Value {
  const wildcard = literal('*', place);
  if (!options.dialect.reflectsWithCredentials) return wildcard;
  const credentials = options.option('credentials')?.value;
  if (credentials === undefined) return options.unread === null ? wildcard : perhapsReflected(place);
  const allowed = credentials.kind === 'function' ? undefined : truthiness(credentials);
  if (allowed === undefined) return perhapsReflected(place);
  return allowed ? { kind: 'request-origin', place } : wildcard;
}

function perhapsReflected(place: Place): Value {
  return { kind: 'unknown', reason: 'it depends on whether credentials are allowed', place };
}

function answer(run: Run, options: CorsOptions, flow: Flow): Step {
  const status = options.option('optionsSuccessStatus')?.value;
  if (status === undefined)
    return { kind: 'answer', flow, by: answerer(run), status: options.unread === null ? 204 : undefined };
  if (status.kind === 'undefined' || status.kind === 'null')
    return { kind: 'error', flow, status: 500, isThrown: true };
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
  return { name, value, place, layer: options.dialect.layer, ...(option === undefined ? { implied: true } : {}) };
}

function addVary(flow: Flow, field: string, option: Property | undefined, options: CorsOptions): Flow {
  const place = option?.place ?? options.place;
  return vary(flow, { name: 'Vary', value: literal(field, place), place, layer: options.dialect.layer, implied: true });
}

/** For the cors package only the boolean `true` counts. */
function withCredentials(flow: Flow, options: CorsOptions): Flow {
  const option = options.option('credentials');
  if (option === undefined) return options.unread === null ? flow : opened(flow, options.unread);
  return put(
    flow,
    'Access-Control-Allow-Credentials',
    credentialsValue(option.value, options.dialect),
    option,
    options,
  );
}

function credentialsValue(value: JsValue, dialect: CorsDialect): Value {
  const { place } = value;
  switch (value.kind) {
    case 'boolean':
      return value.value ? literal('true', place) : { kind: 'absent', place };
    case 'choice': {
      const read = toValue(value);
      if (read.kind !== 'choice') return read;
      const choices = value.branches.map((branch) => credentialsValue(branch.value, dialect));
      return { ...read, options: read.options.map((option, i) => ({ ...option, value: choices[i] ?? option.value })) };
    }
    case 'not':
    case 'binary':
    case 'call':
    case 'member':
    case 'element':
    case 'import':
    case 'parameter':
    case 'unknown':
      return { kind: 'unknown', reason: reasonOf(value), place };
    default: {
      if (dialect.credentials === 'true') return { kind: 'absent', place };
      if (value.kind === 'function') return { kind: 'unknown', reason: reasonOf(value), place };
      const allowed = truthiness(value);
      if (allowed === undefined) return { kind: 'unknown', reason: reasonOf(value), place };
      return allowed ? literal('true', place) : { kind: 'absent', place };
    }
  }
}

/** A list, or text that is sent as it is. */
function listValue(value: JsValue, { separator }: CorsDialect): Value {
  if (value.kind === 'array') return joined(value.items, value.rest, separator, value.place);
  return toValue(value);
}

function withAllowedHeaders(flow: Flow, options: CorsOptions, request: Request): Flow {
  const { dialect } = options;
  const main = options.option('allowedHeaders');
  const option = main && dialect.reflectsHeaders(main.value) !== true ? main : (options.option('headers') ?? main);
  if (option === undefined && options.unread !== null) return opened(flow, options.unread);
  const varied = (to: Flow) => addVary(to, 'Access-Control-Request-Headers', option, options);
  if (option !== undefined && dialect.reflectsHeaders(option.value) !== true) {
    // `true` and numbers are truthy, have no length, and set nothing.
    if (option.value.kind === 'boolean' || option.value.kind === 'number') return flow;
    const after = put(flow, 'Access-Control-Allow-Headers', listValue(option.value, dialect), option, options);
    return dialect.headersVary === 'when-sent' ? varied(after) : after;
  }
  const after = dialect.headersVary === 'when-reflected' ? varied(flow) : flow;
  if (!request.headers.get('access-control-request-headers')) return after;
  const value: Value = {
    kind: 'request-header',
    name: 'access-control-request-headers',
    place: option?.place ?? options.place,
  };
  const sent = setHeader(after, header('Access-Control-Allow-Headers', value, undefined, options));
  return dialect.headersVary === 'when-sent' ? varied(sent) : sent;
}

function withExposed(flow: Flow, options: CorsOptions): Flow {
  const option = options.option('exposedHeaders');
  if (option === undefined || truthiness(option.value) === false || option.value.kind === 'boolean') return flow;
  return put(flow, 'Access-Control-Expose-Headers', listValue(option.value, options.dialect), option, options);
}

function withMaxAge(flow: Flow, options: CorsOptions): Flow {
  const option = options.option('maxAge');
  if (option === undefined) return flow;
  const { value } = option;
  if (value.kind !== 'number' && truthiness(value) === false) return flow;
  return put(flow, 'Access-Control-Max-Age', toValue(value), option, options);
}
