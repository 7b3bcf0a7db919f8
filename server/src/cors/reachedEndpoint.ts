import type { Endpoint } from './endpoint';

/**
 * The first of a server's endpoints that a request reaches; undefined when it reaches none, or may reach an earlier one.
 * A folder's files stand back behind the routes after them, unless the path may be a file's.
 * @param path without query
 */
export function reachedEndpoint<E extends Endpoint>(
  endpoints: readonly E[],
  path: string,
  method: string,
): E | undefined {
  let files: E | undefined;
  for (const endpoint of endpoints) {
    const reached = endpoint.matches(path, method);
    if (reached === false) continue;
    if (!isPastFiles(endpoint, path, method)) return reached ? endpoint : undefined;
    if (reached) files ??= endpoint;
  }
  return files;
}

/** Whether the endpoint has files only, and the request asks for none: it goes on to what stands behind them. */
export function isPastFiles(endpoint: Endpoint, path: string, method: string): boolean {
  return servesFiles(endpoint) && !(/^(?:GET|HEAD)$/.test(method) && FILE.test(path));
}

const FILE = /\/$|\.\w+$/;

function servesFiles({ servesFiles: own, behind }: Endpoint): boolean {
  return own ?? (behind !== undefined && servesFiles(behind));
}
