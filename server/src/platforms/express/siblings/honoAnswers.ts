import type { TSESTree } from '@typescript-eslint/types';
import {
  branchesOf,
  type CallValue,
  type Condition,
  conjoin,
  type FunctionValue,
  type JsValue,
  type Path,
  property,
  type Reader,
} from '../../../javascript';
import { ofPairs, type Setting } from '../flow/effects';
import { type HonoNames, honoNames } from './honoNames';
import { isExport } from './receivers';
import { responsesOf } from './web/response';

/** What a way through a function of Hono comes to. */
export type HonoAnswer =
  /** Nothing is returned, or whatever is counts for nothing once everything behind has answered. */
  | { readonly kind: 'nothing' }
  | {
      /** `c.text(…)`, which takes the headers that the context has, or `new Response(…)`, which does not. */
      readonly kind: 'by-context' | 'by-itself';
      /** What says it; null when nothing does. */
      readonly status: JsValue | null;
      /** What it is when nothing says it. */
      readonly otherwise: number;
      readonly headers: readonly Setting[];
      /** Set when it may have more headers. */
      readonly open: string | null;
    }
  /** `throw new HTTPException(status)`; null where the status of the error is not known. */
  | { readonly kind: 'thrown'; readonly status: number | null }
  | { readonly kind: 'unknown' };

export interface Answered {
  readonly answer: HonoAnswer;
  readonly when: readonly Condition[];
}

const EXCEPTION = /^(?:npm:|jsr:)?(?:@hono\/)?hono(?:@[^/]+)?\/http-exception$/;
const MAKERS = new Set(['text', 'json', 'html', 'body', 'newResponse']);

/** What the way returns or throws: one for each way that the value can come out. */
export function answersOf(reader: Reader, { end, conditions }: Path, names: HonoNames): readonly Answered[] {
  if (end.kind === 'throw') return [{ answer: thrown(reader, end.node.argument, end.context), when: conditions }];
  if (end.kind === 'end' || end.argument === null) return [{ answer: { kind: 'nothing' }, when: conditions }];
  return branchesOf(reader.evaluate(end.argument, end.context)).flatMap((branch): readonly Answered[] => {
    const when = conjoin(conditions, branch.when);
    return when === null ? [] : madeBy(reader, branch.value, when, names);
  });
}

function thrown(reader: Reader, argument: TSESTree.Expression, context: Path['steps'][number]['context']): HonoAnswer {
  const error = reader.evaluate(argument, context);
  if (error.kind !== 'new') return { kind: 'thrown', status: null };
  if (/^(?:(?:Type|Range|Syntax|Reference|Eval|URI)?Error)$/.test(error.name)) return { kind: 'thrown', status: 500 };
  const [status, options] = error.arguments;
  const isException = isExport(error.callee, EXCEPTION, ['HTTPException']);
  // An exception may bring a response of its own.
  const isPlain =
    options === undefined || (options.kind === 'object' && options.rest === null && !property(options, 'res'));
  if (!isException || !isPlain) return { kind: 'thrown', status: null };
  if (status === undefined) return { kind: 'thrown', status: 500 };
  return { kind: 'thrown', status: status.kind === 'number' ? status.value : null };
}

function madeBy(reader: Reader, value: JsValue, when: readonly Condition[], names: HonoNames): readonly Answered[] {
  if (value.kind === 'undefined') return [{ answer: { kind: 'nothing' }, when }];
  if (value.kind === 'call' && value.callee.kind === 'member' && names.isContext(value.callee.object))
    return [{ answer: byContext(value.callee.property, value), when }];
  if (isOwnResponse(value)) {
    const answer = { kind: 'by-itself', status: value, otherwise: 500, headers: [], open: null } as const;
    return [{ answer, when }];
  }
  return responsesOf(reader, value).flatMap(({ kind, status, headers, open, when: inner }): readonly Answered[] => {
    const both = conjoin(when, inner);
    if (both === null) return [];
    if (kind !== 'response') return [{ answer: { kind: 'unknown' }, when: both }];
    return [{ answer: { kind: 'by-itself', status, otherwise: 200, headers, open }, when: both }];
  });
}

/** `error.getResponse()`: what an exception of Hono brings has a status and, unless it is given one, no headers. */
function isOwnResponse(value: JsValue): boolean {
  return value.kind === 'call' && value.callee.kind === 'member' && value.callee.property === 'getResponse';
}

/** The methods of the context that make responses (`newResponse` of hono/context.js). */
function byContext(method: string, { arguments: args }: CallValue): HonoAnswer {
  const base = { kind: 'by-context', headers: [], open: null } as const;
  const [first, second, third] = args;
  if (method === 'redirect') return { ...base, status: second ?? null, otherwise: 302 };
  if (method === 'notFound') return { ...base, status: null, otherwise: 404 };
  if (!MAKERS.has(method)) return { kind: 'unknown' };
  const more = third === undefined ? { headers: [], open: null } : headersOf(third);
  if (first === undefined || second === undefined || second.kind === 'undefined')
    return { ...base, ...more, status: null, otherwise: 200 };
  if (second.kind === 'number') return { ...base, ...more, status: second, otherwise: 200 };
  if (second.kind !== 'object') return { ...base, ...more, open: more.open ?? UNREAD, status: second, otherwise: 200 };
  const status = property(second, 'status')?.value ?? null;
  const given = property(second, 'headers')?.value;
  const own = given === undefined ? { headers: [], open: null } : headersOf(given);
  const open = second.rest === null ? (own.open ?? more.open) : UNREAD;
  return { ...base, headers: [...own.headers, ...more.headers], open, status, otherwise: 200 };
}

const UNREAD = 'some headers of the response are not read';

function headersOf(value: JsValue): { readonly headers: readonly Setting[]; readonly open: string | null } {
  if (value.kind === 'undefined') return { headers: [], open: null };
  const isRead = value.kind === 'object' && value.rest === null && value.properties.every(isText);
  return isRead ? { headers: ofPairs(value), open: null } : { headers: [], open: UNREAD };
}

/** A list becomes so many lines, which is not followed. */
function isText({ value }: { readonly value: JsValue }): boolean {
  return value.kind !== 'array';
}

const known = new WeakMap<FunctionValue['function'], boolean>();

/** Whether whatever a handler returns is made by its context, which puts the headers in that were set before. */
export function answersByContext(reader: Reader, handler: JsValue): boolean {
  if (handler.kind !== 'function') return false;
  const before = known.get(handler.function);
  if (before !== undefined) return before;
  const { params, generator } = handler.function;
  const names = honoNames(handler.function);
  const { paths, complete } = reader.paths(handler, { skip: (one) => isIdle(handler, one.range) });
  const is =
    complete &&
    !generator &&
    params[0]?.type === 'Identifier' &&
    paths.every((path) =>
      answersOf(reader, path, names).every(({ answer: { kind } }) => kind === 'by-context' || kind === 'thrown'),
    );
  known.set(handler.function, is);
  return is;
}

/** Statements that neither end the function nor touch a response. */
export function isIdle({ module }: FunctionValue, range: readonly [number, number]): boolean {
  return !/return|throw|header|\bres\b|esponse|\bstatus\b|\bnext\b|cors|=/i.test(module.text.slice(...range));
}
