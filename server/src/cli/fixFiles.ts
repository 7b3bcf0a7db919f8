import type { Fix } from '../lint/types';
import { whyUnreadable } from '../workspace/nodeDisk';
import type { AuditOptions, AuditResult, Workspace } from '../workspace/types';
import type { MendedFile } from './formats/report';
import { replaceText } from './writeFile';

export interface FixedFiles {
  /** The audit of what is left. */
  readonly result: AuditResult;
  readonly mended: readonly MendedFile[];
  /** Files that should have been changed and were not. */
  readonly failed: readonly { readonly file: string; readonly reason: string }[];
}

/** A fix can open the way for one in another file; more rounds than this mean that two of them fight. */
const MOST_ROUNDS = 8;

/**
 * Makes the preferred fixes on the disk, file after file, until an audit finds no more of them. A fix is made only if
 * all the files that it changes are among those that were looked at.
 */
export async function fixFiles(workspace: Workspace, options: AuditOptions): Promise<FixedFiles> {
  const mended = new Map<string, string[]>();
  const failed = new Map<string, string>();
  let analysed: string[] = [];
  const auditAgain = (): Promise<AuditResult> => {
    analysed = [];
    return workspace.audit({ ...options, onFile: ({ file }) => analysed.push(file) });
  };
  let result = await auditAgain();
  for (let round = 0; round < MOST_ROUNDS && !result.cancelled; round++) {
    let changed = false;
    for (const file of analysed) {
      if (options.signal?.aborted) break;
      const mayChange = new Set([...analysed, ...result.findings.keys()]);
      const { texts, made } = await workspace.fixAll(file, (fix) => fitsIn(fix, mayChange, failed));
      if (texts.size === 0 || !write(workspace, texts, failed)) continue;
      changed = true;
      mended.set(file, [...(mended.get(file) ?? []), ...made.map(({ title }) => title)]);
    }
    if (!changed) break;
    result = await auditAgain();
  }
  return {
    result,
    mended: [...mended].map(([file, titles]) => ({ file, titles })),
    failed: [...failed].map(([file, reason]) => ({ file, reason })),
  };
}

function fitsIn(fix: Fix, files: ReadonlySet<string>, failed: ReadonlyMap<string, string>): boolean {
  return fix.edits.every(({ file }) => files.has(file) && !failed.has(file));
}

/** Whether anything was written. */
function write(workspace: Workspace, texts: ReadonlyMap<string, string>, failed: Map<string, string>): boolean {
  let written = false;
  for (const [file, text] of texts) {
    const before = workspace.host.read(file);
    if (before === text) continue;
    try {
      const refusal = replaceText(file, before ?? '', text);
      if (refusal === undefined) written = true;
      else failed.set(file, refusal);
    } catch (error) {
      failed.set(file, `it ${whyUnreadable(error)}`.replace('it may not be read', 'it may not be written'));
    }
    workspace.changed(file);
  }
  return written;
}
