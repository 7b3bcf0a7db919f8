import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { expect, test } from 'vitest';
import { ruleMetas } from '../lint/registry';
import { parseConfiguration } from './parse';
import { PLATFORM_IDS } from './platforms';

/** What editors check a `.corslintrc.json` with must say what the loader says. Stale: npm run generate. */
const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../../schemas/corslintrc.schema.json'), 'utf8'));
const ids = new Set(ruleMetas.map(({ id }) => id));
const valid = new Ajv({ strict: false }).compile(schema);

test.each<[text: string]>([
  ['{}'],
  ...[...ids].map((id): [string] => [`{"rules": {"${id}": "hint"}}`]),
  ...['off', 'hint', 'info', 'warning', 'error'].map((level): [string] => [`{"rules": {"null-origin": "${level}"}}`]),
  ['{"platforms": {}}'],
  ...PLATFORM_IDS.map((id): [string] => [`{"platforms": {"${id}": false}}`]),
  ['{"$schema": "x", "ignore": ["a", "!b"], "origins": ["https://a.example"], "nginxVersion": "1.29.3"}'],
])('the schema and the loader both take %s', (text) => {
  expect({ schema: valid(JSON.parse(text)), loader: parseConfiguration('f', text, ids).problems }).toEqual({
    schema: true,
    loader: [],
  });
});

test.each([
  '[]',
  '{"rule": {}}',
  '{"rules": []}',
  '{"rules": {"null-origin": "warn"}}',
  '{"rules": {"null-orgin": "error"}}',
  '{"platforms": []}',
  '{"platforms": {"ngnix": false}}',
  '{"platforms": {"nginx": "off"}}',
  '{"ignore": "a"}',
  '{"ignore": [1]}',
  '{"origins": "https://a.example"}',
  '{"nginxVersion": 1.29}',
  '{"nginxVersion": "latest"}',
])('the schema and the loader both refuse %s', (text) => {
  expect(valid(JSON.parse(text))).toBe(false);
  expect(parseConfiguration('f', text, ids).problems).toHaveLength(1);
});
