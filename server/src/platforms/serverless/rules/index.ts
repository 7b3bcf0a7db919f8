// Generated from the folders beside this file by npm run generate: add a folder, then run it.
import { rule as serverlessCorsKey } from './serverless-cors-key';
import { rule as serverlessCorsMisplaced } from './serverless-cors-misplaced';
import { rule as serverlessCorsRefused } from './serverless-cors-refused';
import { rule as serverlessGatewayResponse } from './serverless-gateway-response';
import { rule as serverlessHandlerDisagrees } from './serverless-handler-disagrees';
import { rule as serverlessHandlerHeadersIgnored } from './serverless-handler-headers-ignored';
import { rule as serverlessHandlerWithoutOrigin } from './serverless-handler-without-origin';
import { rule as serverlessIntrinsicOrigin } from './serverless-intrinsic-origin';
import { rule as serverlessOptionsTwice } from './serverless-options-twice';
import { rule as serverlessOriginMany } from './serverless-origin-many';
import { rule as serverlessOriginPattern } from './serverless-origin-pattern';
import { rule as serverlessPathConflict } from './serverless-path-conflict';
import { rule as serverlessPreflightAuthorized } from './serverless-preflight-authorized';
import { rule as serverlessUrlLimits } from './serverless-url-limits';
import { rule as serverlessValueQuotes } from './serverless-value-quotes';
import { rule as serverlessYaml } from './serverless-yaml';

/** Every rule of this folder. */
export const rules = [
  serverlessCorsKey,
  serverlessCorsMisplaced,
  serverlessCorsRefused,
  serverlessGatewayResponse,
  serverlessHandlerDisagrees,
  serverlessHandlerHeadersIgnored,
  serverlessHandlerWithoutOrigin,
  serverlessIntrinsicOrigin,
  serverlessOptionsTwice,
  serverlessOriginMany,
  serverlessOriginPattern,
  serverlessPathConflict,
  serverlessPreflightAuthorized,
  serverlessUrlLimits,
  serverlessValueQuotes,
  serverlessYaml,
];
