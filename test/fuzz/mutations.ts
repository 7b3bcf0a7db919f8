import type { Random } from '../oracle/nginx-random';

/** A way to spoil a text, with the words that name it in a failure. */
export interface Mutation {
  readonly name: string;
  readonly text: string;
}

/** Pieces that mean something in one of the languages: what a tokenizer trips over. */
const PIECES =
  '{ } ( ) [ ] ; , : . ... => = == " \' ` ${ $ # // /* */ /* - ? & * ! | > @ % \\ \\\\ \r \r\n \n \t \0 \u00a0 \u2028 \ud83d \ude00 \ufeff <!-- <a> if else map { location function async await return class new import from export default require module.exports !Ref !Sub <<: &a *a null true ~ ~* ^ ^~ ~^https:// $http_origin add_header always include Access-Control-Allow-Origin cors() app.use('.split(
    ' ',
  );

/** Every spoilt form of a text that is worth a look, about `rounds` × 4 + 12 of them. */
export function* mutationsOf(text: string, random: Random, rounds: number): Generator<Mutation> {
  yield { name: 'as it is', text };
  yield { name: 'CRLF', text: text.replaceAll('\n', '\r\n') };
  yield { name: 'CR', text: text.replaceAll('\n', '\r') };
  yield { name: 'BOM', text: `\ufeff${text}` };
  yield { name: 'no last newline', text: text.trimEnd() };
  yield { name: 'one line', text: text.replaceAll('\n', ' ') };
  yield { name: 'twice', text: text + text };
  yield { name: 'tabs', text: text.replace(/^ +/gm, (spaces) => '\t'.repeat(spaces.length / 2)) };
  yield { name: 'reversed', text: [...text].reverse().join('') };
  const step = Math.max(1, Math.floor(text.length / (rounds * 2)));
  for (let at = random.below(step); at < text.length; at += step) {
    yield { name: `cut at ${at}`, text: text.slice(0, at) };
  }
  for (let i = 0; i < rounds; i++) yield characters(text, random);
  for (let i = 0; i < rounds; i++) yield tokens(text, random);
}

function characters(text: string, random: Random): Mutation {
  const at = random.below(text.length + 1);
  const end = Math.min(text.length, at + 1 + random.below(8));
  switch (random.below(4)) {
    case 0:
      return { name: `without ${at}–${end}`, text: text.slice(0, at) + text.slice(end) };
    case 1:
      return { name: `${at}–${end} doubled`, text: text.slice(0, end) + text.slice(at) };
    case 2: {
      const piece = random.pick(PIECES);
      return { name: `${JSON.stringify(piece)} at ${at}`, text: text.slice(0, at) + piece + text.slice(at) };
    }
    default: {
      const code = random.below(0x250);
      return {
        name: `U+${code.toString(16)} at ${at}`,
        text: text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1),
      };
    }
  }
}

/** Mutations of whole tokens: a text that is wrong in a way that still parses finds other faults than noise does. */
function tokens(text: string, random: Random): Mutation {
  const parts = text.split(/(\s+|\b)/);
  const at = random.below(parts.length);
  const other = random.below(parts.length);
  const changed = [...parts];
  switch (random.below(4)) {
    case 0:
      changed.splice(at, 1 + random.below(3));
      break;
    case 1:
      changed.splice(at, 0, ...parts.slice(at, at + 1 + random.below(6)));
      break;
    case 2:
      [changed[at], changed[other]] = [parts[other] ?? '', parts[at] ?? ''];
      break;
    default:
      changed[at] = random.pick(PIECES);
  }
  return { name: `token ${at} changed`, text: changed.join('') };
}

/** Texts of a size or depth that nobody writes by hand, made of one of the seeds. */
export function* monsters(
  seed: string,
  nesting: readonly (readonly [open: string, close: string])[],
): Generator<Mutation> {
  yield { name: 'empty', text: '' };
  yield { name: 'only NUL', text: '\0'.repeat(1000) };
  yield { name: 'only lone surrogates', text: '\ud83d'.repeat(1000) };
  yield { name: 'a NUL after each character', text: [...seed].join('\0') };
  yield { name: 'a very long line', text: `${seed.trimEnd()} ${'x'.repeat(200_000)}` };
  yield { name: 'a very long quoted line', text: `${seed.trimEnd()} "${'x '.repeat(100_000)}` };
  yield { name: 'very many empty lines', text: '\n'.repeat(100_000) + seed };
  yield { name: 'many copies', text: seed.repeat(Math.ceil(20_000 / Math.max(1, seed.length))) };
  for (const [open, close] of nesting) {
    yield { name: `${open} 400 deep`, text: open.repeat(400) + seed + close.repeat(400) };
    yield { name: `${open} 20,000 deep`, text: open.repeat(20_000) + seed + close.repeat(20_000) };
    yield { name: `${open} 20,000 deep, never closed`, text: seed + open.repeat(20_000) };
  }
}
