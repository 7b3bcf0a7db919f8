import type { TSESTree } from '@typescript-eslint/types';
import { type FunctionNode, type FunctionValue, functionName, isFunction, placeOf } from '../../javascript';
import { targetOf } from './address';
import { argumentsOf, evaluateAt, type Site } from './clients/site';
import type { FrontCall } from './frontCall';

type Read = (site: Site, node: TSESTree.CallExpression) => FrontCall | undefined;

/** A wrapper of a wrapper of a wrapper is followed, no more. */
const DEEPEST = 3;
/** Longer functions do more than to call. */
const LONGEST = 3000;
/** A method is followed into if it, or what has it, is called like something that asks a server. */
const SIGN = /fetch|axios|http|api|request|client|ajax|ky\b|\$|\.(?:get|post|put|patch|delete)$/i;

/**
 * The request that a function of the workspace makes for its arguments, told of the place that calls it:
 * `request('/items')` where `request = (path) => fetch(API + path)`. Only where it makes no other one, and where
 * without the arguments it is not known where it goes: then it is told of the function itself.
 */
export function throughWrapper(
  site: Site,
  node: TSESTree.CallExpression,
  read: Read,
  depth = 1,
): FrontCall | undefined {
  const { callee } = node;
  if (callee.type !== 'Identifier' && callee.type !== 'MemberExpression') return undefined;
  if (node.arguments.length === 0 || depth > DEEPEST) return undefined;
  const fn = evaluateAt(site, callee);
  if (fn.kind !== 'function') return undefined;
  const inner = requestsOf(site, fn, read, depth);
  const args = inner.length > 0 ? argumentsOf(site, node) : undefined;
  if (args === undefined) return undefined;
  const bound: Site = { reader: site.reader, context: site.reader.bind(fn, args).context };
  const made = inner.flatMap((call) => readInner(bound, call, read, depth) ?? []);
  const [first] = made;
  if (first === undefined || new Set(made.map(asText)).size > 1) return undefined;
  return { ...first, place: placeOf(site.context.module, callee), node, reads: [] };
}

const known = new WeakMap<object, WeakMap<FunctionNode, readonly TSESTree.CallExpression[]>>();

/** The calls inside a function that may be requests whose address depends on the arguments. */
function requestsOf(
  { reader }: Site,
  { function: fn, context: { module } }: FunctionValue,
  read: Read,
  depth: number,
): readonly TSESTree.CallExpression[] {
  const ofReader = known.get(reader) ?? new WeakMap<FunctionNode, readonly TSESTree.CallExpression[]>();
  known.set(reader, ofReader);
  const before = ofReader.get(fn);
  if (before !== undefined) return before;
  // One that calls itself has nothing of its own to be followed meanwhile.
  ofReader.set(fn, []);
  const [start, end] = fn.range;
  if (end - start > LONGEST || fn.params.length === 0) return [];
  const site: Site = { reader, context: { module, frame: null } };
  const found = module.index.of('CallExpression').filter((call) => {
    if (call.range[0] < start || call.range[1] > end || !isMadeBy(call, fn)) return false;
    if (call.callee.type !== 'Identifier' && !SIGN.test(module.text.slice(...call.callee.range))) return false;
    const unbound = readInner(site, call, read, depth);
    return unbound === undefined || targetOf(unbound.url, unbound.base, SOMEWHERE) === undefined;
  });
  ofReader.set(fn, found);
  return found;
}

/** Any address does to tell whether there is one. */
const SOMEWHERE = () => 'http://localhost';

function readInner(site: Site, call: TSESTree.CallExpression, read: Read, depth: number): FrontCall | undefined {
  return read(site, call) ?? throughWrapper(site, call, read, depth + 1);
}

/** Whether a call is made when the function is called, and not by another one that stands in it. */
function isMadeBy(call: TSESTree.Node, fn: FunctionNode): boolean {
  const isHook = /^use[A-Z]/.test(functionName(fn) ?? '');
  for (let up = call.parent; up && up !== fn; up = up.parent) {
    if (isFunction(up) && !isHook && up.parent?.type !== 'CallExpression' && up.parent?.type !== 'NewExpression')
      return false;
  }
  return true;
}

/** Two requests of one text need not be told apart: one that is made again with a new token. */
function asText({ url, base, method, credentials, headers }: FrontCall): string {
  const target = targetOf(url, base, SOMEWHERE);
  return JSON.stringify([target, method, credentials, headers.map(({ name }) => name)]);
}
