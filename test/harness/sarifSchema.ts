import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';

/** The schema of SARIF 2.1.0, from a package that carries it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');

/** Says what is wrong with a SARIF log, a line for each mistake; an empty list for one that holds to the schema. */
export function sarifMistakes(log: unknown): string[] {
  validate(log);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const validate = compile();

function compile() {
  // The draft of JSON Schema that it names is older than what the validator reads, and differs in these two keys.
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  ajv.addFormat('uri', isUri);
  ajv.addFormat('uri-reference', (text) => /^[\w.~!$&'()*+,;=:@/?#%[\]-]*$/.test(text) && isUri(text, 'file:///'));
  ajv.addFormat('date-time', (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text));
  return ajv.compile(schema);
}

function isUri(text: string, base?: string): boolean {
  return URL.canParse(text, base);
}
