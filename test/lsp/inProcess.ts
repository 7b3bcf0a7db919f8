import { PassThrough } from 'node:stream';
import { createConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import type { NeutralRule, Platform } from '../../server/src/lint/types';
import { createRulePages } from '../../server/src/lsp/rulePages';
import { serve } from '../../server/src/lsp/server';
import { nodeDisk } from '../../server/src/workspace/nodeDisk';
import { openWorkspace } from '../../server/src/workspace/openWorkspace';
import { type ClientOptions, connectClient, type TestClient } from './client';
import { tiny } from './tinyPlatform';

export interface InProcessOptions extends ClientOptions {
  readonly platforms?: readonly Platform[];
  readonly rules?: readonly NeutralRule[];
  readonly pagesFolder?: string;
}

/** A client of a server in this process: the server's own code, over the smallest platform there is. */
export function startInProcess(options: InProcessOptions): Promise<TestClient> {
  const { platforms = [tiny], rules = [], pagesFolder = 'nowhere' } = options;
  const up = new PassThrough();
  const down = new PassThrough();
  serve(createConnection(new StreamMessageReader(up), new StreamMessageWriter(down)), {
    createRulePages: (link) => createRulePages(pagesFolder, link),
    disk: nodeDisk,
    version: '0.0.0',
    openWorkspace: async (workspace) => openWorkspace({ ...workspace, platforms, rules }),
  });
  return connectClient({ reader: new StreamMessageReader(down), writer: new StreamMessageWriter(up) }, options);
}
