const YAML = /\.(?:ya?ml|template)$/i;
/** Projects are full of JSON: only what is called like a template, or lies among templates, is read. */
const JSON_FILE = /(?:template|stack|cloudformation|\bcfn|\bsam\b).*\.json$/i;

/**
 * Whether a file is a CloudFormation or SAM template, by what only a template has at its top level. A template may
 * have 1 MB (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html).
 */
export function claims(file: string, text: string | undefined): boolean {
  if (!YAML.test(file) && !JSON_FILE.test(file)) return false;
  if (text === undefined) return true;
  if (text.length > MOST_CHARACTERS || !text.includes('Resources') || !text.includes('AWS::')) return false;
  if (/^\s*\{/.test(text)) return /"Resources"\s*:\s*\{/.test(text) && /"Type"\s*:\s*"AWS::/.test(text);
  return /^["']?Resources["']?\s*:/m.test(text) && /\bType["']?\s*:\s*["']?AWS::/.test(text);
}

const MOST_CHARACTERS = 1_000_000;
