// Runs handlers as Lambda does and prints what they answer. Its own process: what a handler breaks stays here.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

console.error = () => {};
console.info = () => {};

const jobs = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const answers = [];
for (const { file, events } of jobs) {
  const { handler } = await import(pathToFileURL(file).href);
  const given = [];
  for (const event of events) given.push(await answerOf(handler, event));
  answers.push(given);
}
process.stdout.write(JSON.stringify(answers));

/** A promise, a callback or the context's methods, whichever comes first; what is handed on is JSON. */
async function answerOf(handler, event) {
  try {
    const answer = await new Promise((settle, fail) => {
      const done = (error, value) => (error ? fail(error) : settle(value));
      const context = { done, succeed: settle, fail: (error) => fail(error ?? 'handled') };
      const returned = handler(event, context, done);
      if (typeof returned?.then === 'function') returned.then(settle, fail);
    });
    return { answer: JSON.parse(JSON.stringify(answer ?? null)) };
  } catch (error) {
    return { error: String(error) };
  }
}
