import { type Form, type Message, meet } from './message';

/**
 * What Firefox prints: "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at
 * URL. (Reason: …). Status code: N." The words are those of its `security.properties`, in English; the address is
 * found in other languages too, where "(Reason:" is not.
 */
export function firefoxMessages(text: string): Message[] {
  return [...text.matchAll(HEAD)].map((head) => {
    const [whole, url] = head;
    const at = head.index + whole.length;
    const met = meet(FORMS, text, at);
    const end = met?.end ?? at;
    const status = STATUS.exec(text.slice(end, end + 60));
    return {
      browser: 'firefox',
      text: text.slice(head.index, end + (status?.[0].length ?? 0)).trim(),
      reason: met?.form.reason ?? 'unspecified',
      url,
      origin: undefined,
      names: met?.names,
      // "(null)" where there was no answer.
      status: status?.[1] === undefined ? undefined : Number(status[1]),
      isPreflight: met?.form.isPreflight === true,
    };
  });
}

const HEAD =
  /Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at [‘'"]?([^\s’'"]{1,2000}?)[’'"]?\. \(Reason: /g;
const STATUS = /^[^S]{0,4}\. Status code: (?:(\d{3})|\(null\))/;

const FORMS: readonly Form[] = [
  { pattern: /CORS header [‘'"]Access-Control-Allow-Origin[’'"] missing\)/y, reason: 'no-allow-origin' },
  { pattern: /Multiple CORS header [‘'"]Access-Control-Allow-Origin[’'"] not allowed\)/y, reason: 'several-origins' },
  {
    pattern: /CORS header [‘'"]Access-Control-Allow-Origin[’'"] does not match [‘'"](.{0,1000}?)[’'"]\)/y,
    reason: 'other-origin',
  },
  {
    pattern: /Credential is not supported if the CORS header [‘'"]Access-Control-Allow-Origin[’'"] is [‘'"]\*[’'"]\)/y,
    reason: 'wildcard-with-credentials',
  },
  {
    pattern: /expected [‘'"]true[’'"] in CORS header [‘'"]Access-Control-Allow-Credentials[’'"]\)/y,
    reason: 'credentials-not-allowed',
  },
  { pattern: /CORS preflight (?:response|channel) did not succeed\)/y, reason: 'preflight-status', isPreflight: true },
  {
    pattern: /Did not find method in CORS header [‘'"]Access-Control-Allow-Methods[’'"]\)/y,
    reason: 'method',
    isPreflight: true,
  },
  {
    pattern:
      /header [‘'"]([^’'"]{1,200})[’'"] is not allowed according to header [‘'"]Access-Control-Allow-Headers[’'"] from CORS preflight response\)/y,
    reason: 'header',
    isPreflight: true,
  },
  {
    pattern:
      /missing token [‘'"]([^’'"]{1,200})[’'"] in CORS header [‘'"]Access-Control-Allow-Headers[’'"] from CORS preflight channel\)/y,
    reason: 'header',
    isPreflight: true,
  },
  {
    pattern: /invalid token [‘'"]([^’'"]{0,300})[’'"] in CORS header [‘'"]Access-Control-Allow-Methods[’'"]\)/y,
    reason: 'unparsable-methods',
    isPreflight: true,
  },
  {
    pattern: /invalid token [‘'"]([^’'"]{0,300})[’'"] in CORS header [‘'"]Access-Control-Allow-Headers[’'"]\)/y,
    reason: 'unparsable-headers',
    isPreflight: true,
  },
  { pattern: /CORS request external redirect not allowed\)/y, reason: 'redirect' },
  { pattern: /CORS request not http\)/iy, reason: 'not-http' },
  { pattern: /CORS request did not succeed\)/y, reason: 'network' },
  { pattern: /CORS header [‘'"]Origin[’'"] cannot be added\)/y, reason: 'network' },
  { pattern: /CORS disabled\)/y, reason: 'disabled' },
];
