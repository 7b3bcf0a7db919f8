// Generated from the folders beside this file by npm run generate: add a folder, then run it.
import { rule as cloudformationCorsKey } from './cloudformation-cors-key';
import { rule as cloudformationCorsLimits } from './cloudformation-cors-limits';
import { rule as cloudformationHandlerWithoutOrigin } from './cloudformation-handler-without-origin';
import { rule as cloudformationPreflightAuthorized } from './cloudformation-preflight-authorized';
import { rule as cloudformationValueQuotes } from './cloudformation-value-quotes';

/** Every rule of this folder. */
export const rules = [
  cloudformationCorsKey,
  cloudformationCorsLimits,
  cloudformationHandlerWithoutOrigin,
  cloudformationPreflightAuthorized,
  cloudformationValueQuotes,
];
