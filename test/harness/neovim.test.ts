import { expect, test } from 'vitest';
import { runNeovim } from './neovim';
import { suiteNeeds } from './require';

suiteNeeds('nvim')('the Neovim rig', () => {
  test('hands the input to the script and its report back', async () => {
    const script = `vim.api.nvim_buf_set_lines(0, 0, -1, false, { input.text, 'two' })
      report({ lines = vim.api.nvim_buf_get_lines(0, 0, -1, false) })`;
    expect(await runNeovim(script, { text: 'one' })).toEqual({ lines: ['one', 'two'] });
  });

  test('fails with the message of a Lua error', async () => {
    await expect(runNeovim(`error('this is wrong')`, {})).rejects.toThrow('this is wrong');
    await expect(runNeovim('local x = 1', {})).rejects.toThrow('without a report');
  });
});
