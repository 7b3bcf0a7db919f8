import type { Place } from '../../../cors/place';
import type { Condition as ModelCondition, Value } from '../../../cors/value';
import { type Condition, condition, type JsValue, reasonOf } from '../../../javascript';

/** Recognises the request's headers in a value; see `express/names.ts`. */
export interface HeaderNames {
  /** The lower-case name of the request header that a value is; null when it is none. */
  requestHeader(value: JsValue): string | null;
}

const NONE: HeaderNames = { requestHeader: () => null };

/** A value as it goes into a header, with every part's place. Node turns numbers and booleans into text. */
export function toValue(value: JsValue, names: HeaderNames = NONE): Value {
  const { place } = value;
  const header = names.requestHeader(value);
  if (header === 'origin') return { kind: 'request-origin', place };
  if (header !== null) return { kind: 'request-header', name: header, place };
  switch (value.kind) {
    case 'string':
      return { kind: 'literal', text: value.value, place };
    case 'number':
    case 'boolean':
      return { kind: 'literal', text: String(value.value), place };
    case 'null':
      return { kind: 'literal', text: 'null', place };
    case 'undefined':
      return { kind: 'absent', place };
    case 'template':
      return { kind: 'template', parts: value.parts.map((part) => toValue(part, names)), place };
    case 'array':
      return joined(value.items, value.rest, ',', place, names);
    case 'choice':
      return {
        kind: 'choice',
        options: value.branches.map((branch) => ({ when: both(branch.when), value: toValue(branch.value, names) })),
        place,
      };
    default:
      return { kind: 'unknown', reason: reasonOf(value), place };
  }
}

/** Items joined by a separator, as `Array.prototype.join` does it. */
export function joined(
  items: readonly JsValue[],
  rest: JsValue | null,
  separator: string,
  place: Place,
  names: HeaderNames = NONE,
): Value {
  if (rest !== null) return { kind: 'unknown', reason: reasonOf(rest), place };
  const texts = items.map((item) => (item.kind === 'string' || item.kind === 'number' ? String(item.value) : null));
  if (texts.every((text) => text !== null)) return { kind: 'literal', text: texts.join(separator), place };
  const parts = items.flatMap((item, i): Value[] => {
    const part = toValue(item, names);
    return i === 0 ? [part] : [{ kind: 'literal', text: separator, place }, part];
  });
  return { kind: 'template', parts, place };
}

/** A branch's conditions as the model's. Several at once cannot be said there, and become one in words. */
function both(when: readonly Condition[]): ModelCondition {
  const [only] = when;
  if (only === undefined) return { kind: 'unknown', reason: 'it cannot be told when' };
  if (when.length > 1)
    return { kind: 'unknown', reason: `it depends on whether ${when.map((one) => one.words).join(' and ')}` };
  return assumption(only);
}

/** A test of something outside the request as an assumption; both ways of the same test have the same words. */
export function assumption(tested: Condition): ModelCondition {
  if (isOfRequest(tested.of)) return { kind: 'unknown', reason: `it depends on whether ${tested.words}` };
  const { holds, otherwise, is } = assumed(tested);
  const positive: ModelCondition = { kind: 'assumption', holds, otherwise };
  return is ? positive : { kind: 'not', of: positive };
}

/** The words of a test both ways, and which way this condition goes. Negated comparisons are turned round. */
export function assumed(tested: Condition): {
  readonly holds: string;
  readonly otherwise: string;
  readonly is: boolean;
} {
  const turned = tested.of.kind === 'binary' && (tested.of.operator === '!==' || tested.of.operator === '!=');
  const yes = condition(tested.of, !turned);
  const no = condition(tested.of, turned);
  return { holds: yes.words, otherwise: no.words, is: tested.holds === !turned };
}

/** Whether a value may depend on the request: a parameter stands in it, or a call of something given one. */
export function isOfRequest(value: JsValue): boolean {
  switch (value.kind) {
    case 'parameter':
      return true;
    case 'member':
      return isOfRequest(value.object);
    case 'element':
      return isOfRequest(value.key);
    case 'object':
      return value.properties.some((property) => isOfRequest(property.value));
    case 'call':
      return isOfRequest(value.callee) || value.arguments.some(isOfRequest);
    case 'new':
    case 'array':
    case 'template':
      return partsOf(value).some(isOfRequest);
    case 'not':
      return isOfRequest(value.of);
    case 'binary':
      return isOfRequest(value.left) || isOfRequest(value.right);
    case 'choice':
      return value.branches.some(
        (branch) => isOfRequest(branch.value) || branch.when.some((one) => isOfRequest(one.of)),
      );
    // What is not known may be anything.
    case 'unknown':
      return true;
    default:
      return false;
  }
}

function partsOf(value: Extract<JsValue, { kind: 'new' | 'array' | 'template' }>): readonly JsValue[] {
  if (value.kind === 'new') return value.arguments;
  return value.kind === 'array' ? value.items : value.parts;
}
