import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleFolders } from './rules.mjs';

/** docs/rules/: every rule's page, for people who read the documentation and not the source. */
export function rulePages(root) {
  const rules = ruleFolders(root).filter(({ folder }) => existsSync(join(root, folder, 'rule.md')));
  return {
    owns: ['docs/rules'],
    files: rules.map(({ id, folder }) => ({
      path: `docs/rules/${id}.md`,
      text: copyPage(readFileSync(join(root, folder, 'rule.md'), 'utf8'), folder),
    })),
  };
}

/** The page with links that work from docs/rules/, and a note for whoever is about to edit the copy. */
function copyPage(text, folder) {
  const linked = text.replace(/\]\((?:\.\.?\/)+(?:[\w-]+\/)*([\w-]+)\/rule\.md(#[\w-]*)?\)/g, ']($1.md$2)');
  return `<!-- Generated from ${folder}/rule.md: edit that, then run npm run generate. -->\n\n${linked}`;
}
