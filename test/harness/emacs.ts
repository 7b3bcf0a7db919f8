import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { needPart } from './require';

const run = promisify(execFile);

/**
 * Runs Emacs Lisp in a headless Emacs with Eglot and without any user configuration, and returns what it reports.
 *
 * The script finds `input` (JSON as alists with symbols for keys, and vectors) in the variable `input`, calls
 * `(report VALUE)` once at its end, and may call `(await WHAT FUNCTION)`, which lets Emacs work until the function
 * returns non-nil, and fails after ten seconds. A Lisp error, or an end without a report, rejects with what Emacs
 * printed.
 */
export async function runEmacs(script: string, input: unknown): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'cors-lint-emacs-'));
  const file = (name: string) => join(folder, name);
  try {
    writeFileSync(file('input.json'), JSON.stringify(input));
    writeFileSync(file('script.el'), script);
    writeFileSync(file('main.el'), mainScript);
    // Not --quick: that leaves out the packages that Debian installs for everybody, Eglot among them.
    const args = ['--batch', '--no-init-file', '--load', file('main.el')];
    const env = { ...process.env, HOME: folder, EMACS_TEST_FOLDER: folder };
    const { stderr } = await run(needPart('emacs'), args, { env, timeout: 60_000 });
    const report: unknown = JSON.parse(readFileSync(file('report.json'), 'utf8'));
    if (isFailure(report)) throw new Error(`Emacs: ${report.failure}\n${stderr}`);
    return report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const mainScript = `;; -*- lexical-binding: t -*-
(require 'json)
(require 'eglot)
(setq make-backup-files nil create-lockfiles nil auto-save-default nil eglot-sync-connect 20)
(defvar test-folder (file-name-as-directory (getenv "EMACS_TEST_FOLDER")))
(defvar reported nil)
(defun write-report (value)
  (with-temp-file (concat test-folder "report.json") (insert (json-encode value))))
(defun report (value) (setq reported t) (write-report value))
(defun await (what ready)
  (let ((end (+ (float-time) 10)))
    (while (not (funcall ready))
      (when (> (float-time) end) (error "waited in vain for %s" what))
      (accept-process-output nil 0.02))))
(defvar input (json-read-file (concat test-folder "input.json")))
(condition-case problem
    (progn
      (load (concat test-folder "script.el") nil t t)
      (unless reported (write-report '((failure . "the script ended without a report")))))
  (error (write-report (list (cons 'failure (format "%S" problem))))))
(let ((kill-emacs-query-functions nil)) (kill-emacs 0))
`;

function isFailure(report: unknown): report is { readonly failure: string } {
  return typeof report === 'object' && report !== null && 'failure' in report;
}
