import path from 'node:path';
import { type CancellationToken, type Hover, type HoverParams, MarkupKind } from 'vscode-languageserver';
import type { Place } from '../cors/place';
import type { Finding } from '../lint/types';
import { type Checked, check, isCurrent, positionsOf } from './check';
import { exchangeMarkdown } from './exchangeMarkdown';
import { codeSpan } from './markdown';
import type { Session } from './session';
import { signalOf } from './turns';

/**
 * `textDocument/hover`: the proof of the findings under the pointer, whose messages an editor shows by itself; where
 * there are none, what the setting or the endpoint there means for front ends.
 */
export async function hover(
  session: Session,
  { textDocument, position }: HoverParams,
  token: CancellationToken,
): Promise<Hover | null> {
  const checked = await check(session, textDocument.uri, signalOf(token));
  if (token.isCancellationRequested || checked === undefined || !isCurrent(session, checked)) return null;
  const offset = checked.positions.offset(position);
  const findings = checked.findings.filter(({ place }) => place.start <= offset && offset <= place.end);
  const [first] = findings;
  const kind = session.client.markdownHover ? MarkupKind.Markdown : MarkupKind.PlainText;
  if (first === undefined) {
    // The model is loaded when it is first needed.
    const found = await (await import('./settingHover')).settingHover(checked, offset);
    if (found === undefined || !isCurrent(session, checked)) return null;
    return { contents: { kind, value: found.markdown }, range: checked.positions.range(found.place) };
  }
  const value = findings.map((finding) => describe(session, checked, finding)).join('\n\n---\n\n');
  return { contents: { kind, value }, range: checked.positions.range(first.place) };
}

function describe(session: Session, checked: Checked, { rule, exchange }: Finding): string {
  const page = session.pages.link(rule.id);
  const name = page === undefined ? codeSpan(rule.id) : `[${codeSpan(rule.id)}](${page})`;
  const cwe = rule.cwe === undefined ? '' : ` (${rule.cwe})`;
  const head = `${name}: ${rule.title}${cwe}. [Reference](${rule.reference})`;
  return exchange === undefined ? head : `${head}\n\n${exchangeMarkdown(exchange, whereabouts(checked))}`;
}

function whereabouts(checked: Checked): (place: Place) => string {
  return (place) => {
    const line = positionsOf(checked, place)?.line(place.start);
    const file = place.file === checked.file ? '' : path.relative(path.dirname(checked.file), place.file);
    if (line === undefined) return file;
    return file === '' ? `line ${line + 1}` : `${file.replaceAll(path.sep, '/')}:${line + 1}`;
  };
}
