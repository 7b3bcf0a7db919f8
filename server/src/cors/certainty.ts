/** Three-valued truth. */
export type Certainty = 'yes' | 'no' | 'unknown';

export function certainty(value: boolean | undefined): Certainty {
  if (value === undefined) return 'unknown';
  return value ? 'yes' : 'no';
}

export function not(a: Certainty): Certainty {
  if (a === 'unknown') return a;
  return a === 'yes' ? 'no' : 'yes';
}

/** `yes` when all are, `no` when one is `no`, whatever the others are. */
export function all(items: Iterable<Certainty>): Certainty {
  let result: Certainty = 'yes';
  for (const item of items) {
    if (item === 'no') return 'no';
    if (item === 'unknown') result = 'unknown';
  }
  return result;
}

/** `yes` when one is, whatever the others are. */
export function some(items: Iterable<Certainty>): Certainty {
  let result: Certainty = 'no';
  for (const item of items) {
    if (item === 'yes') return 'yes';
    if (item === 'unknown') result = 'unknown';
  }
  return result;
}
