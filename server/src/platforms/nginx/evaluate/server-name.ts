import { capture } from './condition';
import type { Run } from './run';
import { matchName } from './server-choice';

/** A `server_name` pattern that matches the host leaves its groups behind, as `$1` and by their names. */
export function captureServerName(run: Run): void {
  const { host } = run.request;
  const match = host === undefined ? undefined : matchName([run.server], host);
  const node = run.server.own.get('server_name')?.[0];
  if (match === undefined || match === 'unknown' || match.groups.length === 0 || node === undefined) {
    return;
  }
  capture(match.names, match.groups, { file: node.file, ...node.directive.range }, run);
}
