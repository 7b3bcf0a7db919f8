import type { Analysis, Platform } from '../../lint/types';
import { type Configuration, configure } from './config/configuration';
import { endpointsOf, type NginxEndpoint } from './endpoints';
import { loadPatterns } from './evaluate/pattern';
import { isNginx, isTemplated } from './recognise';
import { repair } from './repair/repair';
import { rules } from './rules';
import { settingsOf } from './settings';
import { parse } from './syntax/parse';
import type { Tree } from './syntax/tree';

export interface NginxAnalysis extends Analysis {
  readonly tree: Tree;
  readonly configuration: Configuration;
  readonly endpoints: readonly NginxEndpoint[];
  /** As configured: "1.29.3". */
  readonly nginxVersion: string | undefined;
}

/** nginx configuration files, their snippets, and the templates that container images fill in. */
export const nginx: Platform<NginxAnalysis> = {
  id: 'nginx',
  name: 'nginx',
  lineComment: '#',
  claims: isNginx,
  prepare: loadPatterns,
  analyse(file, text, host, options) {
    const tree = parse(text);
    const templated = isTemplated(text);
    const configuration = configure(file, templated ? { ...tree, directives: [] } : tree, host);
    return {
      file,
      text,
      tree,
      configuration,
      nginxVersion: options.nginxVersion,
      endpoints: endpointsOf(file, configuration, options),
      settings: templated ? [] : settingsOf(file, tree, configuration),
      comments: tree.comments.map(({ range }) => ({ ...range, text: text.slice(range.start + 1, range.end) })),
      errors: templated ? [] : tree.faults.map(({ message, range }) => ({ ...range, message })),
      dependencies: configuration.dependencies,
    };
  },
  repair,
  rules,
};
