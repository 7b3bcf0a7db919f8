// Generated from the folders beside this file by npm run generate: add a folder, then run it.
import { rule as duplicateHeader } from './duplicate-header';
import { rule as invalidCredentials } from './invalid-credentials';
import { rule as invalidOrigin } from './invalid-origin';
import { rule as missingOriginOnError } from './missing-origin-on-error';
import { rule as missingVaryOrigin } from './missing-vary-origin';
import { rule as misspeltHeader } from './misspelt-header';
import { rule as nullOrigin } from './null-origin';
import { rule as preflightNeedsAuth } from './preflight-needs-auth';
import { rule as preflightNotAnswered } from './preflight-not-answered';
import { rule as reflectedOrigin } from './reflected-origin';
import { rule as weakOriginMatch } from './weak-origin-match';
import { rule as wildcardWithCredentials } from './wildcard-with-credentials';

/** Every rule of this folder. */
export const rules = [
  duplicateHeader,
  invalidCredentials,
  invalidOrigin,
  missingOriginOnError,
  missingVaryOrigin,
  misspeltHeader,
  nullOrigin,
  preflightNeedsAuth,
  preflightNotAnswered,
  reflectedOrigin,
  weakOriginMatch,
  wildcardWithCredentials,
];
