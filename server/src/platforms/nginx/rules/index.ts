// Generated from the folders beside this file by npm run generate: add a folder, then run it.
import { rule as nginxHeadersNotInherited } from './nginx-headers-not-inherited';
import { rule as nginxLastIfWins } from './nginx-last-if-wins';
import { rule as nginxPreflightIfLosesHeaders } from './nginx-preflight-if-loses-headers';

/** Every rule of this folder. */
export const rules = [nginxHeadersNotInherited, nginxLastIfWins, nginxPreflightIfLosesHeaders];
