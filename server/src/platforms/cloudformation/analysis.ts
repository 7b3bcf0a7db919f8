import { behaviourEndpoints } from '../../aws/endpoints/behaviours';
import { bucketEndpoints } from '../../aws/endpoints/bucket';
import { httpApiEndpoints, urlEndpoints } from '../../aws/endpoints/httpApiResources';
import { definedEndpoints, methodEndpoints } from '../../aws/endpoints/methods';
import type { ResourceEndpoint } from '../../aws/endpoints/resource';
import { createHandlerReader } from '../../aws/lambda/handler';
import type { Analysis, Comment, Host } from '../../lint/types';
import { yamlComments } from '../../yaml/comments';
import type { YamlLibrary } from '../../yaml/library';
import { parseYaml, type YamlFile } from '../../yaml/parse';
import { samDefinedEndpoints } from './sam/definedApis';
import { type SamFunction, samFunctions } from './sam/functions';
import { type SamHttpEndpoint, type SamUrlEndpoint, samHttpEndpoints, samUrlEndpoints } from './sam/httpApi';
import { type SamRestApi, type SamRestEndpoint, samRestApis, samRestEndpoints } from './sam/restApi';
import { headerSettings } from './settings';
import { readTemplate, type Template } from './template';

export type TemplateEndpoint = SamRestEndpoint | SamHttpEndpoint | SamUrlEndpoint | ResourceEndpoint;

/** A template with all that was made of it. */
export interface TemplateAnalysis extends Analysis {
  readonly endpoints: readonly TemplateEndpoint[];
  readonly yaml: YamlFile;
  /** Undefined when the file is no map, or so broken that nothing of it is left. */
  readonly template: Template | undefined;
  readonly functions: readonly SamFunction[];
  readonly restApis: readonly SamRestApi[];
}

/** Reads a template and the handlers that it names. Never throws, whatever the text. */
export function analyse(yaml: YamlLibrary, file: string, text: string, host: Host): TemplateAnalysis {
  const parsed = parseYaml(yaml, file, text);
  const dependencies = new Set<string>();
  const template = readTemplate(parsed.roots[0]);
  let comments: readonly Comment[] | undefined;
  return {
    ...(template === undefined ? NOTHING : readEndpoints(template, host, dependencies)),
    file,
    text,
    yaml: parsed,
    template,
    dependencies,
    errors: parsed.problems,
    get comments() {
      comments ??= yamlComments(yaml, text).map(({ start, end }) => ({ start, end, text: text.slice(start + 1, end) }));
      return comments;
    },
  };
}

type Reading = Pick<TemplateAnalysis, 'endpoints' | 'settings' | 'functions' | 'restApis'>;

const NOTHING: Reading = { endpoints: [], settings: [], functions: [], restApis: [] };

function readEndpoints(template: Template, host: Host, dependencies: Set<string>): Reading {
  const handlers = createHandlerReader(host, template.file, (path) => dependencies.add(path));
  const functions = samFunctions(template, handlers);
  const stack = { ...template, functions: new Map(functions.map((fn) => [fn.id, fn])) };
  const restApis = samRestApis(template, functions);
  return {
    functions,
    restApis,
    endpoints: [
      ...samRestEndpoints(template, restApis),
      ...samHttpEndpoints(template, functions),
      ...samUrlEndpoints(template, functions),
      ...bucketEndpoints(template),
      ...httpApiEndpoints(stack),
      ...urlEndpoints(template),
      ...methodEndpoints(template),
      ...definedEndpoints(stack),
      ...samDefinedEndpoints(stack),
      ...behaviourEndpoints(template),
    ],
    settings: headerSettings(template, restApis),
  };
}
