import { ruleFolders, ruleHomes } from './rules.mjs';

/** server/src/rules/index.ts and each platform's rules/index.ts: a rule is found by its folder, nobody keeps a list. */
export function ruleLists(root) {
  const rules = ruleFolders(root);
  return {
    files: ruleHomes(root).map(({ folder }) => ({
      path: `${folder}/index.ts`,
      text: list(rules.filter((rule) => rule.folder === `${folder}/${rule.id}`).map((rule) => rule.id)),
    })),
  };
}

/** As biome.json has it. */
const LINE_WIDTH = 120;

function list(ids) {
  const names = ids.map(camelCase);
  const imports = ids.map((id, i) => `import { rule as ${names[i]} } from './${id}';`);
  const line = `[${names.join(', ')}]`;
  const fits = `export const rules = ${line};`.length <= LINE_WIDTH;
  const body = fits ? line : `[\n${names.map((name) => `  ${name},\n`).join('')}]`;
  const head = '// Generated from the folders beside this file by npm run generate: add a folder, then run it.\n';
  return `${head}${imports.map((line) => `${line}\n`).join('')}\n/** Every rule of this folder. */\nexport const rules = ${body};\n`;
}

function camelCase(id) {
  return id.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
}
