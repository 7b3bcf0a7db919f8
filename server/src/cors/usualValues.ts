import { ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, EXPOSE_HEADERS, MAX_AGE, VARY } from './names';

/** A value that a header often has, and what it does where the header's guide does not say. */
export interface UsualValue {
  readonly text: string;
  readonly note?: string;
}

export const ANY_ORIGIN: UsualValue = {
  text: '*',
  note: 'Pages of every origin may read the answer, but not to calls that carry cookies or an `Authorization` header of the browser.',
};

export const USUAL_METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
export const USUAL_HEADERS: readonly string[] = ['Content-Type', 'Authorization', 'X-Requested-With'];
export const USUAL_EXPOSED: readonly string[] = ['Content-Disposition', 'ETag', 'Location'];
export const USUAL_MAX_AGES: readonly UsualValue[] = [
  { text: '7200', note: 'Two hours: the most that Chromium keeps.' },
  { text: '86400', note: 'A day: the most that Firefox keeps; Chromium makes it two hours.' },
  { text: '600', note: 'Ten minutes.' },
];

const VALUES: Readonly<Record<string, readonly UsualValue[]>> = {
  [ALLOW_ORIGIN]: [ANY_ORIGIN],
  [ALLOW_CREDENTIALS]: [{ text: 'true' }],
  [ALLOW_METHODS]: [{ text: USUAL_METHODS.join(', ') }, { text: 'GET, POST, OPTIONS' }],
  [ALLOW_HEADERS]: [{ text: 'Content-Type, Authorization' }, { text: 'Content-Type' }],
  [EXPOSE_HEADERS]: [...USUAL_EXPOSED.map((text) => ({ text }))],
  [MAX_AGE]: USUAL_MAX_AGES,
  [VARY]: [{ text: 'Origin' }],
  'timing-allow-origin': [{ text: '*' }],
  'cross-origin-resource-policy': [{ text: 'same-origin' }, { text: 'same-site' }, { text: 'cross-origin' }],
};

/**
 * The values that a header of CORS usually has; undefined for other headers.
 * @param name in any case
 */
export function usualValues(name: string): readonly UsualValue[] | undefined {
  return Object.entries(VALUES).find(([header]) => header === name.toLowerCase())?.[1];
}

/** The headers that {@link usualValues} knows, as usually spelt. */
export const COMPLETED_HEADERS: readonly string[] = [
  'Access-Control-Allow-Origin',
  'Access-Control-Allow-Credentials',
  'Access-Control-Allow-Methods',
  'Access-Control-Allow-Headers',
  'Access-Control-Expose-Headers',
  'Access-Control-Max-Age',
  'Vary',
  'Timing-Allow-Origin',
  'Cross-Origin-Resource-Policy',
];
