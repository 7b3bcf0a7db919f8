import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { between } from './markers.mjs';

/** The list of planted faults in each example's README.md. */
export function exampleFaults(root) {
  const expected = JSON.parse(readFileSync(join(root, 'examples/expected.json'), 'utf8'));
  const projects = [...new Set(expected.map((fault) => fault.file.split('/')[0]))].sort();
  return { files: projects.map((project) => readme(root, project, expected)) };
}

function readme(root, project, expected) {
  const path = `examples/${project}/README.md`;
  const rows = expected
    .filter((fault) => fault.file.startsWith(`${project}/`))
    .map(({ file, line, rule, fault }) => {
      const local = file.slice(project.length + 1);
      return `| [${local}:${line}](${local}#L${line}) | [\`${rule}\`](../../docs/rules/${rule}.md) | ${fault} |`;
    });
  const table = ['| Line | Rule | Fault |', '| --- | --- | --- |', ...rows].join('\n');
  return { path, text: between(path, readFileSync(join(root, path), 'utf8'), 'faults', table) };
}
