import type { Place } from './place';
import type { OriginPolicy } from './policy';

/** What is known of a header's value, with the place where each part of it was written. */
export type Value =
  | { readonly kind: 'literal'; readonly text: string; readonly place: Place }
  /** Whatever the request's `Origin` header holds; absent without one. */
  | { readonly kind: 'request-origin'; readonly place: Place }
  /** Whatever the named request header holds (lower-case name); absent without one. */
  | { readonly kind: 'request-header'; readonly name: string; readonly place: Place }
  /** The first option whose condition holds; absent when none does. */
  | { readonly kind: 'choice'; readonly options: readonly Option[]; readonly place: Place }
  /** The parts one after the other. An absent part is empty text. */
  | { readonly kind: 'template'; readonly parts: readonly Value[]; readonly place: Place }
  /** No header is sent: an empty value in nginx, an origin that is not in the list. */
  | { readonly kind: 'absent'; readonly place: Place }
  | { readonly kind: 'unknown'; readonly reason: string; readonly place: Place };

export interface Option {
  readonly when: Condition;
  readonly value: Value;
}

export type Condition =
  | { readonly kind: 'always' }
  /** The request has an `Origin` that the policy admits. */
  | { readonly kind: 'origin-admitted'; readonly policy: OriginPolicy }
  /**
   * Something that is settled outside the source and may be either way, such as an environment variable. Conditions
   * with the same `holds` are the same condition. The words finish a sentence: "when ORIGIN is unset".
   */
  | { readonly kind: 'assumption'; readonly holds: string; readonly otherwise: string }
  | { readonly kind: 'not'; readonly of: Condition }
  /** Cannot be told: whether it holds may depend on the request. */
  | { readonly kind: 'unknown'; readonly reason: string };
