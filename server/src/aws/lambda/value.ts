import type { Condition, Option, Value } from '../../cors/value';
import type { Branch, JsValue, Condition as Test } from '../../javascript';

/** A header's value in a handler's response, as far as it can be read. */
export function headerValue(value: JsValue): Value {
  const { place } = value;
  switch (value.kind) {
    case 'string':
      return { kind: 'literal', text: value.value, place };
    case 'number':
    case 'boolean':
      return { kind: 'literal', text: String(value.value), place };
    case 'template':
      return { kind: 'template', parts: value.parts.map(headerValue), place };
    case 'environment':
      return { kind: 'unknown', reason: `${value.name} is set where the function runs`, place };
    case 'choice': {
      const options = value.branches.map((branch) => option(branch));
      if (options.some((one) => one === undefined)) {
        return { kind: 'unknown', reason: 'it depends on what the handler finds', place };
      }
      return { kind: 'choice', options: options.flatMap((one) => one ?? []), place };
    }
    case 'undefined':
    case 'null':
      return { kind: 'unknown', reason: 'the value may be missing', place };
    case 'unknown':
      return { kind: 'unknown', reason: value.reason, place };
    default: {
      const name = requestHeader(value);
      if (name === 'origin') return { kind: 'request-origin', place };
      if (name !== undefined) return { kind: 'request-header', name, place };
      return { kind: 'unknown', reason: 'the handler works it out', place };
    }
  }
}

/** A branch whose condition is about the environment; undefined for one that depends on the request. */
function option(branch: Branch): Option | undefined {
  const [test, ...others] = branch.when;
  if (others.length > 0) return undefined;
  const value = headerValue(branch.value);
  if (test === undefined) return { when: { kind: 'always' }, value };
  return isOutside(test.of) ? { when: condition(test), value } : undefined;
}

function isOutside(value: JsValue): boolean {
  switch (value.kind) {
    case 'environment':
      return true;
    case 'binary':
      return (
        [value.left, value.right].some(isOutside) &&
        [value.left, value.right].every((one) => isOutside(one) || one.kind === 'string')
      );
    case 'not':
      return isOutside(value.of);
    default:
      return false;
  }
}

function condition(test: Test): Condition {
  if (test.of.kind === 'environment') {
    const assumption = {
      kind: 'assumption',
      holds: `${test.of.name} is set`,
      otherwise: `${test.of.name} is unset`,
    } as const;
    return test.holds ? assumption : { kind: 'not', of: assumption };
  }
  return { kind: 'assumption', holds: test.words, otherwise: `not: ${test.words}` };
}

/** `event.headers.origin`, `event.headers['Origin']`: the lower-case name of the request's header. */
export function requestHeader(value: JsValue): string | undefined {
  if (value.kind !== 'member' || value.object.kind !== 'member') return undefined;
  const { object: headers, property } = value;
  if (headers.property !== 'headers' || headers.object.kind !== 'parameter' || headers.object.index !== 0)
    return undefined;
  return property.toLowerCase();
}
