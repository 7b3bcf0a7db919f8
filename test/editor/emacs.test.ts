import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runEmacs } from '../harness/emacs';
import { projectRoot, suiteNeeds } from '../harness/require';

/** A session of Eglot: what it is pushed of an unsaved text, the hover, the fix that it offers first, what is left. */
const session = `;; -*- lexical-binding: t -*-
(defun of (key) (alist-get key input))
(defun described (diagnostic)
  (list (cons 'text (flymake-diagnostic-text diagnostic))
        (cons 'kind (symbol-name (flymake-diagnostic-type diagnostic)))
        (cons 'covers (buffer-substring-no-properties (flymake-diagnostic-beg diagnostic)
                                                      (flymake-diagnostic-end diagnostic)))))
(defun found () (vconcat (mapcar #'described (flymake-diagnostics))))
(defun count-found () (length (flymake-diagnostics)))

(find-file (of 'file))
(funcall (intern (of 'mode)))
(let ((eglot-confirm-server-initiated-edits nil))
  (eglot (list major-mode) (cons 'transient (of 'root)) 'eglot-lsp-server (append (of 'command) nil) "cors-lint")
  (let ((opened (progn (await "the first diagnostics" (lambda () (= (count-found) (of 'atFirst)))) (found))))
    (goto-char (point-min))
    (search-forward (of 'before))
    (replace-match (of 'after) t t)
    (await "diagnostics of the edited, unsaved text"
           (lambda () (eglot--signal-textDocument/didChange) (> (count-found) (of 'atFirst))))
    (let* ((edited (found))
           (place (flymake-diagnostic-beg (car (flymake-diagnostics))))
           (actions (progn (goto-char place) (eglot-code-actions place place)))
           (hover (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover
                                   (eglot--TextDocumentPositionParams))))
      ;; What Emacs offers first is taken, as by Return.
      (cl-letf ((last-nonmenu-event ?q)
                ((symbol-function 'completing-read) (lambda (&rest asked) (car (last asked)))))
        (eglot-code-actions place place nil t))
      (await "the fix to clear its diagnostic"
             (lambda () (eglot--signal-textDocument/didChange) (< (count-found) (length edited))))
      (save-buffer)
      (report (list (cons 'opened opened) (cons 'edited edited) (cons 'left (found))
                    (cons 'hover (plist-get (plist-get hover :contents) :value))
                    (cons 'titles (vconcat (mapcar (lambda (each) (plist-get each :title)) actions))))))))
`;

interface Shown {
  readonly text: string;
  readonly kind: string;
  readonly covers: string;
}

interface Report {
  readonly opened: readonly Shown[];
  readonly edited: readonly Shown[];
  readonly left: readonly Shown[];
  readonly titles: readonly string[];
  readonly hover: string;
}

suiteNeeds('emacs')('Eglot as a client over --stdio', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'cors-lint-emacs-files-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const play = async (file: string, mode: string, text: string, steps: object): Promise<Report> => {
    writeFileSync(join(root, file), text);
    const command = [process.execPath, join(projectRoot, 'dist/server.js'), '--stdio'];
    return (await runEmacs(session, { root, file: join(root, file), mode, command, atFirst: 0, ...steps })) as Report;
  };

  test.each([
    [
      'app.js',
      'js-mode',
      `const cors = require('cors');
const app = require('express')();
app.use(cors({ origin: 'https://app.example.com', credentials: true }));
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`,
    ],
    [
      'api.conf',
      'conf-mode',
      `server {
    listen 80;
    location /api/ {
        add_header X-Mark "🐦"; add_header Access-Control-Allow-Origin https://app.example.com always;
        return 200;
    }
}
`,
    ],
  ])('shows a finding of unsaved text, its proof, and applies its fix: %s', async (file, mode, text) => {
    const steps = { before: 'https://app.example.com', after: 'https://app.example.com/' };
    const report = await play(file, mode, text, steps);
    expect(report.opened).toEqual([]);
    expect(report.edited).toHaveLength(1);
    expect(report.edited[0]).toMatchObject({ kind: 'eglot-error', covers: expect.stringContaining('.com/') });
    expect(report.hover).toContain('invalid-origin');
    expect(report.titles[0]).toContain('https://app.example.com');
    expect(report.left).toEqual([]);
    expect(readFileSync(join(root, file), 'utf8')).toBe(text);
  });
});
