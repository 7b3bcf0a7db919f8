const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx)$/i;
const NOT_SOURCE = /(?:\.d\.[cm]?ts|[.-]min\.js|\.bundle\.js)$/i;

/**
 * A CORS header's name, the cors package, Express, an app's or a router's method, a server of Node's own, what answers
 * under the headers of a configuration of Next.js.
 */
const SIGN =
  /access[-_ ]?control|allow-origin|\bcors\b|enableCors|['"]express['"]|\bcreateServer\b|['"]socket\.io['"]|\bNextApiRequest\b|\bexport\s+(?:async\s+)?(?:function|const)\s+(?:GET|POST|PUT|PATCH|DELETE|OPTIONS)\b|(?:\bapp|router|server|api|express\(\))\s*\.\s*(?:use|all|get|post|put|patch|delete|options|route)\s*\(/i;

/**
 * Whether a file may concern CORS here, by its name and by a search through its text; nothing is parsed.
 * @param text undefined: by the name alone
 */
export function claims(file: string, text: string | undefined): boolean {
  if (!SCRIPT.test(file) || NOT_SOURCE.test(file)) return false;
  return text === undefined || SIGN.test(text);
}
