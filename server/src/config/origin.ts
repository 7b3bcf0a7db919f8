import { OPAQUE_ORIGIN, parseOrigin } from '../cors/origin';
import { explainOrigin, type OriginProblemKind } from '../cors/originProblem';

/** Why a text is no front end's origin, to finish "… is not an origin: …", and what to write instead when that is clear. */
export interface OriginMistake {
  readonly why: string;
  readonly instead?: string;
}

const WHY: Readonly<Record<OriginProblemKind, string>> = {
  empty: 'it is empty',
  quotes: 'the quotes are part of it',
  spaces: 'it has white space around it',
  several: 'it holds several; give each its own item in the list',
  wildcard: 'list each front end by its own origin',
  glob: 'patterns are not understood here; list each origin',
  pattern: 'patterns are not understood here; list each origin',
  'no-scheme': 'the scheme is missing',
  'host-only': 'the scheme is missing',
  'upper-case': 'browsers send it in lower case',
  'user-info': 'browsers send no user name',
  'not-punycode': 'browsers send the host name in punycode',
  'default-port': 'browsers leave the default port out',
  'trailing-slash': 'browsers send it without a slash at the end',
  path: 'browsers send no path, query or fragment',
  'empty-label': 'a part of the host name is empty',
  'not-serialised': 'browsers write it differently',
  'not-an-origin': 'it has no scheme and host that a browser would send',
};

/** Undefined when the text is an origin as a browser sends it. */
export function originMistake(text: string): OriginMistake | undefined {
  if (parseOrigin(text) !== undefined) return undefined;
  if (text === OPAQUE_ORIGIN) return { why: 'pages without an origin of their own cannot be told apart' };
  const problem = explainOrigin(text);
  if (problem === undefined) return { why: WHY['not-an-origin'] };
  const why = WHY[problem.kind];
  return problem.corrected === undefined ? { why } : { why, instead: problem.corrected };
}
