import type { ConfigurationProblem } from '../config/settings';
import type { FileLines } from './lines';
import type { Paint } from './paint';
import { printable } from './printable';
import { shownPath } from './shownPath';

/** One line for a mistake in the configuration: `.corslintrc.json:3:5  There is no rule "x". …`. */
export function problemLine(problem: ConfigurationProblem, cwd: string, lines: FileLines, paint: Paint): string {
  return `${paint('yellow', place(problem, cwd, lines))}  ${printable(problem.message)}`;
}

function place({ source, range }: ConfigurationProblem, cwd: string, lines: FileLines): string {
  if (source.kind !== 'file') return source.kind;
  const file = printable(shownPath(cwd, source.file));
  if (range === undefined) return file;
  const { line, column } = lines.range(source.file, range).start;
  return `${file}:${line}:${column}`;
}
