import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleFolders } from './rules.mjs';

/** docs/rules/: every rule's page, for people who read the documentation and not the source. */
export function rulePages(root) {
  const rules = ruleFolders(root).filter(({ folder }) => existsSync(join(root, folder, 'rule.md')));
  const pages = rules.map(({ id, folder }) => ({ id, source: `${folder}/rule.md` }));
  // The engine's own finding, which has no folder among the rules.
  pages.push({ id: 'unused-suppression', source: 'server/src/lint/unused-suppression.md' });
  return {
    owns: ['docs/rules'],
    files: pages.map(({ id, source }) => ({
      path: `docs/rules/${id}.md`,
      text: copyPage(readFileSync(join(root, source), 'utf8'), source),
    })),
  };
}

/** The page with links that work from docs/rules/, and a note for whoever is about to edit the copy. */
function copyPage(text, source) {
  const linked = text.replace(/\]\((?:\.\.?\/)+(?:[\w-]+\/)*([\w-]+)\/rule\.md(#[\w-]*)?\)/g, ']($1.md$2)');
  return `<!-- Generated from ${source}: edit that, then run npm run generate. -->\n\n${linked}`;
}
