import * as vscode from 'vscode';
import { selectDocuments } from './languages';

/** The documents that the server is told of. */
export const documentSelector = selectDocuments((vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme));
