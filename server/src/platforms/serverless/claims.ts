const NAMES = /(?:^|[/\\])serverless(?:[.-][\w.-]+)?\.(?:ya?ml|json)$/i;
const SCRIPT = /(?:^|[/\\])serverless(?:[.-][\w.-]+)?\.[cm]?[jt]s$/i;
const NOT_SERVICE = /(?:\.d\.[cm]?ts|[.-](?:test|spec)\.[cm]?[jt]s)$/i;
const YAML = /\.ya?ml$/i;

/**
 * Whether a file is a Serverless Framework configuration: by its name (`serverless.yml`, `serverless.prod.yml`,
 * `serverless.ts`), or, for other YAML files, by what only such a file has at its top level.
 */
export function claims(file: string, text: string | undefined): boolean {
  if (/(?:^|[/\\])serverless[\w.-]*\.schema\.json$/i.test(file)) return false;
  if (NAMES.test(file)) return text === undefined || text.trim() === '' || looksLikeService(text) || YAML.test(file);
  if (isScriptConfiguration(file))
    return text === undefined || (/\bprovider\b/.test(text) && /\bfunctions\b/.test(text));
  if (!YAML.test(file)) return false;
  return text === undefined ? false : /^provider:/m.test(text) && /^functions:/m.test(text) && /\bhandler:/.test(text);
}

/** Whether a file is a configuration that is a module, by its name. */
export function isScriptConfiguration(file: string): boolean {
  return SCRIPT.test(file) && !NOT_SERVICE.test(file);
}

function looksLikeService(text: string): boolean {
  return /["']?(?:functions|provider|service|resources)["']?\s*:/.test(text);
}
