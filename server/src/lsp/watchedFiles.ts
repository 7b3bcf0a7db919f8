import { DidChangeWatchedFilesNotification, type FileEvent } from 'vscode-languageserver';
import { contains } from './folders';
import type { Session } from './session';

/** What an analysis may depend on: sources, configuration, what names versions, ports and ignored files. */
const PATTERNS = [
  '**/.corslintrc.json',
  '**/.gitignore',
  '**/package.json',
  '**/package-lock.json',
  '**/*.{js,cjs,mjs,jsx,ts,cts,mts,tsx}',
  '**/*.{yml,yaml}',
  '**/*.{conf,nginx,nginxconf,template}',
  '**/nginx/**',
  '**/{sites-available,sites-enabled,conf.d,snippets}/*',
];

/** Asks the client to tell when a file changes on the disk. */
export function registerWatchers({ connection, log }: Session): void {
  const watchers = PATTERNS.map((globPattern) => ({ globPattern }));
  log.background(
    'Could not watch files',
    connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }),
  );
}

/** `workspace/didChangeWatchedFiles` */
export function changedOnDisk({ folders, names }: Session, changes: readonly FileEvent[]): void {
  for (const { uri } of changes) {
    const file = names.toFile(uri);
    for (const { workspace } of folders.opened()) {
      if (contains(workspace.root, file) || contains(file, workspace.root)) workspace.changed(file);
    }
  }
}
