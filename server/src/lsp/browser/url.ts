/** What the server asks of `node:url`, for a browser. The bundle for browsers has this in its place. */
export function fileURLToPath(uri: string): string {
  const { host, pathname } = new URL(uri);
  if (host !== '' || /%2f/i.test(pathname)) throw new TypeError(`${uri} is no path here`);
  return decodeURIComponent(pathname);
}

export function pathToFileURL(path: string): { readonly href: string } {
  return { href: `file://${path.split('/').map(encodeURIComponent).join('/')}` };
}
