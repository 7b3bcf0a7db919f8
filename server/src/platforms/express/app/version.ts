import { packageMajor } from '../../../javascript/packageMajor';
import type { Host } from '../../../lint/types';
import type { ExpressVersion } from './pathPattern';

/**
 * Express's major version, from the lock file beside the nearest package.json that depends on it, or from the range in
 * that package.json; null when neither says it for certain.
 */
export function expressVersion(file: string, host: Host): ExpressVersion {
  const version = packageMajor('express', file, host);
  return version === 4 || version === 5 ? version : null;
}
