import { all, type Certainty, certainty, not, some } from './certainty';
import { partOf } from './origin';
import { searches } from './pattern';
import type { OriginEntry, OriginPolicy, OriginTest } from './policy';

/**
 * Whether the policy lets this origin in.
 * @param origin the value of the `Origin` header, `null` included, exactly as sent
 */
export function admits(policy: OriginPolicy, origin: string): Certainty {
  return some(policy.entries.map((entry) => entryAdmits(entry, origin)));
}

/** Whether this entry alone lets the origin in. */
export function entryAdmits(entry: OriginEntry, origin: string): Certainty {
  switch (entry.kind) {
    case 'any':
      return 'yes';
    case 'exact':
      return certainty(equal(entry.text, origin, entry.ignoreCase));
    case 'match':
      return passes(entry.test, origin);
    case 'unknown':
      return 'unknown';
  }
}

/** Whether the origin passes the test. A test on the host of an origin that has none (`null`) fails. */
export function passes(test: OriginTest, origin: string): Certainty {
  switch (test.kind) {
    case 'all':
      return all(test.of.map((part) => passes(part, origin)));
    case 'some':
      return some(test.of.map((part) => passes(part, origin)));
    case 'not':
      return not(passes(test.of, origin));
    case 'unknown':
      return 'unknown';
    default: {
      const subject = partOf(origin, test.on ?? 'origin');
      return subject === undefined ? 'no' : certainty(passesText(test, subject));
    }
  }
}

type TextTest = Exclude<OriginTest, { kind: 'all' | 'some' | 'not' | 'unknown' }>;

function passesText(test: TextTest, subject: string): boolean | undefined {
  switch (test.kind) {
    case 'regex':
      return searches(test, subject);
    case 'equals':
      return equal(test.text, subject, test.ignoreCase);
    case 'prefix':
      return subject.startsWith(test.text);
    case 'suffix':
      return subject.endsWith(test.text);
    case 'contains':
      return subject.includes(test.text);
    case 'inside':
      return test.text.includes(subject);
  }
}

function equal(a: string, b: string, ignoreCase: boolean | undefined): boolean {
  return ignoreCase ? a.toLowerCase() === b.toLowerCase() : a === b;
}
