import type { Request } from '../../../cors/http';
import { parseUrl } from '../../../cors/origin';
import { matchIn, type RegexTest, searches } from '../../../cors/pattern';
import { type FunctionValue, itemsOf, type JsValue, type Reader } from '../../../javascript';
import { isGlobal } from '../../../javascript/calls';
import { isNeverEmpty, isOfWhole } from '../../../javascript/patterns';
import { isNullish, isThing, type Outcome, type Thing, truth } from './outcome';
import { headerOf, isAnonymous, isOptional } from './requestMembers';
import type { RequestNames } from './requestNames';

type Pattern = Extract<JsValue, { kind: 'regexp' }>;

/** A call: of a function that can be read, or of a method of the request, a pattern, a text or a list. */
export function callFor(
  reader: Reader,
  call: Extract<JsValue, { kind: 'call' }>,
  request: Request,
  names: RequestNames,
  go: (of: JsValue) => Outcome,
): Outcome {
  const { callee } = call;
  const [first] = call.arguments;
  if (callee.kind === 'import' && callee.exported === 'parse' && /^(?:node:)?url$/.test(callee.specifier) && first) {
    const text = go(first);
    if (text === null || text === 'throws') return text;
    const url = typeof text.is === 'string' ? parseUrl(text.is) : undefined;
    return url === undefined ? null : { is: { url } };
  }
  if (callee.kind === 'function') {
    const given = applied(reader, callee, call.arguments, call, 0);
    return given === null || given.kind === 'call' ? null : go(given);
  }
  if (callee.kind !== 'member') return null;
  const { object, property } = callee;
  if (property === 'canParse' && first && call.arguments.length === 1 && isGlobal(object, 'URL'))
    return canParse(go(first));
  if (names.isRequest(object)) {
    if ((property === 'get' || property === 'header') && first) {
      const name = go(first);
      return name !== null && name !== 'throws' && typeof name.is === 'string'
        ? headerOf(request, name.is.toLowerCase())
        : null;
    }
    return property === 'isAuthenticated' && isAnonymous(request) ? { is: false } : null;
  }
  if (object.kind === 'regexp') {
    if (property !== 'test' && property !== 'exec') return null;
    const found = first ? matchFor(object, go(first)) : null;
    return property === 'exec' ? matchOf(object, first ? go(first) : null, found) : found;
  }
  const owner = go(object);
  if (owner === null || owner === 'throws') return owner;
  if (isNullish(owner.is)) return isOptional(call) ? { is: undefined } : 'throws';
  if (typeof owner.is === 'string') return onText(owner.is, property, call.arguments, go);
  if (isThing(owner.is) && 'list' in owner.is) return onList(reader, owner.is, object, property, call, go);
  return null;
}

/** `URL.canParse(text)`. */
function canParse(text: Outcome): Outcome {
  if (text === null || text === 'throws') return text;
  return isThing(text.is) ? null : { is: parseUrl(String(text.is)) !== undefined };
}

/** What functions give back, by the call and how often it has called before: the same for every request. */
const results = new WeakMap<JsValue, Map<number, JsValue | null>>();

function applied(
  reader: Reader,
  fn: FunctionValue,
  args: readonly JsValue[],
  call: JsValue,
  round: number,
): JsValue | null {
  const known = results.get(call) ?? new Map<number, JsValue | null>();
  results.set(call, known);
  const before = known.get(round);
  if (before !== undefined) return before;
  const result = reader.apply(fn, args, call);
  known.set(round, result);
  return result;
}

function testOf({ pattern, flags }: Pattern): RegexTest {
  return { kind: 'regex', source: pattern, flags, dialect: 'ecmascript' };
}

function matchFor(pattern: Pattern, subject: Outcome): Outcome {
  if (subject === null || subject === 'throws') return subject;
  if (isThing(subject.is)) return null;
  const found = searches(testOf(pattern), String(subject.is));
  return found === undefined ? null : { is: found };
}

/** What `match` and `exec` give: a list that begins with what was found, or null. */
function matchOf(pattern: Pattern, subject: Outcome, found: Outcome): Outcome {
  if (found === null || found === 'throws') return found;
  if (found.is !== true) return { is: null };
  return { is: { list: [firstOf(testOf(pattern), subject)], open: true } };
}

function firstOf(test: RegexTest, subject: Outcome): Outcome {
  if (isOfWhole(test)) return subject;
  const text = subject !== null && subject !== 'throws' && typeof subject.is === 'string' ? subject.is : undefined;
  const match = text === undefined ? undefined : matchIn(test, text);
  if (text !== undefined && match) return { is: text.slice(match.start, match.end) };
  return isNeverEmpty(test) ? { is: { someText: true } } : null;
}

function onText(text: string, method: string, args: readonly JsValue[], go: (of: JsValue) => Outcome): Outcome {
  const [first] = args;
  switch (method) {
    case 'toUpperCase':
      return { is: text.toUpperCase() };
    case 'toLowerCase':
      return { is: text.toLowerCase() };
    case 'trim':
      return { is: text.trim() };
    case 'toString':
      return { is: text };
  }
  if (first === undefined) return null;
  if (method === 'match' || method === 'search') {
    const pattern =
      first.kind === 'string' ? { ...first, kind: 'regexp' as const, pattern: first.value, flags: '' } : first;
    if (pattern.kind !== 'regexp') return null;
    const found = matchFor(pattern, { is: text });
    if (method === 'match') return matchOf(pattern, { is: text }, found);
    if (found === 'throws') return found;
    return found && found.is === false ? { is: -1 } : null;
  }
  const argument = go(first);
  if (argument === null || argument === 'throws') return argument;
  // What is no text becomes text: `'…'.includes(undefined)` looks for "undefined".
  if (isThing(argument.is)) return null;
  const part = String(argument.is);
  switch (method) {
    case 'includes':
      return { is: text.includes(part) };
    case 'startsWith':
      return { is: text.startsWith(part) };
    case 'endsWith':
      return { is: text.endsWith(part) };
    case 'indexOf':
      return { is: text.indexOf(part) };
    case 'lastIndexOf':
      return { is: text.lastIndexOf(part) };
    case 'split':
      if (argument.is === undefined) return { is: { list: [{ is: text }], open: false } };
      return { is: { list: text.split(part).map((is) => ({ is })), open: false } };
    default:
      return null;
  }
}

function onList(
  reader: Reader,
  list: Extract<Thing, { list: unknown }>,
  object: JsValue,
  method: string,
  call: Extract<JsValue, { kind: 'call' }>,
  go: (of: JsValue) => Outcome,
): Outcome {
  const [first] = call.arguments;
  if (first === undefined) return null;
  switch (method) {
    case 'includes':
    case 'has':
    case 'indexOf': {
      const wanted = go(first);
      if (wanted === 'throws') return wanted;
      const index = indexIn(list, wanted);
      return index === undefined ? null : { is: method === 'indexOf' ? index : index >= 0 };
    }
    case 'some':
    case 'every':
    case 'find':
    case 'findIndex':
    case 'filter':
      return first.kind === 'function' ? quantified(reader, method, itemsOf(object), first, call, go) : null;
    default:
      return null;
  }
}

function indexIn(list: Extract<Thing, { list: unknown }>, wanted: Exclude<Outcome, 'throws'>): number | undefined {
  if (wanted === null) return undefined;
  let unsure = list.open;
  for (const [i, item] of list.list.entries()) {
    if (item === null || item === 'throws') unsure = true;
    else if (item.is === wanted.is) return unsure && !list.open ? undefined : i;
  }
  return unsure ? undefined : -1;
}

function quantified(
  reader: Reader,
  method: 'some' | 'every' | 'find' | 'findIndex' | 'filter',
  { items, rest }: ReturnType<typeof itemsOf>,
  test: Extract<JsValue, { kind: 'function' }>,
  call: Extract<JsValue, { kind: 'call' }>,
  go: (of: JsValue) => Outcome,
): Outcome {
  const stops = method !== 'every';
  let unsure = rest !== null;
  const kept: Outcome[] = [];
  for (const [i, item] of items.entries()) {
    const given = applied(reader, test, [item], call, i);
    const holds = given === null ? undefined : truth(go(given));
    if (holds === undefined) unsure = true;
    else if (holds === 'throws') return unsure ? null : holds;
    else if (method === 'filter') {
      if (holds) kept.push(go(item));
    } else if (holds === stops) {
      if (method === 'find') return unsure ? null : go(item);
      if (method === 'findIndex') return unsure ? null : { is: i };
      return { is: stops };
    }
  }
  if (unsure) return null;
  if (method === 'filter') return { is: { list: kept, open: false } };
  if (method === 'find') return { is: undefined };
  return { is: method === 'findIndex' ? -1 : !stops };
}
