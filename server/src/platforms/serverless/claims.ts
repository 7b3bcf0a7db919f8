const NAMES = /(?:^|[/\\])serverless(?:[.-][\w.-]+)?\.(?:ya?ml|json)$/i;
const YAML = /\.ya?ml$/i;

/**
 * Whether a file is a Serverless Framework configuration: by its name (`serverless.yml`, `serverless.prod.yml`), or,
 * for other YAML files, by what only such a file has at its top level.
 */
export function claims(file: string, text: string | undefined): boolean {
  if (/(?:^|[/\\])serverless[\w.-]*\.schema\.json$/i.test(file)) return false;
  if (NAMES.test(file)) return text === undefined || text.trim() === '' || looksLikeService(text) || YAML.test(file);
  if (!YAML.test(file)) return false;
  return text === undefined ? false : /^provider:/m.test(text) && /^functions:/m.test(text) && /\bhandler:/.test(text);
}

function looksLikeService(text: string): boolean {
  return /["']?(?:functions|provider|service|resources)["']?\s*:/.test(text);
}
