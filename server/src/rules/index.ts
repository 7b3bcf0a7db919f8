// Generated from the folders beside this file by npm run generate: add a folder, then run it.
import { rule as authorizationNotCovered } from './authorization-not-covered';
import { rule as cacheWithoutOrigin } from './cache-without-origin';
import { rule as conflictingLayers } from './conflicting-layers';
import { rule as conflictingPolicies } from './conflicting-policies';
import { rule as credentialsNotAllowed } from './credentials-not-allowed';
import { rule as duplicateHeader } from './duplicate-header';
import { rule as expectedOriginBlocked } from './expected-origin-blocked';
import { rule as headerNotAllowed } from './header-not-allowed';
import { rule as headerNotExposed } from './header-not-exposed';
import { rule as headerOnRequest } from './header-on-request';
import { rule as insecureOrigin } from './insecure-origin';
import { rule as invalidCredentials } from './invalid-credentials';
import { rule as invalidMaxAge } from './invalid-max-age';
import { rule as invalidOrigin } from './invalid-origin';
import { rule as methodNotAllowed } from './method-not-allowed';
import { rule as missingOrigin } from './missing-origin';
import { rule as missingOriginOnError } from './missing-origin-on-error';
import { rule as missingVaryOrigin } from './missing-vary-origin';
import { rule as misspeltHeader } from './misspelt-header';
import { rule as multipleOrigins } from './multiple-origins';
import { rule as nullOrigin } from './null-origin';
import { rule as preflightIncomplete } from './preflight-incomplete';
import { rule as preflightNeedsAuth } from './preflight-needs-auth';
import { rule as preflightNotAnswered } from './preflight-not-answered';
import { rule as preflightRedirected } from './preflight-redirected';
import { rule as publicSuffixOrigin } from './public-suffix-origin';
import { rule as reflectedOrigin } from './reflected-origin';
import { rule as varyOverwritten } from './vary-overwritten';
import { rule as weakOriginMatch } from './weak-origin-match';
import { rule as wildcardListWithCredentials } from './wildcard-list-with-credentials';
import { rule as wildcardOrigin } from './wildcard-origin';
import { rule as wildcardWithCredentials } from './wildcard-with-credentials';

/** Every rule of this folder. */
export const rules = [
  authorizationNotCovered,
  cacheWithoutOrigin,
  conflictingLayers,
  conflictingPolicies,
  credentialsNotAllowed,
  duplicateHeader,
  expectedOriginBlocked,
  headerNotAllowed,
  headerNotExposed,
  headerOnRequest,
  insecureOrigin,
  invalidCredentials,
  invalidMaxAge,
  invalidOrigin,
  methodNotAllowed,
  missingOrigin,
  missingOriginOnError,
  missingVaryOrigin,
  misspeltHeader,
  multipleOrigins,
  nullOrigin,
  preflightIncomplete,
  preflightNeedsAuth,
  preflightNotAnswered,
  preflightRedirected,
  publicSuffixOrigin,
  reflectedOrigin,
  varyOverwritten,
  weakOriginMatch,
  wildcardListWithCredentials,
  wildcardOrigin,
  wildcardWithCredentials,
];
