/** What asks for what, and by which attribute. */
export const LOADS: ReadonlyMap<string, 'src' | 'href'> = new Map([
  ['img', 'src'],
  ['script', 'src'],
  ['audio', 'src'],
  ['video', 'src'],
  ['link', 'href'],
]);

/** Whether a link of this `rel` asks for something with CORS: `preconnect` only opens a connection. */
export function isFetching(rel: string): boolean {
  return rel.split(/\s/).some((word) => /^(?:stylesheet|preload|modulepreload|manifest|icon)$/i.test(word));
}

/**
 * Whether an element with this value of `crossorigin` sends cookies: every other value is the same as none.
 * https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attributes
 */
export function usesCredentials(crossorigin: string): boolean {
  return crossorigin.toLowerCase() === 'use-credentials';
}
