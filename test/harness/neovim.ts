import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { needPart } from './require';

const run = promisify(execFile);

/**
 * Runs a Lua script in a headless Neovim without any user configuration, and returns what it reports.
 *
 * The script finds `input` (as a Lua value) in the global `input`, calls `report(value)` once at its end, and may
 * call `wait(function, what)`, which lets Neovim work until the function returns true and fails after ten seconds.
 * A Lua error, or an end without a report, rejects with what Neovim printed.
 */
export async function runNeovim(script: string, input: unknown): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'cors-lint-nvim-'));
  const file = (name: string) => join(folder, name);
  try {
    writeFileSync(file('input.json'), JSON.stringify(input));
    writeFileSync(file('script.lua'), script);
    writeFileSync(file('main.lua'), mainScript);
    const args = ['--headless', '--clean', '-c', `luafile ${file('main.lua')}`];
    const env = { ...process.env, XDG_STATE_HOME: folder, XDG_CACHE_HOME: folder, NVIM_TEST_FOLDER: folder };
    const { stderr } = await run(needPart('nvim'), args, { env, timeout: 60_000 });
    const report: unknown = JSON.parse(readFileSync(file('report.json'), 'utf8'));
    if (isFailure(report)) throw new Error(`Neovim: ${report.failure}\n${stderr}`);
    return report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const mainScript = `
local folder = vim.env.NVIM_TEST_FOLDER
local function write(value)
  local file = assert(io.open(folder .. '/report.json', 'w'))
  file:write(vim.json.encode(value))
  file:close()
end
local reported = false
function report(value)
  reported = true
  write(value)
end
function wait(ready, what)
  if not vim.wait(10000, ready, 20) then error('waited in vain for ' .. what, 2) end
end
local source = assert(io.open(folder .. '/input.json'))
input = vim.json.decode(source:read('*a'))
source:close()
local ok, message = pcall(dofile, folder .. '/script.lua')
if not ok then write({ failure = tostring(message) })
elseif not reported then write({ failure = 'the script ended without a report' }) end
vim.cmd('qall!')
`;

function isFailure(report: unknown): report is { readonly failure: string } {
  return typeof report === 'object' && report !== null && 'failure' in report;
}
