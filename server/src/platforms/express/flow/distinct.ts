import type { Header } from '../../../cors/http';
import { idOf } from '../app/ids';
import type { Step } from './flow';
import { mergeWays } from './ways';

/** Steps that do the same are one; the circumstances that they do not share say nothing then. */
export function distinct(steps: readonly Step[]): readonly Step[] {
  if (steps.length < 2) return steps;
  const kept = new Map<string, [Step, ...Step[]]>();
  for (const step of steps) {
    const same = kept.get(keyOf(step));
    if (same === undefined) kept.set(keyOf(step), [step]);
    else same.push(step);
  }
  return [...kept.values()].map((same) => (same.length === 1 ? same[0] : merged(same)));
}

function merged([step, ...others]: readonly [Step, ...Step[]]): Step {
  const flow = mergeWays([step.flow, ...others.map((other) => other.flow)]);
  return { ...step, flow: { ...flow, headers: inAll(step, others) } };
}

/** The headers of steps that agree in those that tell ways apart: these, and of all others what every step sends. */
function inAll({ flow: { headers } }: Step, others: readonly Step[]): readonly Header[] {
  const lists = others.map((other) => other.flow.headers).filter((list) => list !== headers);
  if (lists.length === 0) return headers;
  const sent = lists.map((list) => new Set(list.map(keyOfHeader)));
  const shared = headers.filter((header) => tells(header) || sent.every((keys) => keys.has(keyOfHeader(header))));
  return shared.length === headers.length ? headers : shared;
}

/**
 * Whether a header tells ways apart: what it says matters to a browser's judgement, to a cache or to where a redirect
 * goes. A page's own policies and cookies, which are often set under conditions of their own, do not.
 */
function tells({ name }: Header): boolean {
  return /^(?:access-control-|vary$|cache-control$|location$|timing-allow-origin$|cross-origin-)/i.test(name);
}

function keyOf(step: Step): string {
  const status = 'status' in step ? step.status : '';
  const by = step.kind === 'answer' ? step.by.kind : '';
  const error = step.kind === 'error' && step.error ? idOf(step.error) : '';
  const { headers, open } = step.flow;
  // What an answer has set is in its own status.
  const set = step.kind === 'answer' ? '' : step.flow.status;
  return `${step.kind}|${status}|${set}|${by}|${error}|${open}|${keyOfHeaders(headers)}`;
}

const headerKeys = new WeakMap<readonly Header[], string>();

function keyOfHeaders(headers: readonly Header[]): string {
  const known = headerKeys.get(headers);
  if (known !== undefined) return known;
  const made = headers.filter(tells).map(keyOfHeader).join('|');
  headerKeys.set(headers, made);
  return made;
}

function keyOfHeader({ name, place, value }: Header): string {
  const text = value.kind === 'literal' ? value.text : '';
  return `${name}@${place.start}:${value.kind}:${value.place.start}:${text}`;
}
