import { branchesOf, type JsValue } from '../../javascript';

/** Where a call goes. */
export interface Target {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** Without query; each hole is a segment that stands for any. */
  readonly path: string;
  /** The circumstance in which it goes there, to finish "when …"; undefined when it always does. */
  readonly provided?: { readonly holds: string; readonly otherwise: string };
}

/** A piece of text that may hold for a variable: `VITE_API` as a file of variables has it. */
export type VariableValue = (name: string) => string | undefined;

interface Text {
  readonly text: string;
  readonly provided?: Target['provided'];
}

/** Stands for a part of a path that is not known. */
const HOLE = '1';

/** Where a call goes by its URL and the base that it is resolved with; undefined for what is relative or not known. */
export function targetOf(url: JsValue, base: JsValue | undefined, variable: VariableValue): Target | undefined {
  const own = textOf(url, variable, true);
  if (own === undefined) return undefined;
  if (/^https?:\/\//i.test(own.text)) return parse(own);
  const start = base && textOf(base, variable, false);
  if (start === undefined || !/^https?:\/\//i.test(start.text)) return undefined;
  const joined = `${start.text.replace(/\/+$/, '')}/${own.text.replace(/^\/+/, '')}`;
  return parse({
    text: joined,
    ...((start.provided ?? own.provided) ? { provided: start.provided ?? own.provided } : {}),
  });
}

function parse({ text, provided }: Text): Target | undefined {
  const [, scheme = '', host, port, path = '/'] =
    /^(https?):\/\/(\[[\da-f:]+\]|[\w.-]+)(?::(\d{1,5}))?(\/[^?#]*)?(?:[?#].*)?$/is.exec(text) ?? [];
  if (host === undefined) return undefined;
  const isSecure = scheme.toLowerCase() === 'https';
  return {
    scheme: isSecure ? 'https' : 'http',
    host: host.toLowerCase(),
    port: port === undefined ? (isSecure ? 443 : 80) : Number(port),
    path: path.replace(/\/{2,}/g, '/'),
    ...(provided === undefined ? {} : { provided }),
  };
}

/** @param holes whether parts that are not known may stand in it, each a whole segment or the query */
function textOf(value: JsValue, variable: VariableValue, holes: boolean): Text | undefined {
  switch (value.kind) {
    case 'string':
      return { text: value.value };
    case 'environment': {
      const text = variable(value.name);
      return text === undefined ? undefined : { text, provided: asInFile(value.name) };
    }
    case 'template':
      return templateText(value.parts, variable, holes);
    case 'choice':
      return choiceText(value, variable, holes);
    default:
      return undefined;
  }
}

/** `import.meta.env.VITE_API || 'http://localhost:3000'`: what the file says, else the fallback. */
function choiceText(
  value: Extract<JsValue, { kind: 'choice' }>,
  variable: VariableValue,
  holes: boolean,
): Text | undefined {
  const ways = branchesOf(value).map((branch) => branch.value);
  const named = ways.find((way) => way.kind === 'environment');
  const [fallback, ...others] = ways.filter((way) => way !== named);
  if (named?.kind !== 'environment' || fallback === undefined || others.length > 0) return undefined;
  const set = textOf(named, variable, holes);
  if (set !== undefined && set.text !== '') return set;
  const text = textOf(fallback, variable, holes);
  return text && { text: text.text, provided: { holds: `${named.name} is unset`, otherwise: `${named.name} is set` } };
}

function templateText(parts: readonly JsValue[], variable: VariableValue, holes: boolean): Text | undefined {
  let text = '';
  let provided: Target['provided'];
  for (const part of parts) {
    const known = textOf(part, variable, false);
    if (known !== undefined) {
      text += known.text;
      provided ??= known.provided;
      continue;
    }
    // What follows a question mark decides nothing here.
    if (text.includes('?')) continue;
    if (!holes || !text.endsWith('/') || !/^https?:\/\/[^/]+\/|^\/[^/]/i.test(text)) return undefined;
    text += HOLE;
  }
  return { text, ...(provided === undefined ? {} : { provided }) };
}

function asInFile(name: string): NonNullable<Target['provided']> {
  return { holds: `${name} is as in .env`, otherwise: `${name} is not as in .env` };
}
