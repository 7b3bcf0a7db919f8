/**
 * Parses a text again and again with the parser that the server uses for its language, and does nothing else. The first
 * message says which text; each further one asks for a number of parses, every time with one character changed, and is
 * answered with their median in ms and the CPU time of each.
 */
import { parse as parseJavaScript } from '@typescript-eslint/typescript-estree';
import { parseAllDocuments } from 'yaml';
import { parse as parseNginx } from '../../server/src/platforms/nginx/syntax/parse';
import { summary } from '../statistics.mjs';

const PARSERS = {
  nginx: parseNginx,
  JavaScript: (text) => parseJavaScript(text, { range: true, loc: false }),
  YAML: (text) => parseAllDocuments(text, { keepSourceTokens: true, logLevel: 'silent', prettyErrors: false }),
};

let parse;
let texts;
let turn = 0;

process.on('message', (message) => {
  if (message.strokes === undefined) {
    parse = PARSERS[message.language];
    texts = ['a', 'b'].map(
      (letter) => message.text.slice(0, message.offset) + letter + message.text.slice(message.offset + 1),
    );
    process.send('ready');
    return;
  }
  const before = process.cpuUsage();
  const walls = [];
  for (let i = 0; i < message.strokes; i++) {
    const begun = performance.now();
    parse(texts[turn++ % 2]);
    walls.push(performance.now() - begun);
  }
  const { user, system } = process.cpuUsage(before);
  process.send({ wall: summary(walls).median, cpu: (user + system) / 1000 / message.strokes });
});
