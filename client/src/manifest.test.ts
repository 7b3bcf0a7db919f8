import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json';
import { CLIENT_COMMANDS } from '../../server/src/lsp/protocol';
import * as commands from './commands';
import { selectDocuments } from './languages';

const root = join(import.meta.dirname, '../..');
const { contributes } = manifest;

describe('the manifest', () => {
  it.each([
    manifest.icon,
    ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
    ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
    ...contributes.jsonValidation.map(({ url }) => url),
    ...contributes.grammars.map(({ path }) => path),
    ...contributes.languages.flatMap((language) => ('configuration' in language ? [language.configuration] : [])),
  ])('names a file that is there: %s', (file) => {
    expect(existsSync(join(root, String(file)))).toBe(true);
  });

  it('contributes the commands that the extension registers, and no others', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(commands).sort());
  });

  it('has only its own commands in menus and welcome texts', () => {
    const ofTheEditor = ['vscode.openFolder', 'editor.action.quickFix', 'workbench.action.openSettings'];
    const known = new Set<string>([...Object.values(commands), ...ofTheEditor]);
    const inMenus = Object.values(contributes.menus).flatMap((items) =>
      items.flatMap((item) => ('command' in item ? [item.command] : [])),
    );
    const texts = [
      ...contributes.viewsWelcome.map(({ contents }) => contents),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ description }) => description)),
    ];
    const inTexts = texts.flatMap((text) =>
      [...text.matchAll(/\(command:([\w.]+)/g)].map(([, command = '']) => command),
    );
    expect([...inMenus, ...inTexts].filter((command) => !known.has(command))).toEqual([]);
  });

  it('carries out every command that the server may offer to a client', () => {
    const known = new Set<string>(Object.values(commands));
    expect(Object.values(CLIENT_COMMANDS).filter((command) => !known.has(command))).toEqual([]);
  });

  it('starts the extension for every language that the server is told of', () => {
    const languages = selectDocuments([]).flatMap((filter) => ('language' in filter ? [filter.language] : []));
    const missing = [...new Set(languages)].filter((id) => !manifest.activationEvents.includes(`onLanguage:${id}`));
    expect(missing).toEqual([]);
  });

  it('names each activation event once', () => {
    expect(new Set(manifest.activationEvents).size).toBe(manifest.activationEvents.length);
  });

  it('describes every setting and says where it may be set', () => {
    for (const [name, setting] of Object.entries(contributes.configuration.properties)) {
      expect(setting, name).toMatchObject({
        markdownDescription: expect.stringMatching(/\.$/),
        scope: expect.stringMatching(/^(resource|window)$/),
        default: expect.anything(),
      });
    }
  });

  it('runs in workspaces that are not trusted', () => {
    expect(manifest.capabilities.untrustedWorkspaces.supported).toBe(true);
  });
});
