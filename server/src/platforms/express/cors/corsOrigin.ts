import { admits, passes } from '../../../cors/admits';
import type { Request } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { OriginPolicy } from '../../../cors/policy';
import type { Value } from '../../../cors/value';
import { branchesOf, type Condition, type FunctionValue, type JsValue, reasonOf } from '../../../javascript';
import { originTest } from '../../../javascript/originTest';
import { type Flow, given, type Step } from '../flow/flow';
import { holdsFor, requestValue } from '../request/requestValue';
import { isAboutQuestion, originNames } from './asked';
import { callbackOutcomes } from './callbackOutcomes';
import { addVary, everyone, literal } from './corsHeaders';
import type { CorsOptions } from './corsOptions';
import { afterCallback, endOf, type Run, unreadable } from './corsRun';
import { send } from './corsSend';
import { type OriginSetting, unsetToo } from './originValue';

/**
 * @param option the kind of the `origin` option itself, of which `setting` may be the answer for one request
 */
export function runOrigin(
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
