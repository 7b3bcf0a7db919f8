import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startServer, stopServer } from '../client.mjs';
import { interleave, usageOf } from '../measure.mjs';
import { compare, summary } from '../statistics.mjs';

const FILES = [
  { language: 'nginx', languageId: 'nginx', path: 'nginx/site.conf', word: /location \/[a-z]+s\/30\// },
  { language: 'JavaScript', languageId: 'javascript', path: 'app.js', word: /'\/[a-z]+s\/24/ },
  { language: 'YAML', languageId: 'yaml', path: 'serverless.yml', word: /path: [a-z]+s\/24/ },
];
const WARM_UP = 20;
const STROKES = 10;

/**
 * One changed character in the middle of a file of 500 lines → its diagnostics, over the bare parse of the same text
 * by the same parser in a process of its own. Both are warm.
 */
export async function keystrokes({ server, bareParse, folders, rounds, onRound }) {
  const results = [];
  for (const file of FILES)
    results.push({
      language: file.language,
      ...(await measure(file, { server, bareParse, folders, rounds, onRound })),
    });
  return results;
}

async function measure(file, { server, bareParse, folders, rounds, onRound }) {
  const typist = await openTypist(file, server, folders.keystroke);
  const parser = await openParser(file, bareParse, folders.keystroke);
  try {
    await typist.batch(WARM_UP);
    await parser.batch(WARM_UP);
    const pairs = await interleave(
      rounds,
      () => typist.batch(STROKES),
      () => parser.batch(STROKES),
      onRound,
    );
    return { wall: compare(pairs, 'wall'), cpu: compare(pairs, 'cpu'), findings: typist.findings() };
  } finally {
    await typist.close();
    parser.close();
  }
}

/** Someone who changes one character and waits for the diagnostics, again and again. */
async function openTypist(file, script, folder) {
  const { text, uri, line, character } = target(file, folder);
  const running = await startServer(script, folder);
  const { connection, child } = running;
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: file.languageId, version: 1, text },
  });
  let version = 1;
  let found = 0;
  const stroke = async () => {
    version++;
    const begun = performance.now();
    connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [
        { range: { start: { line, character }, end: { line, character: character + 1 } }, text: 'ab'[version % 2] },
      ],
    });
    const report = await connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
    const wall = performance.now() - begun;
    if (report.kind !== 'full' && report.kind !== 'unchanged') throw new Error(`no report: ${JSON.stringify(report)}`);
    if (report.kind === 'full') found = report.items.length;
    return wall;
  };
  const batch = async (strokes) => {
    const before = await usageOf(child);
    const walls = [];
    for (let i = 0; i < strokes; i++) walls.push(await stroke());
    const after = await usageOf(child);
    return { wall: summary(walls).median, cpu: (after.cpu - before.cpu) / strokes };
  };
  return { batch, findings: () => found, close: () => stopServer(running) };
}

/** The same text, changed in the same way, parsed and nothing else. */
async function openParser(file, script, folder) {
  const { text, offset } = target(file, folder);
  const child = fork(script, { stdio: 'inherit' });
  const ask = (message) =>
    new Promise((resolve) => {
      child.once('message', resolve);
      child.send(message);
    });
  await ask({ language: file.language, text, offset });
  return { batch: (strokes) => ask({ strokes }), close: () => child.kill() };
}

function target({ path, word }, folder) {
  const file = join(folder, path);
  const text = readFileSync(file, 'utf8');
  const match = word.exec(text);
  if (match === null) throw new Error(`${path} has no ${word}`);
  // The first letter of the path's noun.
  const offset = match.index + match[0].search(/[a-z]+s\/\d+/);
  const before = text.slice(0, offset).split('\n');
  return { text, offset, uri: pathToFileURL(file).href, line: before.length - 1, character: before.at(-1).length };
}
