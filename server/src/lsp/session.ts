import type { Connection, TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { ClientTraits } from './clientTraits';
import type { ConfigurationProblems } from './configurationProblems';
import type { FileNames } from './fileNames';
import type { Folders } from './folders';
import type { Log } from './log';
import type { RulePages } from './rulePages';

/** What the requests of one connection share. */
export interface Session {
  readonly connection: Connection;
  readonly client: ClientTraits;
  readonly documents: TextDocuments<TextDocument>;
  readonly names: FileNames;
  readonly folders: Folders;
  readonly pages: RulePages;
  readonly log: Log;
  readonly configurationProblems: ConfigurationProblems;
}
