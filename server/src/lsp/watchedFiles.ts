import { DidChangeWatchedFilesNotification, FileChangeType, type FileEvent, WatchKind } from 'vscode-languageserver';
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
  '**/{sites-available,sites-enabled,conf.d,http.d,vhost.d,vhosts.d,snippets}/*',
];

/** Asks the client to tell when a file changes on the disk. */
export function registerWatchers({ connection, log }: Session): void {
  // Of a folder that goes only the folder itself is told.
  const watchers = [
    ...PATTERNS.map((globPattern) => ({ globPattern, kind: WatchKind.Create | WatchKind.Change })),
    { globPattern: '**/*', kind: WatchKind.Delete },
  ];
  log.background(
    'Could not watch files',
    connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }),
  );
}

/** `workspace/didChangeWatchedFiles`. Gives whether anything is new: what is open has its text from the editor. */
export function changedOnDisk({ documents, folders, names }: Session, changes: readonly FileEvent[]): boolean {
  const news = changes.filter(({ uri, type }) => type !== FileChangeType.Changed || documents.get(uri) === undefined);
  for (const { uri } of news) {
    const file = names.toFile(uri);
    for (const { workspace } of folders.opened()) {
      if (contains(workspace.root, file) || contains(file, workspace.root)) workspace.changed(file);
    }
  }
  return news.length > 0;
}
