// Generated from the folders beside this file by npm run generate: add a folder, then run it.
import { rule as serverlessCorsKey } from './serverless-cors-key';
import { rule as serverlessCorsMisplaced } from './serverless-cors-misplaced';
import { rule as serverlessHandlerWithoutOrigin } from './serverless-handler-without-origin';
import { rule as serverlessYaml } from './serverless-yaml';

/** Every rule of this folder. */
export const rules = [serverlessCorsKey, serverlessCorsMisplaced, serverlessHandlerWithoutOrigin, serverlessYaml];
