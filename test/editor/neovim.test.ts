import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runNeovim } from '../harness/neovim';
import { projectRoot, suiteNeeds } from '../harness/require';

/** A session of an editor that has no pull diagnostics: what it is pushed, the fix it takes, what is left. */
const session = `
vim.cmd('edit ' .. input.file)
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.start_client({ name = 'cors-lint', cmd = input.command, root_dir = input.root })
assert(client, 'the server does not start')
vim.lsp.buf_attach_client(buffer, client)

local function found()
  return vim.tbl_map(function(item)
    return {
      code = item.code,
      line = item.lnum,
      column = item.col,
      last = item.end_col,
      severity = item.severity,
      message = item.message,
    }
  end, vim.diagnostic.get(buffer))
end
local function text()
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\\n')
end
local function replace(line, before, after)
  local now = vim.api.nvim_buf_get_lines(buffer, line, line + 1, false)[1]
  local start = now:find(before, 1, true) - 1
  vim.api.nvim_buf_set_text(buffer, line, start, line, start + #before, { after })
end

vim.wait(15000, function() return vim.lsp.get_client_by_id(client).initialized end, 20)
wait(function() return #found() == input.atFirst end, 'the first diagnostics')
local opened = found()

replace(input.edit.line, input.edit.before, input.edit.after)
wait(function() return #found() > input.atFirst end, 'diagnostics of the edited, unsaved text')
local edited = found()

local diagnostic = vim.tbl_filter(function(item) return item.code == input.fix end, vim.diagnostic.get(buffer))[1]
assert(diagnostic, 'no diagnostic ' .. input.fix)
local lsp = diagnostic.user_data.lsp
local params = vim.lsp.util.make_given_range_params(
  { diagnostic.lnum + 1, diagnostic.col }, { diagnostic.lnum + 1, diagnostic.col }, buffer, 'utf-16')
params.context = { diagnostics = { {
  range = {
    start = { line = diagnostic.lnum, character = diagnostic.col },
    ['end'] = { line = diagnostic.end_lnum, character = diagnostic.end_col },
  },
  message = diagnostic.message, code = diagnostic.code, source = diagnostic.source, severity = diagnostic.severity,
  data = lsp and lsp.data,
} } }
local answer = vim.lsp.buf_request_sync(buffer, 'textDocument/codeAction', params, 10000)
local actions = answer[client].result
assert(#actions > 0, 'no code action')
local action = actions[1]
if not action.edit and not action.command then
  action = vim.lsp.buf_request_sync(buffer, 'codeAction/resolve', action, 10000)[client].result
end
if action.edit then vim.lsp.util.apply_workspace_edit(action.edit, 'utf-16')
else vim.lsp.buf_request_sync(buffer, 'workspace/executeCommand', action.command, 10000) end
wait(function() return #found() < #edited end, 'the fix to clear its diagnostic')
vim.cmd('write')
report({
  opened = opened, edited = edited, title = action.title, text = text(), left = found(),
  titles = vim.tbl_map(function(item) return item.title end, actions),
})
`;

interface Report {
  readonly opened: readonly { readonly code: string }[];
  readonly edited: readonly { readonly code: string; readonly line: number; readonly severity: number }[];
  readonly title: string;
  readonly titles: readonly string[];
  readonly text: string;
  readonly left: readonly { readonly code: string }[];
}

suiteNeeds('nvim')('Neovim as a client over --stdio', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'cors-lint-neovim-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const play = async (file: string, text: string, steps: object): Promise<Report> => {
    writeFileSync(join(root, file), text);
    const command = [process.execPath, join(projectRoot, 'dist/server.js'), '--stdio'];
    return (await runNeovim(session, { root, file: join(root, file), command, atFirst: 0, ...steps })) as Report;
  };

  test('is pushed diagnostics of unsaved text, applies a fix and saves it: Express', async () => {
    const text = `const cors = require('cors');
const app = require('express')();
app.use(cors({ origin: 'https://app.example.com', credentials: true }));
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`;
    const edit = { line: 2, before: "'https://app.example.com'", after: "'https://app.example.com/'" };
    const report = await play('app.js', text, { edit, fix: 'invalid-origin' });
    expect(report.opened).toEqual([]);
    expect(report.edited).toMatchObject([{ code: 'invalid-origin', line: 2, severity: 1 }]);
    expect(report.text).toBe(text.trimEnd());
    expect(report.left).toEqual([]);
    expect(readFileSync(join(root, 'app.js'), 'utf8')).toBe(text);
  });

  test('counts columns as the protocol does: nginx after an astral character', async () => {
    const text = `server {
  listen 80;
  location /api/ {
    add_header X-Mark "🐦"; add_header Access-Control-Allow-Origin https://app.example.com always;
    return 200;
  }
}
`;
    const edit = { line: 3, before: 'https://app.example.com', after: 'https://app.example.com/' };
    const report = await play('api.conf', text, { edit, fix: 'invalid-origin' });
    expect(report.text).toBe(text.trimEnd());
    expect(readFileSync(join(root, 'api.conf'), 'utf8')).toBe(text);
  });
});
