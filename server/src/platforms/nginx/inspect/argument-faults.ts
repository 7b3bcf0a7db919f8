import { innerRange, type Node } from '../config/node';
import { readTest } from '../evaluate/condition';
import { hasHole } from '../syntax/holes';
import type { Directive, Word } from '../syntax/tree';
import { patternFault } from './pattern-fault';
import { type Refusal, refusal } from './refusal';
import type { Contexts } from './surroundings';

/** What nginx has against the arguments of a directive whose place and number of arguments are right. */
export function argumentFault(directive: Directive, contexts: Contexts): Refusal | undefined {
  if (directive.args.some(({ raw }) => hasHole(raw))) return undefined;
  const [first, second] = directive.args;
  switch (directive.name.value) {
    case 'if':
      return conditionFault(directive);
    case 'return':
      return first && returnFault(first, directive.args.length);
    case 'error_page':
      return errorPageFault(directive.args);
    case 'limit_except':
      return limitExceptFault(directive.args);
    case 'proxy_pass':
      return first && proxyPassFault(first, directive, contexts);
    case 'rewrite':
      return first && faultInPattern(first, first.value);
    case 'location':
      return locationFault(directive);
    case 'server_name':
      return serverNameFault(directive.args);
    case 'set':
      return first && variableNameFault(first);
    case 'map':
      return second && variableNameFault(second);
    default:
      return undefined;
  }
}

/** A refusal where PCRE does not compile the pattern that a word, or its end, is. */
export function faultInPattern(word: Word, pattern: string): Refusal | undefined {
  const fault = patternFault(pattern);
  if (fault === undefined || hasHole(word.raw)) return undefined;
  return refusal(`pcre2_compile() failed: ${fault} in "${pattern}"`, word.range, { kind: 'pattern' });
}

/** `ngx_http_rewrite_if_condition` */
function conditionFault(directive: Directive): Refusal | undefined {
  const node: Node = { name: 'if', args: directive.args, file: '', directive, children: [] };
  const test = readTest(node);
  switch (test.kind) {
    case 'invalid':
      return refusal(test.message, test.word.range, { kind: 'condition' });
    case 'match':
      return faultInPattern(test.operand, test.operand.value);
    case 'equals':
    case 'truthy': {
      const braced = /^\$\{(\w*)\}?$/.exec(test.subject.value)?.[1];
      if (braced === undefined) return undefined;
      const { range } = test.subject;
      const said = `unknown "${test.subject.value.slice(1)}" variable`;
      return refusal(said, range, { kind: 'misspelt', range, meant: `$${braced}` });
    }
    default:
      return undefined;
  }
}

/** `ngx_http_rewrite_return` */
function returnFault(code: Word, count: number): Refusal | undefined {
  if (/^\d+$/.test(code.value) && Number(code.value) <= 999) return undefined;
  if (count === 1 && /^(?:https?:\/\/|\$)/.test(code.value)) return undefined;
  return refusal(`invalid return code "${code.value}"`, code.range);
}

/** `ngx_http_core_error_page` */
function errorPageFault(args: readonly Word[]): Refusal | undefined {
  const before = args.slice(0, -1);
  const answer = before.at(-1);
  if (answer?.value.startsWith('=')) {
    const status = answer.value.slice(1);
    if (before.length === 1 || (status !== '' && !/^\d+$/.test(status))) {
      return refusal(`invalid value "${answer.value}"`, answer.range);
    }
    before.pop();
  }
  for (const code of before) {
    if (!/^\d+$/.test(code.value) || Number(code.value) === 499) {
      return refusal(`invalid value "${code.value}"`, code.range);
    }
    if (Number(code.value) < 300 || Number(code.value) > 599) {
      return refusal(`value "${code.value}" must be between 300 and 599`, code.range);
    }
  }
  return undefined;
}

/** `ngx_methods_names` */
const METHODS = new Set(
  'GET HEAD POST PUT DELETE MKCOL COPY MOVE OPTIONS PROPFIND PROPPATCH LOCK UNLOCK PATCH'.split(' '),
);

function limitExceptFault(args: readonly Word[]): Refusal | undefined {
  const wrong = args.find(({ value }) => !METHODS.has(value.toUpperCase()));
  // What later versions know is not known here.
  if (wrong === undefined || /^(?:CONNECT|TRACE|QUERY)$/i.test(wrong.value)) return undefined;
  return refusal(`invalid method "${wrong.value}"`, wrong.range);
}

/** `ngx_http_proxy_pass` */
function proxyPassFault(target: Word, { parent }: Directive, contexts: Contexts): Refusal | undefined {
  if (target.value.includes('$')) return undefined;
  if (!/^https?:\/\//i.test(target.value)) return refusal('invalid URL prefix', target.range);
  const address = target.value.replace(/^https?:\/\//i, '');
  const uri = address.startsWith('unix:') ? /^unix:[^:]*:(.*)$/.exec(address)?.[1] : /[/?].*/s.exec(address)?.[0];
  const withoutPath =
    contexts === 'j' || contexts === 'x' || (contexts === 'l' && parent !== undefined && isPatternOrNamed(parent));
  if (uri === undefined || uri === '' || !withoutPath) return undefined;
  const said =
    '"proxy_pass" cannot have URI part in location given by regular expression, or inside named location, or inside "if" statement, or inside "limit_except" block';
  return refusal(said, target.range, { kind: 'proxied-path' });
}

function isPatternOrNamed({ name, args }: Directive): boolean {
  const { modifier, path } = splitLocation(args);
  return name.value === 'location' && (modifier.startsWith('~') || (modifier === '' && path.startsWith('@')));
}

/** What a location matches, and how: `=`, `^~`, `~`, `~*` or nothing (`ngx_http_core_location`). */
export function splitLocation(args: readonly Word[]): { readonly modifier: string; readonly path: string } {
  const [first, second] = args;
  if (second !== undefined) return { modifier: first?.value ?? '', path: second.value };
  const glued = /^(?:=|\^~|~\*?)/.exec(first?.value ?? '')?.[0] ?? '';
  return { modifier: glued, path: (first?.value ?? '').slice(glued.length) };
}

function locationFault({ args }: Directive): Refusal | undefined {
  const [first] = args;
  const last = args.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const { modifier, path } = splitLocation(args);
  if (!/^(?:=|\^~|~\*?)?$/.test(modifier) || (modifier === '' && args.length === 2)) {
    return refusal(`invalid location modifier "${modifier}"`, first.range);
  }
  return modifier.startsWith('~') ? faultInPattern(last, path) : undefined;
}

function serverNameFault(args: readonly Word[]): Refusal | undefined {
  for (const word of args) {
    const fault = word.value.startsWith('~') ? faultInPattern(word, word.value.slice(1)) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function variableNameFault(word: Word): Refusal | undefined {
  if (word.value.startsWith('$')) return undefined;
  const said = `invalid variable name "${word.value}"`;
  const range = innerRange(word);
  return /^\w+$/.test(word.value)
    ? refusal(said, word.range, { kind: 'misspelt', range, meant: `$${word.value}` })
    : refusal(said, word.range);
}
