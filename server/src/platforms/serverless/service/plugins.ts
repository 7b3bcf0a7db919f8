import { deref, entryOf } from '../../../yaml/tree';
import type { Service } from './service';

/** What plugins may make of the CORS that the configuration describes: why, in words; undefined where none does. */
export interface PluginChanges {
  /** They may change the OPTIONS methods. */
  readonly preflights: string | undefined;
  /** They may add headers to the errors that the gateway answers itself. */
  readonly errors: string | undefined;
}

/**
 * Plugins whose names sound like it and whose sources show that they leave CORS alone: they add media types, keys,
 * caches, limits, names, documentation, a firewall, or a bucket and an API of their own.
 */
const HARMLESS: ReadonlySet<string> = new Set([
  'serverless-add-api-key',
  'serverless-api-gateway-caching',
  'serverless-api-gateway-throttling',
  'serverless-apigw-binary',
  'serverless-associate-waf',
  'serverless-aws-documentation',
  'serverless-domain-manager',
  'serverless-finch',
  'serverless-iam-roles-per-function',
  'serverless-offline',
  'serverless-plugin-split-stacks',
  'serverless-plugin-warmup',
  'serverless-s3-sync',
]);

/** Judges the service's plugins by their names: their code is not read. One that stands in the workspace may do anything. */
export function pluginChanges(service: Service): PluginChanges {
  const names = pluginNames(service).filter((name) => !HARMLESS.has(name));
  const cors = names.find((name) => /cors/i.test(name));
  const gateway = names.find((name) => /cors|api-?g|gateway/i.test(name) || /^\.{0,2}\//.test(name));
  return {
    preflights: cors === undefined ? undefined : `the plugin ${cors} may change them`,
    errors: gateway === undefined ? undefined : `the plugin ${gateway} may add them`,
  };
}

/** The names under `plugins`, which is a list, or a map with the list as `modules`. */
export function pluginNames({ root, resolver }: Service): string[] {
  const plugins = resolver.certain(entryOf(root, 'plugins')?.value);
  const list = plugins?.kind === 'map' ? resolver.get(plugins, 'modules') : plugins;
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((item) => {
    const name = deref(item);
    return name?.kind === 'scalar' && name.value !== null ? [String(name.value)] : [];
  });
}
