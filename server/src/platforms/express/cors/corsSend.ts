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

function answer(run: Run, options: CorsOptions, flow: Flow): Step {
  const status = options.option('optionsSuccessStatus')?.value;
  if (status === undefined)
    return { kind: 'answer', flow, by: answerer(run), status: options.unread === null ? 204 : undefined };
  if (status.kind === 'undefined' || status.kind === 'null')
    return { kind: 'error', flow, status: 500, isThrown: true };
  const code = status.kind === 'number' || status.kind === 'string' ? Number(status.value) : Number.NaN;
  return { kind: 'answer', flow, by: answerer(run), status: Number.isInteger(code) ? code : undefined };
}
