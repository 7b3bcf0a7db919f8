import type { Request } from '../../../cors/http';
import type { Branch, Condition, JsValue, Reader } from '../../../javascript';
import { lookupOf } from '../../../javascript/tables';
import { isCaught } from './caught';
import { type Holds, isThing, type Outcome, truth } from './outcome';
import { callFor } from './requestCalls';
import { memberFor } from './requestMembers';
import type { RequestNames } from './requestNames';
import { compare, constructed, instance, isKeyMissing, isMissingHeader, lookedUp } from './requestOperators';

/**
 * Works an expression out for one request without running anything of the workspace: regular expressions are matched
 * by the model's linear-time matcher, and what depends on anything but the request is null.
 */
export function requestValue(
  reader: Reader,
  value: JsValue,
  request: Request,
  names: RequestNames,
  depth = 0,
): Outcome {
  if (depth > 30) return null;
  const go = (of: JsValue): Outcome => requestValue(reader, of, request, names, depth + 1);
  if (names.isOrigin?.(value)) return { is: request.origin };
  const lookup = lookupOf(value);
  if (lookup !== null) return lookedUp(lookup, go(lookup.key), go);
  switch (value.kind) {
    case 'string':
    case 'number':
    case 'boolean':
      return { is: value.value };
    case 'null':
      return { is: null };
    case 'undefined':
      return { is: undefined };
    case 'regexp':
    case 'object':
    case 'function':
      return { is: { thing: value } };
    case 'array':
      return { is: { list: value.items.map(go), open: value.rest !== null } };
    case 'new':
      return constructed(value, go);
    case 'not': {
      const of = truth(go(value.of));
      return of === undefined ? null : of === 'throws' ? of : { is: !of };
    }
    case 'binary':
      if (isKeyMissing(value, (one) => isMissingHeader(one, request, names)))
        return { is: value.operator.startsWith('!') };
      if (value.operator === 'instanceof') return instance(reader, go(value.left), value.right);
      return compare(value.operator, go(value.left), go(value.right));
    case 'template': {
      const parts = value.parts.map(go);
      let text = '';
      for (const part of parts) {
        if (part === null || part === 'throws') return part;
        if (isThing(part.is)) return null;
        text += String(part.is);
      }
      return { is: text };
    }
    case 'choice':
      return chosen(value.branches, (when) => holdsFor(reader, when, request, names, depth + 1), go);
    case 'parameter':
      if (names.isRequest(value)) return { is: { thing: value } };
      return names.error && names.isError?.(value) ? go(names.error) : null;
    case 'member':
      return memberFor(reader, value, request, names, go);
    case 'call':
      return callFor(reader, value, request, names, go);
    default:
      return null;
  }
}

/** The first branch that is taken; when something throws, what a `catch` makes of it. */
function chosen(
  branches: readonly Branch[],
  held: (when: readonly Condition[]) => Holds,
  go: (of: JsValue) => Outcome,
): Outcome {
  const hasCatch = branches.some(({ catches }) => catches);
  let thrown = false;
  for (const { when, value, catches } of branches) {
    if (catches ? !thrown : thrown) continue;
    const holds = held(when);
    if (holds === undefined) return null;
    // Where the `catch` of a `try` is none of the branches, it is not known what becomes of an exception in it.
    if (holds === false || (holds === 'throws' && !hasCatch && when.some(({ of }) => isCaught(of.node)))) continue;
    const outcome = holds === 'throws' ? holds : go(value);
    if (outcome !== 'throws') return outcome;
    thrown = true;
  }
  return thrown ? 'throws' : null;
}

/** Whether all conditions, tested in order, hold for the request, or one throws; undefined when that cannot be told. */
export function holdsFor(
  reader: Reader,
  when: readonly Condition[],
  request: Request,
  names: RequestNames,
  depth = 0,
): Holds {
  let result: Holds = true;
  for (const condition of when) {
    const holds = names.isError?.(condition.of) || truth(requestValue(reader, condition.of, request, names, depth));
    if (holds === undefined) result = undefined;
    else if (holds === 'throws') return result === undefined ? undefined : holds;
    else if (holds !== condition.holds) return false;
  }
  return result;
}
