import { prepare as prepareJavaScript } from '../../javascript';
import type { Platform } from '../../lint/types';
import { loadYaml, type YamlLibrary } from '../../yaml/library';
import { analyse, type TemplateAnalysis } from './analysis';
import { claims } from './claims';
import { completionAt } from './completion';
import { repair } from './repairs/repair';
import { rules } from './rules';

let yaml: YamlLibrary | undefined;

/** Templates of CloudFormation and of SAM, with the handlers that they name. */
export const cloudformation: Platform<TemplateAnalysis> = {
  id: 'cloudformation',
  name: 'CloudFormation and SAM',
  lineComment: '#',
  claims,
  completionAt,
  async prepare() {
    [yaml] = await Promise.all([loadYaml(), prepareJavaScript()]);
  },
  analyse(file, text, host) {
    if (yaml === undefined) throw new Error('The YAML parser is not loaded: await prepare() first.');
    return analyse(yaml, file, text, host);
  },
  repair,
  rules,
};
