import type { Request } from '../../cors/http';

/** Stands in a command for the host that the reader has to fill in. */
const UNKNOWN_HOST = 'HOST';

/**
 * The `curl` command that sends a request and shows the answer's headers, quoted for a POSIX shell. The server's name
 * is not known to the linter: it is left as `HOST`.
 */
export function curl(request: Request): string {
  const words = ['curl', '-i'];
  if (request.method === 'HEAD') words.push('--head');
  else if (request.method !== 'GET') words.push('-X', quote(request.method));
  if (request.origin !== undefined) words.push('-H', quote(`Origin: ${request.origin}`));
  for (const [name, value] of request.headers) words.push('-H', quote(`${canonical(name)}: ${value}`));
  words.push(quote(`${request.scheme}://${request.host ?? UNKNOWN_HOST}${request.path}`));
  return words.join(' ');
}

/** `access-control-request-method` as people write it: header names are not case-sensitive. */
export function canonical(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}

function quote(text: string): string {
  if (/^[\w.:/@%+=-]+$/.test(text)) return text;
  return `'${text.replace(/[\r\n]+/g, ' ').replaceAll("'", "'\\''")}'`;
}
