import * as vscode from 'vscode';
import { type BaseLanguageClient, State } from 'vscode-languageclient';
import { RESTART_SERVER, SHOW_OUTPUT } from './commands';
import { documentSelector } from './documents';

/** Says in the status bar of our languages whether the server runs, with the way out when it does not. */
export function showLanguageStatus(client: BaseLanguageClient): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('corsLint.status', documentSelector);
  item.name = 'CORS Lint';
  const update = (state: State): void => {
    const { text, severity, command, busy } = STATES[state];
    item.text = text;
    item.severity = severity;
    item.command = command;
    item.busy = busy;
    item.detail = (state === State.Running && client.initializeResult?.serverInfo?.version) || '';
  };
  update(client.state);
  return vscode.Disposable.from(
    item,
    client.onDidChangeState(({ newState }) => update(newState)),
  );
}

interface Appearance {
  readonly text: string;
  readonly severity: vscode.LanguageStatusSeverity;
  readonly command: vscode.Command;
  readonly busy: boolean;
}

const showOutput: vscode.Command = { command: SHOW_OUTPUT, title: 'Show Output' };
const restartServer: vscode.Command = { command: RESTART_SERVER, title: 'Restart Server' };
const { Information, Error: Failure } = vscode.LanguageStatusSeverity;

const STATES: Readonly<Record<State, Appearance>> = {
  [State.Starting]: { text: 'CORS Lint is starting', severity: Information, command: showOutput, busy: true },
  [State.Running]: { text: 'CORS Lint', severity: Information, command: showOutput, busy: false },
  [State.Stopped]: { text: 'CORS Lint has stopped', severity: Failure, command: restartServer, busy: false },
  [State.StartFailed]: { text: 'CORS Lint did not start', severity: Failure, command: restartServer, busy: false },
};
