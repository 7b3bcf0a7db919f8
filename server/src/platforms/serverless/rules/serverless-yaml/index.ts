import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import { edit, lineEnd, lineStart, nextLine } from '../../../../yaml/edits/text';
import type { YamlFile } from '../../../../yaml/parse';
import type { YamlProblem } from '../../../../yaml/problems';
import type { ServerlessAnalysis } from '../../analysis';

interface Data {
  readonly problem: YamlProblem;
  readonly quoted: Edit | undefined;
}

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-yaml',
    title: 'YAML that does not load',
    severity: 'error',
    category: 'broken',
    tags: ['syntax'],
    reference: 'https://yaml.org/spec/1.2.2/#71-alias-nodes',
  },
  check({ analysis }, report) {
    for (const file of [analysis.yaml, ...analysis.files.values()]) {
      // One broken line often brings more: the first problem of each line is the one to mend. A tab makes the line
      // above it look broken too.
      const lines = new Set<number>();
      const tabs = new Set(
        file.problems.flatMap(({ kind, start }) => (kind === 'tab' ? [lineStart(file.text, start)] : [])),
      );
      for (const problem of file.problems) {
        const line = lineStart(file.text, problem.start);
        if (lines.has(line) || (problem.kind !== 'tab' && tabs.has(nextLine(file.text, problem.start)))) continue;
        lines.add(line);
        const place = { file: file.file, start: problem.start, end: problem.end };
        report({ place, data: { problem, quoted: quote(file, problem) } });
        // From an open quote on, text and quotes have changed places.
        if (problem.kind === 'unclosed') break;
      }
    }
  },
  message: ({ problem }) => problem.message,
  fixes: ({ quoted }) =>
    quoted === undefined ? [] : [{ title: 'Put the value in quotes', preferred: true, edits: [quoted] }],
});

/** Quotes what was meant as text: from the fault's start to where the value ends. */
function quote(file: YamlFile, { kind, start }: YamlProblem): Edit | undefined {
  if (kind !== 'empty-alias' && kind !== 'unknown-alias' && kind !== 'reserved-start') return undefined;
  const { text } = file;
  const line = text.slice(start, lineEnd(text, start));
  const before = text.slice(lineStart(text, start), start);
  const isFlow = /[[{]/.test(before.slice(Math.max(before.lastIndexOf(']'), before.lastIndexOf('}')) + 1));
  const [value = ''] = isFlow ? line.split(/[,\]}]/, 1) : line.split(/\s#/, 1);
  const trimmed = value.trimEnd();
  if (trimmed === '' || trimmed.includes("'")) return undefined;
  const source = { file: file.file, text };
  return edit(source, start, start + trimmed.length, `'${trimmed}'`);
}
