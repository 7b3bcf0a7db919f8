import type { Place } from '../../../../cors/place';
import {
  type Condition,
  conjoin,
  type FunctionValue,
  type JsValue,
  type Path,
  placeOf,
  type Reader,
} from '../../../../javascript';
import { type Change, changesOn } from './changes';
import { responsesOf, type WebResponse } from './response';

/** One way through a function from a `Request` to a `Response`. */
export interface WebWay {
  readonly when: readonly Condition[];
  readonly response: WebResponse | { readonly kind: 'error' };
  /** A status that a function called on the way ends with: `redirect()`, `notFound()`. */
  readonly ended: number | null;
  readonly changes: readonly Change[];
  readonly open: string | null;
  /** The `return`, the `throw`, or the function's name. */
  readonly place: Place;
}

/** Functions of next/navigation that end a handler by throwing. */
const ENDS: ReadonlyMap<string, number> = new Map([
  ['redirect', 307],
  ['permanentRedirect', 308],
  ['notFound', 404],
  ['forbidden', 403],
  ['unauthorized', 401],
]);

const known = new WeakMap<Reader, WeakMap<FunctionValue['function'], readonly WebWay[]>>();

/** Every way through the function, whatever the request. */
export function waysThrough(reader: Reader, fn: FunctionValue): readonly WebWay[] {
  const memo = known.get(reader) ?? new WeakMap<FunctionValue['function'], readonly WebWay[]>();
  known.set(reader, memo);
  const isFixed = fn.context.frame === null;
  const before = isFixed ? memo.get(fn.function) : undefined;
  if (before !== undefined) return before;
  const { paths, complete } = reader.paths(fn, { skip: (statement) => isIdle(fn, statement.range) });
  const ways = paths.flatMap((path) => waysOf(reader, fn, path));
  const all = complete ? ways : [...ways, unread(fn, 'it has too many ways through it')];
  if (isFixed) memo.set(fn.function, all);
  return all;
}

/** Statements that neither end the function nor touch a response. */
function isIdle({ module }: FunctionValue, range: readonly [number, number]): boolean {
  return !/return|throw|eaders|esponse|redirect|notFound|forbidden|unauthorized|\bres\b|cors|=/i.test(
    module.text.slice(...range),
  );
}

function unread({ place }: FunctionValue, open: string): WebWay {
  return { when: [], response: { kind: 'error' }, ended: null, changes: [], open, place };
}

function waysOf(reader: Reader, fn: FunctionValue, path: Path): readonly WebWay[] {
  const ender = path.steps.findIndex((step) => endedBy(reader, step) !== null);
  const step = path.steps[ender];
  if (step) {
    const ended = endedBy(reader, step);
    const place = placeOf(step.context.module, step.node);
    return [{ when: path.conditions, response: { kind: 'error' }, ended, changes: [], open: path.uncertain, place }];
  }
  const { end } = path;
  if (end.kind === 'throw') {
    const place = placeOf(end.context.module, end.node);
    return [
      { when: path.conditions, response: { kind: 'error' }, ended: null, changes: [], open: path.uncertain, place },
    ];
  }
  const isReturn = end.kind === 'return';
  const place = isReturn ? placeOf(end.context.module, end.node) : fn.place;
  const value: JsValue =
    isReturn && end.argument !== null
      ? reader.evaluate(end.argument, end.context)
      : { kind: 'undefined', module: fn.module, node: fn.node, place: fn.place };
  const responses = responsesOf(reader, value);
  return changesOn(reader, path).flatMap(({ changes, when, open }) =>
    responses.flatMap((response): readonly WebWay[] => {
      const both = conjoin(when, response.when);
      if (both === null) return [];
      const { nodes } = response;
      const own = changes.filter(({ on }) => nodes.includes(on));
      const opaque = own.some(({ how }) => how === 'opaque') ? 'something unread is given the response' : null;
      const why = path.uncertain ?? response.open ?? open ?? opaque;
      return [{ when: both, response, ended: null, changes: own, open: why, place }];
    }),
  );
}

function endedBy(reader: Reader, { node, context }: Path['steps'][number]): number | null {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || !ENDS.has(node.callee.name)) return null;
  const callee = reader.evaluate(node.callee, context);
  if (callee.kind !== 'import' || callee.specifier !== 'next/navigation') return null;
  return ENDS.get(callee.exported) ?? null;
}
