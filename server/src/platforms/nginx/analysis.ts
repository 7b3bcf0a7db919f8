import type { Analysis } from '../../lint/types';
import type { Configuration } from './config/configuration';
import type { NginxEndpoint } from './endpoints/endpoints';
import type { Tree } from './syntax/tree';

/** What is known of one nginx file. */
export interface NginxAnalysis extends Analysis {
  readonly tree: Tree;
  readonly configuration: Configuration;
  readonly endpoints: readonly NginxEndpoint[];
  /** As configured: "1.29.3". */
  readonly nginxVersion: string | undefined;
}
