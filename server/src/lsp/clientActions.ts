import { type CodeAction, CodeActionKind } from 'vscode-languageserver';
import type { Finding } from '../lint/types';
import type { Checked } from './check';
import { createLocate } from './locate';
import { CLIENT_COMMANDS } from './protocol';
import type { Session } from './session';

/** What a client that knows our commands can do about a finding besides mending it. */
export async function clientActions(session: Session, checked: Checked, finding: Finding): Promise<CodeAction[]> {
  const { rule, exchange } = finding;
  const { commands } = session.client;
  const actions: CodeAction[] = [];
  const add = (title: string, command: string, argument: unknown): void => {
    if (!commands.has(command)) return;
    actions.push({ title, kind: CodeActionKind.QuickFix, command: { title, command, arguments: [argument] } });
  };
  if (
    exchange !== undefined &&
    (commands.has(CLIENT_COMMANDS.showExchange) || commands.has(CLIENT_COMMANDS.copyCurl))
  ) {
    const [{ asPrediction }, { toTried }] = await Promise.all([
      import('../cors/prediction'),
      import('../workspace/told/tried'),
    ]);
    const tried = toTried(exchange.call, asPrediction(exchange), null, createLocate(session, checked.workspace));
    const leg = exchange.preflight?.verdict.result === 'blocked' ? tried.preflight : tried.actual;
    add('Show the exchange', CLIENT_COMMANDS.showExchange, tried);
    if (leg !== null) add('Copy the request as curl', CLIENT_COMMANDS.copyCurl, leg.curl);
  }
  if (session.pages.link(rule.id) !== undefined) {
    add(`Open the page of ${rule.id}`, CLIENT_COMMANDS.openRulePage, rule.id);
  }
  return actions;
}
