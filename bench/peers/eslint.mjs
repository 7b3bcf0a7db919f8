/**
 * ESLint with eslint-plugin-sonarjs's CORS rule (S5122) alone, over every .js file below a folder. Only the module of
 * that rule is loaded, not the plugin's other 260: the best case for ESLint.
 */
import { createRequire } from 'node:module';
import { ESLint } from 'eslint';

const require = createRequire(import.meta.url);
const { rule } = require('eslint-plugin-sonarjs/cjs/S5122/rule.js');

const eslint = new ESLint({
  cwd: process.argv[2],
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ['**/*.js'],
      languageOptions: { sourceType: 'commonjs' },
      plugins: { sonarjs: { rules: { cors: rule } } },
      rules: { 'sonarjs/cors': 'error' },
    },
  ],
});
const results = await eslint.lintFiles(['.']);
const formatter = await eslint.loadFormatter('json');
const output = await formatter.format(results);
const messages = results.flatMap((result) => result.messages);
const fatal = messages.find((message) => message.fatal);
if (fatal) throw new Error(fatal.message);
console.log(JSON.stringify({ files: results.length, findings: messages.length, bytes: output.length }));
