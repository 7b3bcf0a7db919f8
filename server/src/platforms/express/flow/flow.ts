import type { Answerer, Header, Overwritten } from '../../../cors/http';
import { ALLOW_ORIGIN, VARY } from '../../../cors/names';
import { samePlace } from '../../../cors/place';
import type { Condition, JsValue } from '../../../javascript';
import { assumed, isOfRequest } from '../request/headerValue';

/** What is known of a request on its way through an application: what has been set so far, and under what. */
export interface Flow {
  readonly headers: readonly Header[];
  /** What a later write has replaced, of the headers where that is worth telling. */
  readonly overwritten: readonly Overwritten[];
  /** The circumstances, each to finish "when …". */
  readonly when: readonly string[];
  /** Those of them that are settled outside the request, by their words, and whether they hold. */
  readonly assumes: ReadonlyMap<string, boolean>;
  /** What else is assumed, where several ways have come to one: that of at least one of these. Empty when nothing is. */
  readonly oneOf: readonly ReadonlyMap<string, boolean>[];
  /** Set when more headers may have been set than are listed: why, in words. */
  readonly open: string | null;
  /** What `res.status(…)` has set; null when nothing has. */
  readonly status: number | 'unknown' | null;
  /**
   * Set on a way that depends on a test which cannot be worked out, of the origin or of a certain error: whether it is
   * taken is not known.
   */
  readonly unsure: string | null;
  /** True once something unread was given the response: it may answer. */
  readonly handedOn: boolean;
}

export const START: Flow = {
  headers: [],
  overwritten: [],
  when: [],
  assumes: new Map(),
  oneOf: [],
  open: null,
  status: null,
  unsure: null,
  handedOn: false,
};

/** Whether nothing but headers tells the flow from the start. */
export function hasOnlyHeaders({ overwritten, when, assumes, oneOf, open, status, unsure, handedOn }: Flow): boolean {
  return (
    overwritten.length === 0 &&
    when.length === 0 &&
    assumes.size === 0 &&
    oneOf.length === 0 &&
    open === null &&
    status === null &&
    unsure === null &&
    !handedOn
  );
}

/** What a layer does with a request. */
export type Step =
  | { readonly kind: 'next'; readonly flow: Flow }
  /** The layer's own router is left: `next('route')`, `next('router')`. */
  | { readonly kind: 'skip'; readonly flow: Flow }
  | { readonly kind: 'answer'; readonly flow: Flow; readonly by: Answerer; readonly status: number | undefined }
  /** `next(error)` or an exception; `status` when the error carries one. */
  | {
      readonly kind: 'error';
      readonly flow: Flow;
      readonly status: number | undefined;
      /** What is handed on or thrown, where that is read. */
      readonly error?: JsValue | null;
      /** Set on an exception, which only reaches Express from where it can be caught. */
      readonly isThrown?: true;
    }
  /** Nothing ever answers. */
  | { readonly kind: 'hang'; readonly flow: Flow; readonly why: string };

/** The flow under one more condition; null when that contradicts what it already assumes. */
export function given(flow: Flow, conditions: readonly Condition[]): Flow | null {
  let { assumes, oneOf, when } = flow;
  for (const tested of conditions) {
    if (!isOfRequest(tested.of)) {
      const { holds, is } = assumed(tested);
      const known = assumes.get(holds);
      if (known === is) continue;
      if (known !== undefined) return null;
      assumes = new Map(assumes).set(holds, is);
      const fit = oneOf.filter((way) => (way.get(holds) ?? is) === is);
      if (oneOf.length > 0 && fit.length === 0) return null;
      oneOf = fit;
    }
    if (!when.includes(tested.words)) when = [...when, tested.words];
  }
  return when === flow.when && assumes === flow.assumes ? flow : { ...flow, when, assumes, oneOf };
}

/** `setHeader`: the header replaces every line of that name, in the first one's place. */
export function setHeader(flow: Flow, header: Header): Flow {
  return setHeaderLines(flow, header.name, [header]);
}

/** `setHeader` with a list: one line an item, in the place of those that had the name. */
export function setHeaderLines(flow: Flow, name: string, lines: readonly Header[]): Flow {
  const lower = name.toLowerCase();
  const first = flow.headers.findIndex((one) => one.name.toLowerCase() === lower);
  if (first < 0) return { ...flow, headers: [...flow.headers, ...lines] };
  const others = flow.headers.filter((one) => one.name.toLowerCase() !== lower);
  const headers = [...others.slice(0, first), ...lines, ...others.slice(first)];
  return { ...flow, headers, overwritten: overwrittenBy(flow, lower, lines) };
}

/** What is replaced with these lines. Who sets the same again loses nothing. */
function overwrittenBy(flow: Flow, name: string, lines: readonly Header[]): Flow['overwritten'] {
  const [by] = lines;
  if (by === undefined || (name !== ALLOW_ORIGIN && name !== VARY)) return flow.overwritten;
  const lost = flow.headers.filter((one) => one.name.toLowerCase() === name && !samePlace(one.place, by.place));
  return lost.length === 0 ? flow.overwritten : [...flow.overwritten, ...lost.map((one) => ({ lost: one, by }))];
}

/** `append`: one more line, after those of the same name. */
export function appendHeader(flow: Flow, header: Header): Flow {
  const lower = header.name.toLowerCase();
  const after = flow.headers.findLastIndex((one) => one.name.toLowerCase() === lower) + 1;
  if (after === 0) return { ...flow, headers: [...flow.headers, header] };
  return { ...flow, headers: [...flow.headers.slice(0, after), header, ...flow.headers.slice(after)] };
}

export function removeHeader(flow: Flow, name: string): Flow {
  const lower = name.toLowerCase();
  return { ...flow, headers: flow.headers.filter((one) => one.name.toLowerCase() !== lower) };
}

/** The `vary` package: the field is added unless it, or `*`, is there already. */
export function vary(flow: Flow, header: Header): Flow {
  const field = header.value.kind === 'literal' ? header.value.text.toLowerCase() : null;
  const hasAny = flow.headers.some(
    ({ name, value }) =>
      name.toLowerCase() === VARY && value.kind === 'literal' && /(?:^|,)\s*\*\s*(?:,|$)/.test(value.text),
  );
  if (hasAny || field === '*')
    return setHeader(flow, { ...header, value: { kind: 'literal', text: '*', place: header.value.place } });
  const isThere = flow.headers.some(
    ({ name, value }) =>
      name.toLowerCase() === VARY &&
      value.kind === 'literal' &&
      value.text
        .toLowerCase()
        .split(',')
        .some((item) => item.trim() === field || item.trim() === '*'),
  );
  return isThere ? flow : appendHeader(flow, header);
}

export function opened(flow: Flow, why: string): Flow {
  return flow.open === null ? { ...flow, open: why } : flow;
}
