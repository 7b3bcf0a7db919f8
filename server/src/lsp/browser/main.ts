/** The language server in a worker of a browser. Whoever starts it says first where its scripts are. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { version } from '../../../../package.json';
import type { OpenWorkspace } from '../folders';
import type { RulePages } from '../rulePages';
import { serve } from '../server';
import { provideScripts } from './scripts';

declare const self: Parameters<typeof provideScripts>[0] &
  ConstructorParameters<typeof BrowserMessageReader>[0] & {
    addEventListener(
      type: 'message',
      listener: (event: { readonly data: unknown }) => void,
      once: { once: true },
    ): void;
  };

self.addEventListener('message', ({ data }: { readonly data: unknown }) => start(readFolder(data)), { once: true });

function start(folder: string): void {
  provideScripts(self, folder);
  serve(createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self)), {
    openWorkspace,
    disk: undefined,
    createRulePages,
    version,
  });
}

function readFolder(message: unknown): string {
  if (typeof message === 'object' && message !== null && 'scripts' in message && typeof message.scripts === 'string') {
    return message.scripts;
  }
  throw new Error('The first message must say where the scripts are.');
}

/** Platforms and rules are set up when the first file comes, as in Node.js. */
const openWorkspace: OpenWorkspace = async (options) => {
  const [workspace, registry] = await Promise.all([
    import('../../workspace/openWorkspace'),
    import('../../lint/registry'),
  ]);
  return workspace.openWorkspace({ ...options, platforms: registry.platforms, rules: registry.rules });
};

/** The pages are files of the extension, which its client shows. Every rule has one. */
function createRulePages(template: string | undefined): RulePages {
  return {
    link: (rule) => template?.replaceAll('{rule}', encodeURIComponent(rule)),
    read: () => undefined,
  };
}
