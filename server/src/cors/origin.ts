import type { OriginPart } from './policy';

/** A tuple origin. https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-tuple */
export interface Origin {
  /** Lower case, without the colon. */
  readonly scheme: string;
  /** As serialised: lower case, punycode, IPv6 in brackets. */
  readonly host: string;
  /** Undefined when it is the scheme's default. */
  readonly port: number | undefined;
}

/** What a sandboxed frame, a `data:` page and a cross-origin redirect send. */
export const OPAQUE_ORIGIN = 'null';

/**
 * The origin that `text` is the serialisation of; undefined for everything else, `null` included. No laxness: text
 * that `new URL` would first have to trim, lower-case or cut is not what a browser puts into `Origin`.
 * https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
 */
export function parseOrigin(text: string): Origin | undefined {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(\[[0-9a-f:.]+\]|[^\s/?#@\\:*,;|"'`()<>{}^$]+)(?::(\d+))?$/.exec(text);
  const [, scheme, host, port] = match ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  const origin: Origin = { scheme, host, port: port === undefined ? undefined : Number(port) };
  if (scheme !== 'http' && scheme !== 'https') return origin;
  return parseUrl(text)?.origin === text && !host.split('.').slice(0, -1).includes('') ? origin : undefined;
}

/** https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin */
export function serialiseOrigin({ scheme, host, port }: Origin): string {
  return `${scheme}://${host}${port === undefined ? '' : `:${port}`}`;
}

/**
 * The part of an `Origin` header's value that code looks at: the value itself, or what `new URL(value).host` and
 * `.hostname` give. Undefined for a host of something that is no URL, `null` for one.
 */
export function partOf(origin: string, part: OriginPart): string | undefined {
  if (part === 'origin') return origin;
  const url = parseUrl(origin);
  return part === 'host' ? url?.host : url?.hostname;
}

/** `new URL(text)`, or undefined where that throws. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** A host that is the visitor's own machine. https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy */
export function isLoopbackHost(host: string): boolean {
  return /^(?:(?:.+\.)?localhost\.?|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1\])$/.test(host);
}

/**
 * A host that only exists inside some network, the loopback included: private and link-local addresses, special-use
 * names, and bare names as container networks give them.
 */
export function isPrivateHost(host: string): boolean {
  if (isLoopbackHost(host)) return true;
  if (host.startsWith('[')) return /^\[(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/.test(host);
  if (/^(?:10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)\d/.test(host) && isIpAddress(host)) return true;
  if (!host.includes('.')) return true;
  return /\.(?:local|localdomain|lan|home|intranet|internal|corp|private|test|home\.arpa)\.?$/.test(host);
}

/** Whether a serialised host is an address rather than a name. */
export function isIpAddress(host: string): boolean {
  return host.startsWith('[') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
}

/** Whether the origin's page was loaded in the clear over a network that somebody else may sit on. */
export function isInsecureOrigin(text: string): boolean {
  const origin = parseOrigin(text);
  return origin !== undefined && origin.scheme === 'http' && !isPrivateHost(origin.host);
}
