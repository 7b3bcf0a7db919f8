import { type Form, type Message, meet } from './message';

/**
 * What Safari prints, on two lines or three: the reason, then "Fetch API cannot load URL due to access control
 * checks.", and the reason again with "Failed to load resource". The words are those of WebKit's
 * `CrossOriginAccessControl.cpp` and `CrossOriginPreflightResultCache.cpp`.
 */
export function safariMessages(text: string): Message[] {
  const loads = [...text.matchAll(LOAD)].map(({ index, 0: whole, 1: url }) => ({
    start: index,
    end: index + whole.length,
    url,
  }));
  const details = [...text.matchAll(START)].flatMap(({ index }) => {
    const met = meet(FORMS, text, index);
    return met === undefined ? [] : [{ ...met, start: index }];
  });
  const told = details.map((detail, i): Message => {
    const next = details[i + 1]?.start ?? Number.POSITIVE_INFINITY;
    const load = loads.find(({ start }) => start >= detail.end && start < next);
    const origin = detail.form.reason === 'origin-refused' ? detail.names : undefined;
    return {
      browser: 'safari',
      text: text.slice(detail.start, detail.end).trim(),
      reason: detail.form.reason,
      url: load?.url ?? loads.filter(({ start }) => start < detail.start).at(-1)?.url,
      origin,
      names: origin === undefined ? detail.names : undefined,
      status: detail.status,
      isPreflight: detail.form.isPreflight === true,
    };
  });
  if (told.length > 0) return told;
  return loads.map(({ start, end, url }) => ({ ...UNSPECIFIED, text: text.slice(start, end), url }));
}

const UNSPECIFIED = {
  browser: 'safari',
  reason: 'unspecified',
  origin: undefined,
  names: undefined,
  status: undefined,
  isPreflight: false,
} as const;

const LOAD = /(?:Fetch API|\w{1,30}) cannot load ([a-z][\w+.-]*:\/\/\S{1,2000}) due to access control checks\.?/g;

/** How each complaint starts. */
const START =
  /Origin \S{1,300} is not allowed|Preflight response is not|Method \S{1,100} is not allowed|Request header field |Cannot use wildcard in|Credentials flag is true|Access-Control-Allow-Origin cannot|Header Access-Control-Allow-/g;

const FORMS: readonly Form[] = [
  {
    pattern: /Origin (\S{1,300}) is not allowed by Access-Control-Allow-Origin\.(?: Status code: (?<status>\d{3}))?/y,
    reason: 'origin-refused',
  },
  {
    pattern: /Preflight response is not successful\.?(?: Status code: (?<status>\d{3}))?/y,
    reason: 'preflight-status',
    isPreflight: true,
  },
  // Chromium goes on with " in preflight response".
  {
    pattern: /Method (\S{1,100}) is not allowed by Access-Control-Allow-Methods\./y,
    reason: 'method',
    isPreflight: true,
  },
  {
    pattern: /Request header field (\S{1,200}) is not allowed by Access-Control-Allow-Headers\./y,
    reason: 'header',
    isPreflight: true,
  },
  {
    pattern: /Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true\./y,
    reason: 'wildcard-with-credentials',
  },
  {
    pattern: /Credentials flag is true, but Access-Control-Allow-Credentials is not "true"\./y,
    reason: 'credentials-not-allowed',
  },
  { pattern: /Access-Control-Allow-Origin cannot contain more than one origin\./y, reason: 'several-origins' },
  {
    pattern: /Header Access-Control-Allow-Methods has an invalid value/y,
    reason: 'unparsable-methods',
    isPreflight: true,
  },
  {
    pattern: /Header Access-Control-Allow-Headers has an invalid value/y,
    reason: 'unparsable-headers',
    isPreflight: true,
  },
];
