import type { Platform } from '../../lint/types';
import type { NginxAnalysis } from './analysis';
import { completionAt } from './completion';
import { configure } from './config/configuration';
import { endpointsOf, type NginxEndpoint } from './endpoints/endpoints';
import { loadPatterns } from './evaluate/pattern';
import { listenersIn } from './listeners';
import { isNginx, isTemplated } from './recognise';
import { repair } from './repair/repair';
import { rules } from './rules';
import { settingsOf } from './settings';
import { parse } from './syntax/parse';

/** nginx configuration files, their snippets, and the templates that container images fill in. */
export const nginx: Platform<NginxAnalysis> = {
  id: 'nginx',
  name: 'nginx',
  lineComment: '#',
  claims: isNginx,
  passesOn: (text) => /\bproxy_pass\s/.test(text),
  completionAt,
  prepare: loadPatterns,
  analyse(file, text, host, options) {
    const tree = parse(text);
    const templated = isTemplated(text);
    const readable = templated ? { ...tree, directives: [] } : tree;
    const configuration = configure(file, readable, host, { isIncluded: options.isIncluded === true });
    let found: readonly NginxEndpoint[] | undefined;
    const endpoints = (): readonly NginxEndpoint[] => {
      found ??= endpointsOf(file, configuration, options);
      return found;
    };
    return {
      file,
      text,
      tree,
      configuration,
      nginxVersion: options.nginxVersion,
      get endpoints() {
        return endpoints();
      },
      settings: templated ? [] : settingsOf(file, tree, configuration),
      comments: tree.comments.map(({ range }) => ({ ...range, text: text.slice(range.start + 1, range.end) })),
      errors: templated ? [] : tree.faults.map(({ message, range }) => ({ ...range, message })),
      dependencies: configuration.dependencies,
      parts: configuration.parts,
      listeners: listenersIn(file, configuration, endpoints),
    };
  },
  repair,
  rules,
};
