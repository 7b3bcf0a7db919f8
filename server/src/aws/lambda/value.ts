import type { OriginPolicy } from '../../cors/policy';
import type { Condition, Option, Value } from '../../cors/value';
import { type Branch, type JsValue, snippet, type Condition as Test } from '../../javascript';
import { isAboutOrigin, originCondition } from './originCondition';
import type { EventNames } from './request';

/** A header's value in a handler's response, as far as it can be read. */
export function headerValue(value: JsValue, names: EventNames): Value {
  const { place } = value;
  const header = names.requestHeader(value);
  if (header === 'origin') return { kind: 'request-origin', place };
  if (header !== undefined) return { kind: 'request-header', name: header, place };
  switch (value.kind) {
    case 'string':
      return { kind: 'literal', text: value.value, place };
    case 'number':
    case 'boolean':
      return { kind: 'literal', text: String(value.value), place };
    case 'template':
      return { kind: 'template', parts: value.parts.map((part) => headerValue(part, names)), place };
    case 'environment':
      return { kind: 'unknown', reason: `${value.name} is set where the function runs`, place };
    case 'choice': {
      const options = value.branches.map((branch, i) => option(branch, i === value.branches.length - 1, names));
      if (options.some((one) => one === undefined)) {
        return { kind: 'unknown', reason: 'it depends on what the handler finds', place };
      }
      return { kind: 'choice', options: options.flatMap((one) => one ?? []), place };
    }
    case 'undefined':
      // JSON leaves it out, and the runtime hands the response on as JSON.
      return { kind: 'absent', place };
    case 'null':
      return { kind: 'unknown', reason: 'the value may be missing', place };
    case 'unknown':
      return { kind: 'unknown', reason: value.reason, place };
    default:
      return { kind: 'unknown', reason: 'the handler works it out', place };
  }
}

/** A branch whose conditions are about the environment or the origin; undefined for one that depends on more. */
function option({ when, value: result }: Branch, isLast: boolean, names: EventNames): Option | undefined {
  const value = headerValue(result, names);
  const [test, ...others] = when;
  if (test === undefined) return isLast ? { when: { kind: 'always' }, value } : undefined;
  if (when.every((one) => isAboutOrigin(one, names))) {
    return { when: originCondition(when, names, result.place), value };
  }
  return others.length === 0 && isOutside(test.of) ? { when: condition(test), value } : undefined;
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

/** The policies by which a value sends the request's own origin back. */
export function policiesIn(value: Value): readonly OriginPolicy[] {
  if (value.kind !== 'choice') return [];
  return value.options.flatMap((one) => {
    if (one.when.kind === 'origin-admitted' && one.value.kind === 'request-origin') return [one.when.policy];
    return policiesIn(one.value);
  });
}

/** The policy of sending back whatever origin there is. */
export function anyOrigin(value: JsValue): OriginPolicy {
  const { place } = value;
  return { place, entries: [{ kind: 'any', how: snippet(value), place }] };
}
