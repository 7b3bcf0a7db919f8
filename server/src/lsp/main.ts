/**
 * The language server. `--stdio` is how any editor starts it and the default; `--node-ipc`, `--pipe=NAME` and
 * `--socket=PORT` are the protocol's other ways.
 */
import path from 'node:path';
import { createConnection } from 'vscode-languageserver/node';
import { version } from '../../../package.json';
import { nodeDisk } from '../workspace/nodeDisk';
import type { OpenWorkspace } from './folders';
import { createRulePages } from './rulePages';
import { serve } from './server';

const TRANSPORTS = /^--(?:stdio$|node-ipc$|pipe\b|socket\b)/;
if (!process.argv.some((argument) => TRANSPORTS.test(argument))) process.argv.push('--stdio');

/** Platforms and rules are loaded here, when the first file comes: an editor waits for the server's start. */
const openWorkspace: OpenWorkspace = async (options) => {
  const [workspace, registry] = await Promise.all([import('../workspace/openWorkspace'), import('../lint/registry')]);
  return workspace.openWorkspace({ ...options, platforms: registry.platforms, rules: registry.rules });
};

serve(createConnection(), {
  openWorkspace,
  disk: nodeDisk,
  createRulePages: (link) => createRulePages(path.join(__dirname, '../docs/rules'), link),
  version,
});
