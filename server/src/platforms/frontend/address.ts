import { branchesOf, type Condition, type JsValue, truthiness } from '../../javascript';

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

/** One of the ways that an address can come out. */
interface Way {
  /** Undefined where it is not known. */
  readonly text: string | undefined;
  /** What makes it come out so, each to finish "when …". */
  readonly when: readonly string[];
}

/** Stands for a part of a path that is not known. */
const HOLE = '1';
/** More ways than this are not told apart. */
const MOST_WAYS = 32;

/**
 * Where a call goes by its URL and the base that it is resolved with; undefined for what is relative or not known. Of
 * several addresses it is the one on the developer's machine, since what runs elsewhere need not be what is read here.
 */
export function targetOf(url: JsValue, base: JsValue | undefined, variable: VariableValue): Target | undefined {
  const own = waysOf(url, variable, true);
  const start = base === undefined ? [] : waysOf(base, variable, false);
  const all = own.flatMap((way): Way[] => {
    if (way.text === undefined || isAbsolute(way.text) || start.length === 0) return [way];
    return start.map((before) => joined(before, way, beneath));
  });
  const targets = all.flatMap((way) => {
    const target = way.text === undefined ? undefined : parse(way.text);
    return target === undefined ? [] : [{ target, when: way.when }];
  });
  const chosen = targets.find(({ target }) => LOOPBACK.test(target.host)) ?? targets[0];
  if (chosen === undefined) return undefined;
  const { target } = chosen;
  const isAlways = targets.length === all.length && targets.every((each) => isSame(each.target, target));
  const shared = chosen.when.filter((words) => targets.every(({ when }) => when.includes(words)));
  const when = isAlways ? shared : chosen.when;
  if (when.length === 0) return target;
  const holds = when.join(' and ');
  return { ...target, provided: { holds, otherwise: `not: ${holds}` } };
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function isSame(a: Target, b: Target): boolean {
  return a.scheme === b.scheme && a.host === b.host && a.port === b.port && a.path === b.path;
}

function isAbsolute(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

function parse(text: string): Target | undefined {
  const [, scheme = '', host, port, path = '/'] =
    /^(https?):\/\/(\[[\da-f:]+\]|[\w.-]+)(?::(\d{1,5}))?(\/[^?#]*)?(?:[?#].*)?$/is.exec(text) ?? [];
  if (host === undefined) return undefined;
  const isSecure = scheme.toLowerCase() === 'https';
  return {
    scheme: isSecure ? 'https' : 'http',
    host: host.toLowerCase(),
    port: port === undefined ? (isSecure ? 443 : 80) : Number(port),
    path: path.replace(/\/{2,}/g, '/'),
  };
}

/** @param holes whether parts that are not known may stand in it, each a whole segment or the query */
function waysOf(value: JsValue, variable: VariableValue, holes: boolean): readonly Way[] {
  switch (value.kind) {
    case 'string':
      return [{ text: value.value, when: [] }];
    case 'number':
      return [{ text: String(value.value), when: [] }];
    case 'environment': {
      const text = variable(value.name);
      return [{ text, when: text === undefined ? [] : [asInFile(value.name)] }];
    }
    case 'template':
      return ofParts(value.parts, variable, holes);
    case 'choice':
      return branchesOf(value).flatMap((branch) => ofBranch(branch.when, branch.value, variable, holes));
    case 'new':
      return value.name === 'URL' ? resolved(value.arguments, variable, holes) : [UNKNOWN];
    case 'call':
      return ofMethod(value, variable, holes);
    case 'member':
      return ofMember(value, variable, holes);
    default:
      return [UNKNOWN];
  }
}

const UNKNOWN: Way = { text: undefined, when: [] };

function ofBranch(
  conditions: readonly Condition[],
  value: JsValue,
  variable: VariableValue,
  holes: boolean,
): readonly Way[] {
  const when: string[] = [];
  for (const condition of conditions) {
    const met = isMet(condition, variable);
    if (met === false) return [];
    if (met === undefined) when.push(condition.words);
    else if (condition.of.kind === 'environment') when.push(asInFile(condition.of.name));
  }
  if (conditions.length === 0) return [UNKNOWN];
  return waysOf(value, variable, holes).map((way) => ({ ...way, when: [...new Set([...when, ...way.when])] }));
}

/** What a file of variables says, and that there is a window in a page; undefined for what is not known. */
function isMet({ of, holds }: Condition, variable: VariableValue): boolean | undefined {
  if (of.kind === 'environment') {
    const text = variable(of.name);
    return text === undefined ? undefined : (text !== '') === holds;
  }
  const text = of.module.text.slice(of.place.start, of.place.end);
  const [, operator] = /^typeof\s+(?:window|document)\s*([!=]==?)\s*['"]undefined['"]$/.exec(text) ?? [];
  if (operator !== undefined) return operator.startsWith('!') === holds;
  const known = truthiness(of);
  return known === undefined ? undefined : known === holds;
}

function ofParts(parts: readonly JsValue[], variable: VariableValue, holes: boolean): readonly Way[] {
  let ways: readonly Way[] = [{ text: '', when: [] }];
  for (const part of parts) {
    const next = waysOf(part, variable, false);
    ways = ways.flatMap((way) => next.map((each) => joined(way, each, (a, b) => withPart(a, b, holes))));
    if (ways.length > MOST_WAYS) return [UNKNOWN];
  }
  return ways;
}

function joined(first: Way, second: Way, join: (first: string, second: string | undefined) => string | undefined): Way {
  const text = first.text === undefined ? undefined : join(first.text, second.text);
  return { text, when: [...new Set([...first.when, ...second.when])] };
}

function withPart(text: string, part: string | undefined, holes: boolean): string | undefined {
  if (part !== undefined) return text + part;
  // What follows a question mark decides nothing here.
  if (text.includes('?')) return text;
  return holes && text.endsWith('/') && /^https?:\/\/[^/]+\/|^\/[^/]/i.test(text) ? text + HOLE : undefined;
}

/** axios, ky and ofetch put one slash between a base and a path. */
function beneath(base: string, path: string | undefined): string | undefined {
  return path === undefined ? undefined : `${withoutEnd(base)}/${path.replace(/^\/+/, '')}`;
}

/** Without the slashes at its end. A regular expression would try them at each of many slashes. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end--;
  return text.slice(0, end);
}

/** `new URL(path, base)`. https://url.spec.whatwg.org/#constructors */
function resolved([path, base]: readonly JsValue[], variable: VariableValue, holes: boolean): readonly Way[] {
  if (path === undefined) return [UNKNOWN];
  const own = waysOf(path, variable, holes);
  if (base === undefined) return own;
  const start = waysOf(base, variable, false);
  return own.flatMap((way) =>
    way.text === undefined || isAbsolute(way.text) ? [way] : start.map((before) => joined(before, way, against)),
  );
}

function against(base: string, path: string | undefined): string | undefined {
  return path !== undefined && URL.canParse(path, base) ? new URL(path, base).href : undefined;
}

/** `url.toString()`; `url.replace(/\/$/, '')`, since the slashes between a base and a path are taken together. */
function ofMethod(
  { callee, arguments: [first, second] }: Extract<JsValue, { kind: 'call' }>,
  variable: VariableValue,
  holes: boolean,
): readonly Way[] {
  if (callee.kind !== 'member') return [UNKNOWN];
  if (callee.property === 'toString') return waysOf(callee.object, variable, holes);
  const isTrimmed = first?.kind === 'regexp' && /^\\\/[+*]?\$$/.test(first.pattern);
  if (callee.property !== 'replace' || !isTrimmed || second?.kind !== 'string' || second.value !== '') return [UNKNOWN];
  return waysOf(callee.object, variable, holes).map(({ text, when }) => ({
    text: text === undefined ? undefined : withoutEnd(text),
    when,
  }));
}

/** `url.href`; what Vite loads; and where the page itself is, which for a developer is at localhost. */
function ofMember(
  { object, property }: Extract<JsValue, { kind: 'member' }>,
  variable: VariableValue,
  holes: boolean,
): readonly Way[] {
  if (object.kind === 'new' && property === 'href') return waysOf(object, variable, holes);
  if (isLoaded(object, property)) {
    const text = variable(property);
    return [{ text, when: text === undefined ? [] : [asInFile(property)] }];
  }
  if (!isLocation(object)) return [UNKNOWN];
  if (property === 'hostname') return [{ text: 'localhost', when: ['the page is at localhost'] }];
  return [property === 'protocol' ? { text: 'http:', when: ['the page is at localhost'] } : UNKNOWN];
}

/**
 * Whether `loadEnv(mode, folder, prefix)` has the variable: by default those of pages, with `''` all.
 * https://vite.dev/guide/api-javascript#loadenv
 */
function isLoaded(object: JsValue, name: string): boolean {
  if (object.kind !== 'call' || object.callee.kind !== 'import') return false;
  if (object.callee.specifier !== 'vite' || object.callee.exported !== 'loadEnv') return false;
  const prefix = object.arguments[2];
  return name.startsWith(prefix?.kind === 'string' ? prefix.value : 'VITE_');
}

/** `location`, `window.location`, `document.location` */
function isLocation(value: JsValue): boolean {
  if (value.kind === 'import') return value.specifier === 'globalThis' && value.exported === 'location';
  return (
    value.kind === 'member' &&
    value.property === 'location' &&
    value.object.kind === 'import' &&
    value.object.specifier === 'globalThis'
  );
}

function asInFile(name: string): string {
  return `${name} is as in .env`;
}
