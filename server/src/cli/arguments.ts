import { parseArgs } from 'node:util';
import { toLevel } from '../config/check';
import { LEVELS, type Level } from '../config/settings';
import { didYouMean } from '../config/suggest';

export type Format = 'stylish' | 'json';
export type AuditFormat = Format | 'html' | 'markdown' | 'sarif';
const FORMATS: readonly Format[] = ['stylish', 'json'];
const AUDIT_FORMATS: readonly AuditFormat[] = [...FORMATS, 'html', 'markdown', 'sarif'];

export interface AuditCommand {
  readonly kind: 'audit';
  /** As given; empty for the working directory. */
  readonly paths: readonly string[];
  readonly format: AuditFormat;
  readonly fix: boolean;
  /** Whether JSON has the endpoints and who passes requests on to whom. */
  readonly endpoints: boolean;
  readonly useFiles: boolean;
  /** Whether there are such rules is not known here. */
  readonly rules: Readonly<Record<string, Level>>;
  readonly maxWarnings: number | undefined;
}

export interface TryCommand {
  readonly kind: 'try';
  readonly file: string;
  readonly url: string;
  readonly origin: string | undefined;
  readonly method: string;
  /** `Name` or `Name: value`. */
  readonly headers: readonly string[];
  readonly credentials: boolean;
  readonly status: number | undefined;
  readonly format: Format;
  readonly useFiles: boolean;
}

export interface ExplainCommand {
  readonly kind: 'explain';
  /** Undefined when it comes from standard input. */
  readonly message: string | undefined;
  readonly origin: string | undefined;
  readonly format: Format;
  readonly useFiles: boolean;
}

export type Command =
  | AuditCommand
  | TryCommand
  | ExplainCommand
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  /** A sentence or two that say what is wrong. */
  | { readonly kind: 'mistake'; readonly message: string };

type Word = 'audit' | 'try' | 'explain';

const WORDS: readonly Word[] = ['audit', 'try', 'explain'];

interface Option {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** The commands that know it; all when left out. */
  readonly of?: readonly Word[];
  readonly multiple?: boolean;
}

const OPTIONS: Readonly<Record<string, Option>> = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  format: { type: 'string' },
  'no-config': { type: 'boolean' },
  fix: { type: 'boolean', of: ['audit'] },
  endpoints: { type: 'boolean', of: ['audit'] },
  rule: { type: 'string', of: ['audit'], multiple: true },
  'max-warnings': { type: 'string', of: ['audit'] },
  url: { type: 'string', of: ['try'] },
  origin: { type: 'string', of: ['try', 'explain'] },
  method: { type: 'string', of: ['try'] },
  header: { type: 'string', of: ['try'], multiple: true },
  credentials: { type: 'boolean', of: ['try'] },
  status: { type: 'string', of: ['try'] },
};

/** Reads the arguments after the program's name. Looks at no file and never throws. */
export function parseArguments(args: readonly string[]): Command {
  try {
    return understand(args);
  } catch (error) {
    if (error instanceof Mistake) return { kind: 'mistake', message: error.message };
    throw error;
  }
}

class Mistake extends Error {}

function understand(args: readonly string[]): Command {
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const [word] = positionals;
  const named = WORDS.find((each) => each === word);
  const kind = named ?? 'audit';
  const operands = named === undefined ? positionals : positionals.slice(1);
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    if (option === undefined) throw new Mistake(`There is no option ${rawName}.${suggestOption(rawName)}`);
    if (option.of !== undefined && !option.of.includes(kind)) {
      const owners = option.of.map((each) => `"cors-lint ${each}"`).join(' and ');
      throw new Mistake(`${rawName} belongs to ${owners}, not to "cors-lint ${kind}".`);
    }
    if (option.type === 'boolean') {
      if (value !== undefined) throw new Mistake(`${rawName} takes no value.`);
      flags.add(name);
      continue;
    }
    if (value === undefined || value === '') throw new Mistake(`${rawName} needs a value.`);
    const given = values.get(name) ?? [];
    if (given.length > 0 && !option.multiple) throw new Mistake(`${rawName} is given twice.`);
    values.set(name, [...given, value]);
  }
  if (flags.has('help')) return { kind: 'help' };
  if (flags.has('version')) return { kind: 'version' };
  const one = (name: string) => values.get(name)?.[0];
  const useFiles = !flags.has('no-config');
  const format = one('format') ?? 'stylish';
  if (kind === 'audit') {
    if (flags.has('endpoints') && format !== 'json') {
      throw new Mistake('--endpoints needs --format json; html and markdown have the endpoints anyway.');
    }
    return {
      kind,
      format: toFormat(format, AUDIT_FORMATS),
      useFiles,
      paths: operands,
      endpoints: flags.has('endpoints'),
      fix: flags.has('fix'),
      rules: Object.fromEntries((values.get('rule') ?? []).map(toRule)),
      maxWarnings: toCount('--max-warnings', one('max-warnings')),
    };
  }
  if (kind === 'explain') {
    const [message, ...rest] = operands;
    if (rest.length > 0) throw new Mistake('"cors-lint explain" takes one message: put quotes around the whole of it.');
    return {
      kind,
      format: toFormat(format, FORMATS),
      useFiles,
      message: message === '-' ? undefined : message,
      origin: one('origin'),
    };
  }
  const [file, ...more] = operands;
  if (file === undefined)
    throw new Mistake('"cors-lint try" needs the file to try, as in: cors-lint try FILE --url URL');
  if (more.length > 0) throw new Mistake(`"cors-lint try" takes one file, and "${more[0]}" is one too many.`);
  const url = one('url');
  if (url === undefined) throw new Mistake('"cors-lint try" needs --url, the address that the front end fetches.');
  return {
    kind,
    format: toFormat(format, FORMATS),
    useFiles,
    file,
    url,
    origin: one('origin'),
    method: toMethod(one('method') ?? 'GET'),
    headers: values.get('header') ?? [],
    credentials: flags.has('credentials'),
    status: toStatus(one('status')),
  };
}

function suggestOption(rawName: string): string {
  const best = didYouMean(rawName.replace(/^-+/, ''), Object.keys(OPTIONS));
  return best.replace(/"(.*)"/, '--$1');
}

function toFormat<F extends string>(text: string, known: readonly F[]): F {
  const format = known.find((each) => each === text);
  if (format !== undefined) return format;
  if (AUDIT_FORMATS.some((each) => each === text)) {
    throw new Mistake(`--format ${text} belongs to "cors-lint audit". Here it must be ${known.join(' or ')}.`);
  }
  const list = `${known.slice(0, -1).join(', ')} or ${known.at(-1) ?? ''}`;
  throw new Mistake(`--format must be ${list}, not "${text}".${didYouMean(text, known)}`);
}

function toRule(text: string): [string, Level] {
  const [, id, word] = /^([^=:\s]+)[=:](.*)$/.exec(text) ?? [];
  if (id === undefined) throw new Mistake(`--rule wants ID=LEVEL, as in --rule null-origin=error, not "${text}".`);
  const level = toLevel(word);
  if (level === undefined) {
    throw new Mistake(
      `The level of ${id} must be one of ${LEVELS.join(', ')}, not "${word}".${didYouMean(word ?? '', LEVELS)}`,
    );
  }
  return [id, level];
}

function toCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Mistake(`${name} must be a whole number, not "${text}".`);
  return Number(text);
}

/** https://httpwg.org/specs/rfc9110.html#method.overview */
function toMethod(text: string): string {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text)) throw new Mistake(`"${text}" is not a method.`);
  return text;
}

function toStatus(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-5]\d\d$/.test(text)) throw new Mistake(`--status must be a status code such as 500, not "${text}".`);
  return Number(text);
}
