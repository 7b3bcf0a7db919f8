import type { Fact, Way } from './effectivePolicy';
import { placeKey } from './place';
import { EITHER } from './words';

/** What one answer says about one line of the policy. */
export type Reading<Value> = Pick<Way<Value>, 'value' | 'words' | 'at'>;

/** Something that happens in circumstances: an exchange, a response. */
interface InCircumstances {
  readonly when: readonly string[];
}

/** Reads each of the answers, and puts those that say the same together. */
export function waysOf<Answer extends InCircumstances, Value>(
  answers: readonly Answer[],
  read: (answer: Answer) => Reading<Value>,
): Fact<Value> {
  const said = new Map<string, { readonly reading: Reading<Value>; readonly whens: (readonly string[])[] }>();
  for (const answer of answers) {
    const reading = read(answer);
    const known = said.get(reading.words);
    if (known === undefined) said.set(reading.words, { reading, whens: [answer.when] });
    else known.whens.push(answer.when);
  }
  return [...said.values()].map(({ reading: { value, words, at }, whens }) => ({
    value,
    words,
    at: [...new Map(at.map((place) => [placeKey(place), place])).values()],
    when: said.size === 1 ? [] : either(whens),
  }));
}

/** Circumstances of which each list is enough; none when one of them has none to name. */
function either(whens: readonly (readonly string[])[]): readonly string[] {
  const [first, ...others] = whens;
  if (first === undefined || whens.some((when) => when.length === 0)) return [];
  return others.length === 0 ? first : [whens.map((when) => when.join(' and ')).join(EITHER)];
}
