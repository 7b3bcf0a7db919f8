import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { REPORT_METHOD, type ReportParams, type ReportResult } from '../../../server/src/lsp/protocol';
import { htmlReport } from '../../../server/src/report/html';
import { EXPORT_REPORT, SHOW_REPORT } from '../commands';
import { withServerProgress } from '../progress';
import { nameFile, type Panel } from './panel';
import { exportReport } from './reportFile';

/** The commands "Show Report" and "Export Report". */
export interface Reports {
  /** Looks at the whole workspace anew and shows what there is. */
  show(): Promise<void>;
  /** Writes the report that is shown, or a new one, into a file. */
  exportFile(): Promise<void>;
}

export function createReports(client: BaseLanguageClient, panel: Panel): Reports {
  let last: ReportResult | undefined;
  const make = async (): Promise<ReportResult | undefined> => {
    if (!vscode.workspace.workspaceFolders?.length) {
      void vscode.window.showInformationMessage('Open a folder to report on its CORS set-up.');
      return undefined;
    }
    last = await withServerProgress<ReportParams, ReportResult>(client, 'CORS report', REPORT_METHOD, {});
    return last;
  };
  return {
    async show() {
      const report = await make();
      if (report === undefined) return;
      panel.show((showing) => htmlReport(report, nameFile, showing), {
        refresh: () => void vscode.commands.executeCommand(SHOW_REPORT),
        export: () => void vscode.commands.executeCommand(EXPORT_REPORT),
      });
    },
    async exportFile() {
      const report = last ?? (await make());
      if (report !== undefined) await exportReport(report);
    },
  };
}
