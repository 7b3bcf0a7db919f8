/**
 * The language server. `--stdio` is how any editor starts it and the default; `--node-ipc`, `--pipe=NAME` and
 * `--socket=PORT` are the protocol's other ways.
 */
import path from 'node:path';
import { createConnection } from 'vscode-languageserver/node';
import { version } from '../../../package.json';
import { serve } from './server';

const TRANSPORTS = /^--(?:stdio$|node-ipc$|pipe\b|socket\b)/;
if (!process.argv.some((argument) => TRANSPORTS.test(argument))) process.argv.push('--stdio');

serve(createConnection(), { pagesFolder: path.join(__dirname, '../docs/rules'), version });
