import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../server/src/config/parse';
import { PLATFORM_IDS } from '../../server/src/config/platforms';
import { ruleMetas } from '../../server/src/lint/registry';
import { projectRoot } from '../harness/require';

const schema = JSON.parse(readFileSync(join(projectRoot, 'schemas/corslintrc.schema.json'), 'utf8'));
const validate = new Ajv({ strict: false }).compile(schema);
const ruleIds = new Set(ruleMetas.map(({ id }) => id));

/** What the schema says in an editor and what the loader says must not differ. */
describe('the schema of .corslintrc.json and the loader agree', () => {
  it.each([
    [{}],
    [{ rules: { 'null-origin': 'off', 'wildcard-origin': 'warning' } }],
    [{ ignore: ['legacy/'], origins: ['https://app.example.com', 'http://localhost:5173'], nginxVersion: '1.29.3' }],
    [{ $schema: 'x', nginxVersion: '1.18' }],
  ])('on what is right: %j', (configuration) => {
    expect(validate(configuration)).toBe(true);
    expect(parseConfiguration('/c.json', JSON.stringify(configuration), ruleIds).problems).toEqual([]);
  });

  it.each([
    [[]],
    [{ rule: {} }],
    [{ rules: { 'null-origins': 'off' } }],
    [{ rules: { 'null-origin': 'warn' } }],
    [{ rules: [] }],
    [{ ignore: 'legacy/' }],
    [{ origins: ['https://app.example.com/'] }],
    [{ origins: ['app.example.com'] }],
    [{ origins: ['null'] }],
    [{ nginxVersion: 1.29 }],
    [{ nginxVersion: 'latest' }],
  ])('on what is wrong: %j', (configuration) => {
    expect(validate(configuration)).toBe(false);
    expect(parseConfiguration('/c.json', JSON.stringify(configuration), ruleIds).problems).not.toEqual([]);
  });

  it('on the rule that has no folder', () => {
    expect(validate({ rules: { 'unused-suppression': 'off' } })).toBe(true);
    expect(ruleIds).toContain('unused-suppression');
  });
});

it("the platforms of the editor's settings are those of the file, each on", () => {
  const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const { properties, ...setting } = manifest.contributes.configuration.properties['corsLint.platforms'];
  expect(setting).toMatchObject({ scope: 'resource', additionalProperties: false });
  expect(properties).toEqual(schema.properties.platforms.properties);
  expect(setting.default).toEqual(Object.fromEntries(PLATFORM_IDS.map((id) => [id, true])));
});

it("VS Code completes the ids of every rule in the editor's settings, and marks others", () => {
  const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const rules = manifest.contributes.configuration.properties['corsLint.rules'];
  expect([...rules.propertyNames.enum].sort()).toEqual([...ruleIds].sort());
  expect(rules.propertyNames.markdownEnumDescriptions).toHaveLength(ruleIds.size);
  const holds = new Ajv({ strict: false }).compile(rules);
  expect(holds({ 'null-origin': 'off', 'unused-suppression': 'hint' })).toBe(true);
  expect(holds({ 'null-origins': 'off' })).toBe(false);
  expect(holds({ 'null-origin': 'warn' })).toBe(false);
});
