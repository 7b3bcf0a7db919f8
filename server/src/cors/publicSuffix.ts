import { parse } from 'tldts';
import { isIpAddress } from './origin';

/** Stands for a host of anybody's in witnesses: a reserved name, so nobody's in truth. */
const STAND_INS = new Set(['example', 'test']);

/** What the Public Suffix List knows of a host name. https://publicsuffix.org/ */
export interface Registration {
  /** The domain that somebody registers: `example.co.uk`, `team.vercel.app`. */
  readonly domain: string;
  /** The suffix that anybody can register under: `co.uk`, `vercel.app`. */
  readonly suffix: string;
  /** Whether the suffix is a company's (`vercel.app`, `github.io`) and not a registry's. */
  readonly hosting: boolean;
}

/** Who can register the host; undefined for addresses, bare names and suffixes that do not exist. */
export function registrationOf(host: string): Registration | undefined {
  if (isIpAddress(host)) return undefined;
  const { domain, publicSuffix, isIcann, isPrivate } = parse(host, OPTIONS);
  if (!domain || !publicSuffix) return undefined;
  if (!isIcann && !isPrivate && !STAND_INS.has(publicSuffix)) return undefined;
  return { domain, suffix: publicSuffix, hosting: isPrivate === true };
}

/** Whether the host itself is a suffix under which anybody can register: `com`, `co.uk`, `vercel.app`. */
export function isPublicSuffix(host: string): boolean {
  const { domain, isIcann, isPrivate } = parse(host, OPTIONS);
  return domain === null && (isIcann === true || isPrivate === true);
}

const OPTIONS = { allowPrivateDomains: true, validateHostname: false } as const;
