import type { Place } from '../../../cors/place';
import type { Value } from '../../../cors/value';

/** A text of the configuration after interpolation, for one request. */
export interface Known {
  /** Undefined when it cannot be told; an unset variable is the empty text. */
  readonly text: string | undefined;
  /** The same in the model's terms: how it depends on the origin, and where each part was written. */
  readonly value: Value;
}

export function literal(text: string, place: Place): Known {
  return { text, value: text === '' ? { kind: 'absent', place } : { kind: 'literal', text, place } };
}

export function unknown(reason: string, place: Place): Known {
  return { text: undefined, value: { kind: 'unknown', reason, place } };
}

/** Why a text is not known, to stand after "because". */
export function reasonOf({ value }: Known): string {
  return reasonIn(value) ?? 'it is only known when a request is made';
}

function reasonIn(value: Value): string | undefined {
  switch (value.kind) {
    case 'unknown':
      return value.reason;
    case 'template':
      return value.parts.map(reasonIn).find((reason) => reason !== undefined);
    case 'choice':
      for (const option of value.options) {
        if (option.when.kind === 'unknown') return option.when.reason;
      }
      return value.options.map((option) => reasonIn(option.value)).find((reason) => reason !== undefined);
    default:
      return undefined;
  }
}
