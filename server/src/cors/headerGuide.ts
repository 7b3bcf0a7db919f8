/** What a header is for, in a sentence or two, and where that is specified. */
export interface HeaderGuide {
  readonly name: string;
  readonly meaning: string;
  readonly reference: string;
}

const GUIDES: readonly HeaderGuide[] = [
  {
    name: 'Access-Control-Allow-Origin',
    meaning:
      'Whose pages may read the answer: one origin to the letter, or `*` for all calls without credentials. Never a list.',
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-allow-origin',
  },
  {
    name: 'Access-Control-Allow-Credentials',
    meaning:
      'Lets pages read answers to calls that they send cookies with. Only the value `true` counts, and only beside an exact origin.',
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-allow-credentials',
  },
  {
    name: 'Access-Control-Allow-Methods',
    meaning:
      'In the answer to a preflight: the methods that a page may use. GET, HEAD and POST need no permission. `*` counts only without credentials.',
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-allow-methods',
  },
  {
    name: 'Access-Control-Allow-Headers',
    meaning:
      'In the answer to a preflight: the request headers that a page may set. The standard does not count `*` for `Authorization`, nor with credentials.',
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-allow-headers',
  },
  {
    name: 'Access-Control-Expose-Headers',
    meaning: 'The headers of the answer that a page may read, beyond the few that it always may.',
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-expose-headers',
  },
  {
    name: 'Access-Control-Max-Age',
    meaning:
      'For how many seconds a browser remembers the answer to a preflight: 5 without the header, at most 7200 in Chromium and 86400 in Firefox.',
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-max-age',
  },
  {
    name: 'Vary',
    meaning:
      'The request headers that the answer depends on. Where Access-Control-Allow-Origin differs by page, `Origin` has to be among them, or a cache gives one page the answer made for another.',
    reference: 'https://httpwg.org/specs/rfc9110.html#field.vary',
  },
  {
    name: 'Timing-Allow-Origin',
    meaning: 'Whose pages may see how long the parts of the request took.',
    reference: 'https://w3c.github.io/resource-timing/#sec-timing-allow-origin',
  },
  {
    name: 'Cross-Origin-Resource-Policy',
    meaning:
      'Whose pages may load the answer without CORS, as an image or a script: `same-origin`, `same-site` or `cross-origin`.',
    reference: 'https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header',
  },
];

/** @param name in any case */
export function headerGuide(name: string): HeaderGuide | undefined {
  const lower = name.toLowerCase();
  return GUIDES.find((guide) => guide.name.toLowerCase() === lower);
}
