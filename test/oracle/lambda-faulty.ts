import { APP, type MadeHandler } from './lambda-grammar';
import type { Random } from './nginx-random';

const ACAO = 'Access-Control-Allow-Origin';
const ACAC = 'Access-Control-Allow-Credentials';

/** A handler as people write them, with the usual faults: no header, one for some responses only, one that no browser takes. */
export function faultyHandler({ pick, chance }: Random): MadeHandler {
  const tops = new Set<string>();
  const top = (name: string, text: string): string => {
    tops.add(text);
    return name;
  };
  const double = chance(0.3);
  const quote = (text: string): string => (double ? `"${text}"` : `'${text}'`);
  const origin = (): string =>
    pick([`'*'`, quote(APP), quote(`${APP}/`), 'event.headers.origin', quote('app.example.com')]);
  const entries = (): string =>
    pick([
      () => `${quote('Content-Type')}: ${quote('application/json')}`,
      () => `${quote('Content-Type')}: ${quote('text/plain')}`,
      () => `${quote(ACAO)}: ${origin()}`,
      () => `${quote(ACAO)}: ${origin()}, ${quote(ACAC)}: ${pick(['true', quote('true')])}`,
      () => `...${top('plain', `const plain = { 'X-Shared': '1' };`)}`,
      () => `...${top('cors', `const cors = { '${ACAO}': ${pick([`'*'`, `'${APP}'`])} };`)}, 'X-Own': '1'`,
    ])();
  const headers = (): string =>
    pick([
      () => '',
      () => `, headers: { ${entries()} }`,
      () => `, headers: {\n      ${entries()}, // what it is\n    }`,
      () => `, headers: ${top('shared', `const shared = { 'Content-Type': 'application/json' };`)}`,
    ])();
  const object = (status: number): string =>
    pick([
      () => `{ statusCode: ${status}${headers()}, body: '' }`,
      () => `{\n    statusCode: ${status}${headers()},\n    body: JSON.stringify({ a: 1 }), // told\n  }`,
      () => `{ statusCode: ${status}${headers()} }`,
    ])();
  const answer = (status: number): string =>
    pick([
      () => `return ${object(status)};`,
      () => `const response = ${object(status)};\n  return response;`,
      () =>
        `return ${top('reply', `const reply = (statusCode, body) => ({ statusCode, headers: { 'X-Reply': '1' }, body });`)}(${status}, '');`,
    ])();
  const fails = `if (event.body === 'boom') throw new Error('boom');`;
  const body = pick([
    () => answer(200),
    () => answer(201),
    () => `if (event.body === 'boom') {\n  ${answer(500)}\n  }\n  ${answer(200)}`,
    () => `try {\n  ${fails}\n  ${answer(200)}\n  } catch (error) {\n  ${answer(500)}\n  }`,
  ])();
  const handler = pick([
    () => `export const handler = async (event) => {\n  ${body}\n};`,
    () => `export async function handler(event) {\n  ${body}\n}`,
    () => `const work = async (event) => {\n  ${body}\n};\nexport { work as handler };`,
    () => `export const handler = (event, context, callback) => {\n  callback(null, ${object(200)});\n};`,
  ])();
  return { files: { 'h.mjs': `// Made up.\n${[...tops, handler].join('\n\n')}\n` }, middy: undefined };
}
