import { cloudformation } from '../platforms/cloudformation/platform';
import { express } from '../platforms/express/platform';
import { frontend } from '../platforms/frontend/platform';
import { nginx } from '../platforms/nginx/platform';
import { serverless } from '../platforms/serverless/platform';
import { rules as neutralRules } from '../rules';
import { UNUSED_SUPPRESSION } from './suppress';
import type { NeutralRule, Platform, RuleMeta } from './types';

/**
 * Every platform there is. Importing this module loads no parser: a platform's `prepare` does, when its first file
 * comes.
 */
export const platforms: readonly Platform[] = [nginx, express, serverless, cloudformation, frontend];

/** Every platform-neutral rule. */
export const rules: readonly NeutralRule[] = neutralRules;

/** What can be reported, by whom ever: for checking configuration and for tables. Sorted by id. */
export const ruleMetas: readonly RuleMeta[] = [
  ...[...rules, ...platforms.flatMap((platform) => platform.rules)].map((rule) => rule.meta),
  UNUSED_SUPPRESSION,
].sort((a, b) => (a.id < b.id ? -1 : 1));
