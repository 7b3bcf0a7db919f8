import type { Request } from '../../../cors/http';
import type { RequestMemo } from '../../../cors/requestMemo';
import type { Frame, FunctionNode, FunctionValue, JsValue, Step as PathStep, Paths, Reader } from '../../../javascript';
import type { Handler } from '../app/handlerKind';
import type { Effect } from './effects';
import type { Flow, Step } from './flow';
import { createFlowTable, type FlowTable } from './flowTable';

/** A request on its way through functions. */
export interface FunctionRun {
  readonly reader: Reader;
  readonly request: Request;
  readonly memo: FunctionMemo;
  /** Whether a promise that a handler returns is waited for, so that its rejection is an error like any other. */
  readonly seesRejections?: boolean;
  /** The error that an error handler is given, where it is known which. */
  readonly error?: JsValue | null;
  /** How other middleware runs, when a function calls one by hand. */
  runHandler(handler: Handler, flow: Flow): readonly Step[];
}

/** What does not depend on the request, worked out once for one analysis. */
export interface FunctionMemo {
  readonly paths: Map<FunctionNode, Paths>;
  /** The same for functions with some variables known, by what is known. */
  readonly framed: WeakMap<Frame, Map<FunctionNode, Paths>>;
  /** Functions with the arguments that a call gives them. */
  readonly bound: WeakMap<Effect, FunctionValue>;
  readonly effects: WeakMap<PathStep, Effect>;
  /** What a layer or a function made of a flow: the routes of an app share what comes before them. */
  readonly steps: WeakMap<Flow, Map<string, RequestMemo<readonly Step[]>>>;
  readonly flows: FlowTable;
}

export function createMemo(): FunctionMemo {
  return {
    paths: new Map(),
    framed: new WeakMap(),
    bound: new WeakMap(),
    effects: new WeakMap(),
    steps: new WeakMap(),
    flows: createFlowTable(),
  };
}

/** A function's step, or its end without an answer. */
export type Inner =
  | Step
  | { readonly kind: 'end'; readonly flow: Flow }
  /** Another middleware has answered: it never calls back, and whoever waits for it waits for ever. */
  | (Extract<Step, { kind: 'answer' }> & { readonly isByOther?: true });

/** More ways than this and what is left counts as not read. */
export const MOST_STEPS = 48;
