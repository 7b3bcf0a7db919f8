import { describe, expect, it } from 'vitest';
import { clientTraits } from './clientTraits';
import { createSettingsSource, readEditorSettings } from './editorSettings';

describe('reading the section', () => {
  it.each([
    [undefined, { enable: true, codeLens: false, configuration: {} }],
    [null, { enable: true, codeLens: false, configuration: {} }],
    ['nonsense', { enable: true, codeLens: false, configuration: {} }],
    [{ enable: false }, { enable: false, codeLens: false, configuration: {} }],
    [
      { enable: true, rules: {}, origins: [], ignore: [], nginxVersion: '', trace: { server: 'off' } },
      { enable: true, codeLens: false, configuration: {} },
    ],
    [
      { rules: { x: 'off' }, platforms: { nginx: false }, nginxVersion: '1.29.3' },
      {
        enable: true,
        codeLens: false,
        configuration: { rules: { x: 'off' }, platforms: { nginx: false }, nginxVersion: '1.29.3' },
      },
    ],
    // Mistakes are for the loader to report.
    [
      { origins: 'https://a.example' },
      { enable: true, codeLens: false, configuration: { origins: 'https://a.example' } },
    ],
  ])('%j', (section, settings) => {
    expect(readEditorSettings(section)).toEqual(settings);
  });
});

describe('a client that does not answer questions', () => {
  const client = clientTraits({
    processId: null,
    rootUri: null,
    capabilities: {},
    initializationOptions: { settings: { corsLint: { enable: false } } },
  });
  it('has its settings taken from the start, and from each change', async () => {
    const source = createSettingsSource(client, () => Promise.reject(new Error('not asked')));
    expect((await source.get(undefined)).enable).toBe(false);
    source.changed({ corsLint: { enable: true } });
    expect((await source.get(undefined)).enable).toBe(true);
    source.changed({ enable: false });
    expect((await source.get(undefined)).enable).toBe(false);
    source.changed(null);
    expect((await source.get(undefined)).enable).toBe(false);
  });
});

it('goes on with the defaults when the client fails to answer', async () => {
  const client = clientTraits({ processId: null, rootUri: null, capabilities: { workspace: { configuration: true } } });
  const source = createSettingsSource(client, () => Promise.reject(new Error('no')));
  expect(await source.get('file:///x')).toEqual({ enable: true, codeLens: false, configuration: {} });
});
