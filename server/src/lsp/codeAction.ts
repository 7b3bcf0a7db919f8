import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Command,
} from 'vscode-languageserver';
import type { Finding } from '../lint/types';
import { editFor, type Offer, offerFixAll, offerFixes } from './actions';
import { type Checked, check, isCurrent } from './check';
import { clientActions } from './clientActions';
import { FIX_ALL_KIND } from './clientTraits';
import { APPLY_COMMAND } from './protocol';
import type { Session } from './session';
import { signalOf } from './turns';

/** `textDocument/codeAction` */
export async function codeAction(
  session: Session,
  { textDocument, range, context }: CodeActionParams,
  token: CancellationToken,
): Promise<(CodeAction | Command)[]> {
  const wanted = (kind: string): boolean => wants(context.only, kind);
  if (!wanted(CodeActionKind.QuickFix) && !wanted(FIX_ALL_KIND)) return [];
  const checked = await check(session, textDocument.uri, signalOf(token));
  if (token.isCancellationRequested || checked === undefined || !isCurrent(session, checked)) return [];
  const start = checked.positions.offset(range.start);
  const end = checked.positions.offset(range.end);
  const offers: Offer[] = [];
  const others: CodeAction[] = [];
  if (wanted(CodeActionKind.QuickFix)) {
    const findings = findingsAt(checked, start, end);
    offers.push(...(await offerFixes(session, checked, findings, context.diagnostics)));
    for (const finding of findings) others.push(...(await clientActions(session, checked, finding)));
  }
  // An editor lists source actions only when they are asked for.
  if (context.only && wanted(FIX_ALL_KIND)) offers.push(...offerFixAll(checked));
  const delivered = await Promise.all(offers.map((offer) => deliver(session, checked, offer)));
  return [...delivered.flat(), ...others];
}

/** Those that the selection touches, from the one that starts nearest to it. */
function findingsAt(checked: Checked, start: number, end: number): Finding[] {
  const touched = checked.findings.filter(({ place }) => place.start <= end && place.end >= start);
  return touched.sort((a, b) => Math.abs(a.place.start - start) - Math.abs(b.place.start - start));
}

/** Kinds are a hierarchy: whoever asks for `source` also wants `source.fixAll.corsLint`. */
function wants(only: readonly string[] | undefined, kind: string): boolean {
  return only?.every((asked) => asked !== '' && asked !== kind && !kind.startsWith(`${asked}.`)) !== true;
}

async function deliver(session: Session, checked: Checked, { action, data }: Offer): Promise<(CodeAction | Command)[]> {
  const { codeActionLiterals, resolvesEdits } = session.client;
  if (!codeActionLiterals) return [{ title: action.title, command: APPLY_COMMAND, arguments: [data] }];
  if (resolvesEdits) return [{ ...action, data }];
  const edit = await editFor(session, checked, data.choice);
  return edit ? [{ ...action, edit }] : [];
}
