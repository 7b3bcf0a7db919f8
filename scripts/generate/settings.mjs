import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRules } from './rules.mjs';
import { ENGINE_RULES, PLATFORMS, platformSwitches } from './schema.mjs';

const SCHEMA = 'schemas/corslintrc.schema.json';

/**
 * docs/settings.md, from the schema of .corslintrc.json and the settings in the manifest; and in the manifest the names
 * that `corsLint.rules` and `corsLint.platforms` may have, for VS Code to complete them.
 */
export async function settings(root) {
  const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const manifest = read('package.json');
  const { properties } = manifest.contributes.configuration;
  properties['corsLint.rules'].propertyNames = ruleNames([...(await readRules(root)), ...ENGINE_RULES]);
  properties['corsLint.platforms'].properties = platformSwitches();
  properties['corsLint.platforms'].default = Object.fromEntries(Object.keys(PLATFORMS).map((id) => [id, true]));
  return {
    files: [
      { path: 'docs/settings.md', text: page(read(SCHEMA), properties) },
      { path: 'package.json', text: `${JSON.stringify(manifest, null, 2)}\n` },
    ],
  };
}

function ruleNames(rules) {
  return {
    enum: rules.map(({ id }) => id),
    markdownEnumDescriptions: rules.map(
      ({ meta }) => `Finds: ${meta.title}. Usually \`${meta.off ? 'off' : meta.severity}\`.`,
    ),
  };
}

function page(schema, settings) {
  const keys = Object.entries(schema.properties).filter(([name]) => name !== '$schema');
  return `<!-- Generated from ${SCHEMA} and package.json by npm run generate. -->

# Settings

Nothing needs to be set. What is set comes from four places. Of \`rules\` and \`platforms\`, each goes by the last place
that mentions it; the lists of \`ignore\` are joined, so that a later \`!pattern\` can take an earlier one back; of the other keys the last
place that has them counts:

1. the rules' own severities, as in [the list of rules](rules.md)
2. the editor's settings
3. the nearest \`.corslintrc.json\`: in the file's folder or else in the nearest one above
4. the command line: \`--rule ID=LEVEL\`

A mistake is shown at its place, what is wrong is left out, and the rest holds.

## .corslintrc.json

The file is JSON; comments and trailing commas are allowed. Editors that know JSON schemas complete it: \`"$schema"\` may
point at [the schema](../${SCHEMA}).

${keys.map(([name, value]) => section(name, value)).join('\n\n')}

## The editor's settings

| Setting | Default | |
| --- | --- | --- |
${Object.entries(settings)
  .map(([name, value]) => row(name, value))
  .join('\n')}
`;
}

function section(name, { description, markdownDescription, examples = [] }) {
  const shown = examples.map((example) => `\`\`\`json\n"${name}": ${JSON.stringify(example)}\n\`\`\``);
  return [`### \`${name}\``, markdownDescription ?? description, ...shown].join('\n\n');
}

function row(name, { default: value, markdownDescription, description, scope }) {
  const where = scope === 'resource' ? '' : ' For the window.';
  const text = `${markdownDescription ?? description}${where}`.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return `| \`${name}\` | \`${JSON.stringify(value)}\` | ${text} |`;
}
