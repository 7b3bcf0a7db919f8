import { passes } from '../../../cors/admits';
import type { Request } from '../../../cors/http';
import { branchesOf, type FunctionValue, type JsValue, type Reader, reasonOf } from '../../../javascript';
import { originTest } from '../../../javascript/originTest';
import { type Flow, given, type Step } from '../flow/flow';
import { isOfRequest } from '../request/headerValue';
import { isOriginOf } from '../request/originNames';
import { holdsFor, requestValue } from '../request/requestValue';
import { REQUEST_CALLBACK } from './asked';
import { callbackOutcomes } from './callbackOutcomes';
import { addVary } from './corsHeaders';
import { type CorsOptions, type CorsSetup, type CorsSource, corsVariants, setupOf } from './corsOptions';
import { runOrigin } from './corsOrigin';
import { afterCallback, endOf, type Run, unreadable } from './corsRun';
import { send } from './corsSend';
import { type OriginSetting, unsetToo } from './originValue';

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

function runSetup(run: Run, setup: CorsSetup, flow: Flow): readonly Step[] {
  if (run.dialect.needsOrigin && run.request.origin === undefined && setup.kind === 'options')
    return [{ kind: 'next', flow: addVary(flow, 'Origin', setup.options.option('origin'), setup.options) }];
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
