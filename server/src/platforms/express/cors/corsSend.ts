import type { Value } from '../../../cors/value';
import { property, truthiness } from '../../../javascript';
import { type Flow, opened, type Step } from '../flow/flow';
import { addVary, put, withAllowedHeaders, withCredentials, withExposed, withMaxAge, withMethods } from './corsHeaders';
import type { CorsOptions } from './corsOptions';
import { answerer, type Run } from './corsRun';

/** Sets the headers, in the package's order, and answers a preflight. */
export function send(run: Run, options: CorsOptions, origin: Value, varies: boolean, flow: Flow): readonly Step[] {
  const { request, dialect } = run;
  const originOption = options.option('origin');
  const isPreflight = request.method === 'OPTIONS';
  const isMethodNamed = request.headers.has('access-control-request-method');
  if (isPreflight && !isMethodNamed && dialect.withoutRequestMethod === 'passed-on') return [{ kind: 'next', flow }];
  // What is not there is not set, and leaves alone what is.
  const isMissing = origin.kind === 'request-origin' && request.origin === undefined;
  let after = isMissing ? flow : put(flow, 'Access-Control-Allow-Origin', origin, originOption, options);
  if (varies) after = addVary(after, 'Origin', originOption, options);
  after = withCredentials(after, options);
  if (!isPreflight) return [{ kind: 'next', flow: withExposed(after, options) }];
  if (!answersPreflights(options)) return [{ kind: 'next', flow: withExposed(after, options) }];
  if (!isMethodNamed || request.origin === undefined) {
    const refuses = refusesIncomplete(options);
    const step: Step = { kind: 'answer', flow: withExposed(after, options), by: answerer(run), status: 400 };
    if (refuses === undefined) return [{ ...step, flow: opened(step.flow, 'it may be refused'), status: undefined }];
    if (refuses) return [step];
  }
  const named = withMethods(after, options);
  // `undefined.join` throws before anything is set.
  if (named === null) return [{ kind: 'error', flow, status: 500, isThrown: true }];
  after = withAllowedHeaders(named, options, request);
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

/** Whether OPTIONS that is no whole preflight is refused; undefined where an option decides that is not known. */
function refusesIncomplete({ dialect, object, unread }: CorsOptions): boolean | undefined {
  const { withoutRequestMethod: without } = dialect;
  if (typeof without === 'string') return false;
  const strict = object ? property(object, without.refusedUnless)?.value : undefined;
  if (strict === undefined) return unread === null ? true : undefined;
  if (strict.kind === 'boolean') return strict.value;
  return truthiness(strict) === false ? false : undefined;
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
