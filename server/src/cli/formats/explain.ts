import type { Place } from '../../cors/place';
import type { Answer, Explained } from '../../explain/explain';
import type { Finding } from '../../lint/types';
import type { FoundEndpoint } from '../../workspace/types';
import { codeFrame } from '../codeFrame';
import type { FileLines } from '../lines';
import type { Paint, Style } from '../paint';
import { printable } from '../printable';
import { shownPath } from '../shownPath';

/** A message with what the workspace has to say about it. */
export interface Explanation extends Omit<Explained, 'answers'> {
  readonly answers: readonly ExplainedAnswer[];
}

export interface ExplainedAnswer extends Answer {
  readonly found: FoundEndpoint;
  readonly blame: Place | undefined;
  /** Those that explain the message first. */
  readonly findings: readonly Finding[];
}

export interface Places {
  readonly cwd: string;
  readonly lines: FileLines;
}

const STYLES: Readonly<Record<Answer['agreement'], Style>> = { agrees: 'red', differs: 'yellow', unknown: 'yellow' };

/** The explanations for people: what each message means, who may have answered, and the line to blame. */
export function formatExplain(explanations: readonly Explanation[], places: Places, paint: Paint): string {
  return `${explanations.map((each) => one(each, places, paint).join('\n')).join('\n\n')}\n`;
}

function one({ message, meaning, answers, advice, rule }: Explanation, places: Places, paint: Paint): string[] {
  return [
    paint('dim', printable(message.text)),
    '',
    printable(meaning),
    ...answers.flatMap((answer) => ['', ...answerRows(answer, places, paint)]),
    ...(advice.length === 0 ? [] : ['', ...advice.map((line) => `- ${printable(line)}`)]),
    ...(rule === undefined ? [] : ['', `${paint('cyan', 'rule')} ${rule}`]),
  ];
}

function answerRows(answer: ExplainedAnswer, places: Places, paint: Paint): string[] {
  const { endpoint, sureness, because, agreement, says, call, blame, findings } = answer;
  const rows = [
    `${paint('bold', printable(endpoint.label))}  ${where(endpoint.place, places)}`,
    `  ${sureness}: ${printable(because)}`,
    `  played  ${printable(`${call.method} ${call.path} from ${call.origin}${call.credentials ? ', with credentials' : ''}`)}`,
    `  ${paint(STYLES[agreement], agreement === 'unknown' ? 'cannot be told' : agreement)}  ${printable(says)}`,
  ];
  if (blame !== undefined) {
    rows.push(`  ${paint('cyan', 'blame')}  ${where(blame, places)}`);
    rows.push(...codeFrame(places.lines.of(blame.file), blame, paint).map((line) => `    ${line}`));
  }
  for (const { place, severity, rule, message } of findings) {
    rows.push(`  ${where(place, places)}  ${severity}  ${paint('bold', rule.id)}  ${printable(message)}`);
  }
  return rows;
}

function where(place: Place, { cwd, lines }: Places): string {
  const { line, column } = lines.range(place.file, place).start;
  return printable(`${shownPath(cwd, place.file)}:${line}:${column}`);
}
