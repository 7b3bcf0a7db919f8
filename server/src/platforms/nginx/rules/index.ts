// Generated from the folders beside this file by npm run generate: add a folder, then run it.
import { rule as nginxContentLengthDuplicated } from './nginx-content-length-duplicated';
import { rule as nginxDirectiveNotAllowed } from './nginx-directive-not-allowed';
import { rule as nginxHeadersNotInherited } from './nginx-headers-not-inherited';
import { rule as nginxIfDropsTryFiles } from './nginx-if-drops-try-files';
import { rule as nginxIfUnreachable } from './nginx-if-unreachable';
import { rule as nginxInternalRedirectLosesHeaders } from './nginx-internal-redirect-loses-headers';
import { rule as nginxLastIfWins } from './nginx-last-if-wins';
import { rule as nginxMapNeverMatches } from './nginx-map-never-matches';
import { rule as nginxNestedLocationDropsIf } from './nginx-nested-location-drops-if';
import { rule as nginxOriginGateBlocksOthers } from './nginx-origin-gate-blocks-others';
import { rule as nginxPreflightIfLosesHeaders } from './nginx-preflight-if-loses-headers';
import { rule as nginxServerIfReturns } from './nginx-server-if-returns';
import { rule as nginxSyntax } from './nginx-syntax';

/** Every rule of this folder. */
export const rules = [
  nginxContentLengthDuplicated,
  nginxDirectiveNotAllowed,
  nginxHeadersNotInherited,
  nginxIfDropsTryFiles,
  nginxIfUnreachable,
  nginxInternalRedirectLosesHeaders,
  nginxLastIfWins,
  nginxMapNeverMatches,
  nginxNestedLocationDropsIf,
  nginxOriginGateBlocksOthers,
  nginxPreflightIfLosesHeaders,
  nginxServerIfReturns,
  nginxSyntax,
];
