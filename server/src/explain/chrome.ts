import { type Form, type Message, meet } from './message';

/**
 * What Chrome, Edge and others on Chromium print. The words are those of Blink's `cors_error_string.cc` and of the
 * network service; test/oracle/facts/browser.json holds what Chromium 156 was seen to say.
 */
export function chromeMessages(text: string): Message[] {
  return [...current(text), ...former(text)];
}

const HEAD =
  /Access to (?:[\w-]+(?: [\w-]+){0,2}) at ['"]([^'"]{1,2000})['"](?: \(redirected from ['"][^'"]{1,2000}['"]\))? from origin ['"]([^'"]{1,300})['"] has been blocked by CORS policy: ?/g;

/** Since Chrome 65: "Access to fetch at 'URL' from origin 'ORIGIN' has been blocked by CORS policy: …". */
function current(text: string): Message[] {
  return [...text.matchAll(HEAD)].flatMap((head) => {
    const [whole, url, origin] = head;
    const detail = detailAt(text, head.index + whole.length);
    const said = detail ?? { reason: 'unspecified' as const, end: head.index + whole.length };
    return [{ ...BLANK, ...said, url, origin, text: text.slice(head.index, said.end).trim() }];
  });
}

const FORMER_HEAD =
  /(?:Failed to load|XMLHttpRequest cannot load|Fetch API cannot load) ([a-z][\w+.-]*:\/\/[^\s'"]{1,2000}?)[.:] /g;
const FORMER_TAIL = /Origin '([^']{1,300})' is therefore not allowed access/;

/** Before: "XMLHttpRequest cannot load URL. … Origin 'ORIGIN' is therefore not allowed access." */
function former(text: string): Message[] {
  return [...text.matchAll(FORMER_HEAD)].flatMap((head) => {
    const [whole, url] = head;
    const detail = detailAt(text, head.index + whole.length);
    if (detail === undefined) return [];
    const tail = FORMER_TAIL.exec(text.slice(detail.end, detail.end + 400));
    const end = tail === null ? detail.end : detail.end + tail.index + tail[0].length;
    return [{ ...BLANK, ...detail, url, origin: tail?.[1], text: text.slice(head.index, end).trim() }];
  });
}

const BLANK = { browser: 'chrome', names: undefined, status: undefined, isPreflight: false } as const;

function detailAt(text: string, at: number) {
  const prefix = PREFLIGHT.exec(text.slice(at, at + 120))?.[0] ?? '';
  const met = meet(FORMS, text, at + prefix.length);
  if (met === undefined) return undefined;
  const { form, names, status, end } = met;
  return { reason: form.reason, names, status, end, isPreflight: prefix !== '' || form.isPreflight === true };
}

const PREFLIGHT = /^Response (?:to|for) preflight (?:request )?(?:doesn't|does not) pass access control check: /;

const FORMS: readonly Form[] = [
  {
    pattern: /No ['"]Access-Control-Allow-Origin['"] header is present on the requested resource/y,
    reason: 'no-allow-origin',
  },
  {
    pattern:
      /The ['"]Access-Control-Allow-Origin['"] header contains multiple values ['"](.{1,1000}?)['"],? but only one is allowed/y,
    reason: 'several-origins',
  },
  {
    pattern: /The ['"]Access-Control-Allow-Origin['"] header contains the invalid value ['"](.{0,1000}?)['"](?=\.|$)/y,
    reason: 'invalid-origin',
  },
  {
    pattern:
      /The ['"]Access-Control-Allow-Origin['"] header has a value ['"](.{0,1000}?)['"] that is not equal to the supplied origin/y,
    reason: 'other-origin',
  },
  {
    pattern: /The value of the ['"]Access-Control-Allow-Origin['"] header in the response must not be the wildcard/y,
    reason: 'wildcard-with-credentials',
  },
  {
    pattern:
      /(?:A wildcard ['"]\*['"] cannot be used in|Cannot use wildcard in) the ['"]Access-Control-Allow-Origin['"] header when the credentials flag is true/y,
    reason: 'wildcard-with-credentials',
  },
  {
    pattern:
      /The value of the ['"]Access-Control-Allow-Credentials['"] header in the response is ['"]([^'"]{0,300})['"] which must be/y,
    reason: 'credentials-not-allowed',
  },
  { pattern: /It does not have HTTP ok status/y, reason: 'preflight-status', isPreflight: true },
  {
    pattern: /Response for preflight has invalid HTTP status code (?<status>\d{3})/y,
    reason: 'preflight-status',
    isPreflight: true,
  },
  { pattern: /Redirect is not allowed for a preflight request/y, reason: 'preflight-redirect', isPreflight: true },
  { pattern: /Response for preflight is invalid \(redirect\)/y, reason: 'preflight-redirect', isPreflight: true },
  {
    pattern: /Method ([^\s]{1,100}) is not allowed by Access-Control-Allow-Methods in preflight response/y,
    reason: 'method',
    isPreflight: true,
  },
  {
    pattern:
      /Request header field ([^\s]{1,200}) is not allowed by Access-Control-Allow-Headers(?: in preflight response)?/y,
    reason: 'header',
    isPreflight: true,
  },
  {
    pattern: /Cannot parse Access-Control-Allow-Methods response header field/y,
    reason: 'unparsable-methods',
    isPreflight: true,
  },
  {
    pattern: /Cannot parse Access-Control-Allow-Headers response header field/y,
    reason: 'unparsable-headers',
    isPreflight: true,
  },
  { pattern: /Request requires preflight, which is disallowed to follow cross-origin redirects?/y, reason: 'redirect' },
  { pattern: /Redirect (?:location|from) ['"]([^'"]{1,2000})['"]/y, reason: 'redirect' },
  { pattern: /Cross origin requests are only supported for protocol schemes/y, reason: 'not-http' },
  {
    pattern:
      /(?:The request client is not a secure context and the resource is in|Permission was denied for this request to access the|Request had no target IP address|The resource is in a more-private|Response to (?:private|local) network preflight)/y,
    reason: 'local-network',
  },
];
