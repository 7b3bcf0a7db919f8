import type { Step } from '../cors/verdict';

/** What a browser's message complains of. */
export interface Reason {
  /** Equal for the same complaint of all browsers. */
  readonly id: string;
  /** The steps of the standard at which our browser would stop for it. */
  readonly steps: readonly Step[];
  /** What the message means, in one or two sentences. `{names}` stands for what it names. */
  readonly meaning: string;
  /** What the server has to do, for when it is not in the workspace. `{origin}` stands for the page's origin. */
  readonly wanted: string;
  /** The rule whose page tells more. */
  readonly rule?: string;
  /** The page sent credentials: browsers complain so only then. */
  readonly withCredentials?: boolean;
}

const REASONS = [
  {
    id: 'no-allow-origin',
    steps: ['cors-check/no-allow-origin'],
    meaning: 'The answer had no Access-Control-Allow-Origin header, so the browser kept it from the page.',
    wanted: 'It has to send Access-Control-Allow-Origin: {origin} with every answer, those with an error status too.',
    rule: 'missing-origin',
  },
  {
    id: 'origin-refused',
    steps: ['cors-check/no-allow-origin', 'cors-check/other-origin', 'cors-check/several-origins'],
    meaning:
      'The answer did not let the page’s origin in: Access-Control-Allow-Origin was missing or had another value.',
    wanted: 'It has to send Access-Control-Allow-Origin: {origin}, to the letter and once.',
    rule: 'missing-origin',
  },
  {
    id: 'other-origin',
    steps: ['cors-check/other-origin'],
    meaning: 'Access-Control-Allow-Origin was {names}, which is not the page’s origin to the letter.',
    wanted:
      'It has to send Access-Control-Allow-Origin: {origin}, to the letter: no slash at the end, the same scheme and port.',
    rule: 'invalid-origin',
  },
  {
    id: 'invalid-origin',
    steps: ['cors-check/other-origin'],
    meaning: 'Access-Control-Allow-Origin was {names}, which is no origin.',
    wanted: 'It has to send Access-Control-Allow-Origin: {origin}.',
    rule: 'invalid-origin',
  },
  {
    id: 'several-origins',
    steps: ['cors-check/several-origins', 'cors-check/other-origin'],
    meaning: 'Access-Control-Allow-Origin held several values, {names}. A browser takes exactly one.',
    wanted: 'Only one of the application and the proxies before it may send the header, and with one value.',
    rule: 'duplicate-header',
  },
  {
    id: 'wildcard-with-credentials',
    steps: ['cors-check/wildcard-with-credentials'],
    meaning: 'The page sent credentials, and for those a browser does not take Access-Control-Allow-Origin: *.',
    wanted:
      'It has to send Access-Control-Allow-Origin: {origin} instead of *, or the page has to call without credentials.',
    rule: 'wildcard-with-credentials',
    withCredentials: true,
  },
  {
    id: 'credentials-not-allowed',
    steps: ['cors-check/credentials-not-allowed'],
    meaning: 'The page sent credentials, and the answer did not have Access-Control-Allow-Credentials: true.',
    wanted: 'It has to send Access-Control-Allow-Credentials: true, or the page has to call without credentials.',
    rule: 'invalid-credentials',
    withCredentials: true,
  },
  {
    id: 'preflight-status',
    steps: ['preflight/status'],
    meaning: 'The browser asked first with OPTIONS, and that was not answered with a status from 200 to 299.',
    wanted: 'It has to answer OPTIONS with 204, and no login, redirect or missing route may come first.',
    rule: 'preflight-not-answered',
  },
  {
    id: 'preflight-redirect',
    steps: ['preflight/status'],
    meaning: 'The browser asked first with OPTIONS, and that was answered with a redirect, which it does not follow.',
    wanted: 'It has to answer OPTIONS itself. The address in the page may lack a slash, or be http: instead of https:.',
    rule: 'preflight-redirected',
  },
  {
    id: 'method',
    steps: ['preflight/method'],
    meaning: 'The answer to the preflight does not list the method {names} in Access-Control-Allow-Methods.',
    wanted: 'Its answer to OPTIONS has to list the method in Access-Control-Allow-Methods, in upper case.',
    rule: 'method-not-allowed',
  },
  {
    id: 'header',
    steps: ['preflight/header', 'preflight/authorization'],
    meaning: 'The answer to the preflight does not list the request header {names} in Access-Control-Allow-Headers.',
    wanted: 'Its answer to OPTIONS has to list the header {names} in Access-Control-Allow-Headers.',
    rule: 'header-not-allowed',
  },
  {
    id: 'unparsable-methods',
    steps: ['preflight/allow-methods-unparsable'],
    meaning: 'Access-Control-Allow-Methods is not a list of methods with commas between them.',
    wanted: 'Its Access-Control-Allow-Methods has to be such as GET, PUT.',
    rule: 'method-not-allowed',
  },
  {
    id: 'unparsable-headers',
    steps: ['preflight/allow-headers-unparsable'],
    meaning: 'Access-Control-Allow-Headers is not a list of header names with commas between them.',
    wanted: 'Its Access-Control-Allow-Headers has to be such as Content-Type, Authorization.',
    rule: 'header-not-allowed',
  },
  {
    id: 'redirect',
    steps: [],
    meaning: 'The call was redirected to where this page may not follow it.',
    wanted: 'The page should call the address that the redirect leads to.',
  },
  {
    id: 'not-http',
    steps: [],
    meaning:
      'The page or the address is not http: or https:, as when a file is opened from the disk. CORS works with those only.',
    wanted: 'Serve the page from a development server instead of opening it as a file.',
  },
  {
    id: 'network',
    steps: [],
    meaning:
      'There was no answer to look at: the server is not running, its name or port is wrong, or its certificate is not trusted. This is not about its CORS headers.',
    wanted: 'Open the address in a tab of its own: the browser tells there what is wrong.',
  },
  {
    id: 'local-network',
    steps: [],
    meaning: 'A page from the internet called a server in the local network, which takes a permission of its own.',
    wanted: 'The page has to be served over https:, and the user has to allow it the local network.',
  },
  {
    id: 'disabled',
    steps: [],
    meaning: 'CORS is switched off in this browser’s settings.',
    wanted: 'In Firefox, set content.cors.disable to false in about:config.',
  },
  {
    id: 'unspecified',
    steps: [
      'cors-check/no-allow-origin',
      'cors-check/other-origin',
      'cors-check/several-origins',
      'cors-check/wildcard-with-credentials',
      'cors-check/credentials-not-allowed',
      'preflight/status',
      'preflight/method',
      'preflight/header',
      'preflight/authorization',
    ],
    meaning: 'The browser kept the answer from the page and does not say why; the line before this one usually does.',
    wanted: 'It has to send Access-Control-Allow-Origin: {origin}, and answer OPTIONS with 204.',
    rule: 'missing-origin',
  },
] as const satisfies readonly Reason[];

export type ReasonId = (typeof REASONS)[number]['id'];

/** The reason of that name. */
export function reasonOf(id: ReasonId): Reason {
  return REASONS.find((reason) => reason.id === id) ?? REASONS[0];
}
