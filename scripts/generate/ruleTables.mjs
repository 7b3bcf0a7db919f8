import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { between } from './markers.mjs';
import { readRules } from './rules.mjs';

const PLATFORM_OF_LANGUAGE = { nginx: 'nginx', js: 'Express', ts: 'Express', yaml: 'Serverless' };
const PLATFORM_NAMES = {
  nginx: 'nginx',
  express: 'Express',
  serverless: 'Serverless',
  cloudformation: 'CloudFormation/SAM',
  frontend: 'front ends',
};
/** The name that a page gives to a block that is a template: YAML or JSON. */
const TEMPLATE = /\bfile=\S*template\.(?:ya?ml|json)\b/;
const SEVERITIES = ['error', 'warning', 'info', 'hint'];
const CATEGORIES = {
  broken: 'A browser refuses what should work',
  insecure: 'A stranger gets in',
  fragile: 'It works until something else changes',
  advice: 'It could be better',
};

/** docs/rules.md, and the table of rules in README.md. */
export async function ruleTables(root) {
  const rules = (await readRules(root)).map((rule) => ({ ...rule, platforms: platformsOf(root, rule) }));
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  return {
    files: [
      { path: 'docs/rules.md', text: page(rules) },
      { path: 'README.md', text: between('README.md', readme, 'rules', table(rules, 'docs/rules/')) },
    ],
  };
}

function page(rules) {
  const sections = Object.entries(CATEGORIES).flatMap(([category, heading]) => {
    const members = rules.filter((rule) => rule.meta.category === category);
    return members.length === 0 ? [] : [`## ${heading}\n\n${table(members, 'rules/')}`];
  });
  return `<!-- Generated from the rules by npm run generate. -->

# Rules

Each rule has a page: what goes wrong, what the browser says, examples with their fixes, and when not to use it. The
severity is the usual one; a finding may carry another where its page says so, and the
[configuration](settings.md) can change it.

${sections.join('\n\n')}
`;
}

function table(rules, pages) {
  const sorted = [...rules].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
  const rows = sorted.map(
    ({ id, meta, platforms }) =>
      `| [\`${id}\`](${pages}${id}.md) | ${meta.off ? 'off' : meta.severity} | ${platforms.join(', ')} | ${cell(meta.title)} |`,
  );
  return ['| Rule | Severity | Where | Finds |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function rank({ meta }) {
  return SEVERITIES.indexOf(meta.severity) + (meta.off ? SEVERITIES.length : 0);
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}

/** A platform's rule belongs there; a neutral one to every platform that its page shows at fault. */
function platformsOf(root, { folder, platform }) {
  if (platform !== undefined) return [PLATFORM_NAMES[platform] ?? platform];
  const file = join(root, folder, 'rule.md');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const shown = [...text.matchAll(/^`{3,}(\w+)([^\n]*\bfaulty\b[^\n]*)/gm)].map(([, language, attributes]) =>
    TEMPLATE.test(attributes) ? PLATFORM_NAMES.cloudformation : PLATFORM_OF_LANGUAGE[language],
  );
  return Object.values(PLATFORM_NAMES).filter((name) => shown.includes(name));
}
