import type { Request } from '../../../cors/http';
import type { FunctionValue, JsValue, Reader } from '../../../javascript';
import { type Flow, opened, removeHeader } from '../flow/flow';
import type { Closing, HandEnd } from './app';
import { setsOf } from './byHand';
import { answersByContext } from './honoAnswers';
import { endsOf, type HonoState, honoFunction, PREPARED_LAYER } from './honoHand';

/** What an app of Hono does where it answers by itself, once all of it is read. */
export interface HonoEnding extends Closing {
  readonly state: HonoState;
  /** @param isWhole false for an app that is mounted: its errors alone end here */
  addErrorHandler(handler: JsValue | undefined, isWhole: boolean): void;
}

/**
 * Errors end where they are thrown, in `onError`, with the headers that the context has by then, and everything ahead
 * goes on behind them (hono/compose.js). What makes its response without the context leaves out what `c.header(…)` had
 * set: so does `error.getResponse()`, which Hono 4 before 4.8 did by itself too.
 */
export function honoEnding(reader: Reader): HonoEnding {
  const handlers: { readonly handler: JsValue | undefined; readonly isWhole: boolean }[] = [];
  const failing = (flow: Flow, request: Request): Flow => {
    const [only, ...others] = handlers;
    if (only === undefined) return request.ending === 500 ? flow : perhapsDropped(flow);
    const { handler } = only;
    const read = handler?.kind === 'function' && only.isWhole && others.length === 0 ? handlerOf(handler) : null;
    if (read === null) return handlers.every((one) => isPlain(one.handler)) ? perhapsDropped(flow) : unread(flow);
    return common(flow, request, read(request, flow));
  };
  const handlerOf = (handler: FunctionValue) => {
    const read = honoFunction(reader, handler, 1);
    const isRead = read?.ways.every(({ answer }) => 'headers' in answer && answer.open === null) ?? false;
    if (read === null || !isRead) return null;
    return (request: Request, flow: Flow) => endsOf(read, state, { ...request, ending: 'success' }, flow, true);
  };
  const state: HonoState = { touchesResponse: false, failing, keepsStatus: () => handlers.length === 0 };
  return {
    state,
    failing,
    addErrorHandler: (handler, isWhole) => handlers.push({ handler, isWhole }),
    succeeding: (flow, route) =>
      isPrepared(flow) && route !== null && !route.handlers.every((one) => answersByContext(reader, one))
        ? opened({ ...flow, headers: [] }, DROPPED)
        : flow,
  };
}

const DROPPED = 'what answers may leave out the headers that the context has';
const UNREAD = 'what the handler of errors does is not read';

/** Whether everything was set by `c.header(…)`. */
function isPrepared({ headers }: Flow): boolean {
  return headers.length > 0 && headers.every(({ layer }) => layer === PREPARED_LAYER);
}

function perhapsDropped(flow: Flow): Flow {
  return isPrepared(flow) ? opened({ ...flow, headers: [] }, DROPPED) : flow;
}

/** Whether a handler of errors speaks of no headers. */
function isPlain(handler: JsValue | undefined): boolean {
  return (
    handler?.kind === 'function' &&
    !/access-control|cors|\bvary\b|headers?\b|\bres\b/i.test(handler.module.text.slice(...handler.function.range))
  );
}

function unread(flow: Flow): Flow {
  return opened({ ...flow, headers: [] }, UNREAD);
}

/** What all ways of a handler of errors come to; a status below 500 may have been answered without it. */
function common(flow: Flow, { ending }: Request, ends: readonly HandEnd[]): Flow {
  const flows = [...(ending === 500 ? [] : [flow]), ...ends.map((end) => end.flow)];
  const [first, ...others] = flows;
  if (first === undefined) return unread(flow);
  const isSame = others.every((other) => textOf(other) === textOf(first));
  const open = flows.find((one) => one.open !== null)?.open ?? null;
  if (isSame) return { ...first, status: flow.status, when: flow.when, assumes: flow.assumes, oneOf: flow.oneOf, open };
  const names = flows.flatMap(({ headers }) => headers.map(({ name }) => name));
  const differing = names.filter((name) => new Set(flows.map((one) => linesOf(one, name))).size > 1);
  const kept = differing.reduce((on: Flow, name) => removeHeader(on, name), flow);
  return setsOf(differing) === 'nothing' ? kept : opened(kept, UNREAD);
}

function linesOf({ headers }: Flow, name: string): string {
  const lower = name.toLowerCase();
  return JSON.stringify(
    headers.filter((one) => one.name.toLowerCase() === lower).map(({ value }) => ({ ...value, place: null })),
  );
}

function textOf({ headers }: Flow): string {
  return JSON.stringify(headers.map(({ name, value }) => [name.toLowerCase(), { ...value, place: null }]));
}
