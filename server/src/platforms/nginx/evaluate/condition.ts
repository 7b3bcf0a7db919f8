import type { Condition } from '../../../cors/value';
import { innerRange, type Node } from '../config/node';
import type { Word } from '../syntax/tree';
import { type Known, literal } from './known';
import { originsWhere } from './origin-test';
import { cannotMatch, compilePattern } from './pattern';
import type { Run } from './run';
import { evaluate, variable } from './variables';

/** What an `if` tests (`ngx_http_rewrite_if_condition`). */
export type Test =
  | { readonly kind: 'truthy'; readonly subject: Word }
  | { readonly kind: 'equals'; readonly subject: Word; readonly negated: boolean; readonly operand: Word }
  | {
      readonly kind: 'match';
      readonly subject: Word;
      readonly negated: boolean;
      readonly ignoreCase: boolean;
      /** Its value is the pattern: variables in it are not put in. */
      readonly operand: Word;
    }
  | { readonly kind: 'file'; readonly operator: string; readonly operand: Word }
  /** nginx refuses it, with these words. */
  | { readonly kind: 'invalid'; readonly message: string; readonly word: Word };

const tests = new WeakMap<Node, Test>();

export function readTest(node: Node): Test {
  const known = tests.get(node);
  if (known !== undefined) {
    return known;
  }
  const test = parseTest(node);
  tests.set(node, test);
  return test;
}

function parseTest(node: Node): Test {
  const [first, ...others] = node.args;
  const last = node.args.at(-1);
  if (first === undefined || last === undefined || !first.value.startsWith('(')) {
    return invalid(first ?? node.directive.name);
  }
  if (!last.value.endsWith(')')) {
    return invalid(last);
  }
  const words = [first, ...others];
  words[0] = cut(first, 1, 0);
  words[words.length - 1] = cut(words[words.length - 1] ?? last, 0, 1);
  if (words[0].value === '' && words[0].quote === 'none') {
    words.shift();
  }
  if (words.at(-1)?.value === '' && words.at(-1)?.quote === 'none') {
    words.pop();
  }
  const [subject, operator, operand, ...more] = words;
  if (subject === undefined) {
    return invalid(last);
  }
  if (subject.value.length > 1 && subject.value.startsWith('$')) {
    return more.length > 0 || words.length === 2 ? invalid(subject) : variableTest(subject, operator, operand);
  }
  if (/^!?-[fdex]$/.test(subject.value) && operator !== undefined && operand === undefined) {
    return { kind: 'file', operator: subject.value, operand: operator };
  }
  return invalid(subject);
}

function variableTest(subject: Word, operator: Word | undefined, operand: Word | undefined): Test {
  if (operator === undefined || operand === undefined) {
    return { kind: 'truthy', subject };
  }
  switch (operator.value) {
    case '=':
    case '!=':
      return { kind: 'equals', subject, negated: operator.value === '!=', operand };
    case '~':
    case '~*':
    case '!~':
    case '!~*': {
      const ignoreCase = operator.value.endsWith('*');
      return { kind: 'match', subject, negated: operator.value.startsWith('!'), ignoreCase, operand };
    }
    default:
      return { kind: 'invalid', message: `unexpected "${operator.value}" in condition`, word: operator };
  }
}

function invalid(word: Word): Test {
  return { kind: 'invalid', message: `invalid condition "${word.value}"`, word };
}

/** The word without some of its first and last characters. */
function cut(word: Word, front: number, back: number): Word {
  const { start, end } = innerRange(word);
  return {
    value: word.value.slice(front, word.value.length - back),
    raw: word.raw.slice(front, word.raw.length - back),
    quote: 'none',
    range: { start: start + front, end: end - back },
  };
}

export interface Judged {
  readonly truth: boolean;
  /** What it says of the origin, where it is a test on the origin and nothing else. */
  readonly guard: Condition | undefined;
}

/** Whether the `if` is taken. What the configuration does not settle, `run.decide` does. */
export function judge(node: Node, run: Run): Judged {
  const test = readTest(node);
  switch (test.kind) {
    case 'invalid':
      return { truth: false, guard: undefined };
    case 'file': {
      const there = isThere(test, run);
      if (there !== undefined) {
        return { truth: there, guard: undefined };
      }
      // The same test on another path is another question.
      const path = run.pathAsSent || run.uri === undefined ? '' : ` for ${run.uri}`;
      const words = `\`${test.operator} ${test.operand.value}\``;
      const truth = run.decide(`${words} holds${path}`, `${words} does not hold${path}`, 'lasting');
      return { truth, guard: undefined };
    }
    default: {
      const subject = subjectOf(test.subject, node, run);
      const plain = passes(test, subject, node, run);
      const negated = test.kind !== 'truthy' && test.negated;
      const truth = plain === undefined ? decide(test, run) : plain !== negated;
      return { truth, guard: guardOf(test, subject, node, run) };
    }
  }
}

/** Where the request ends in an error, there is no file for it; otherwise an application may answer in its place. */
function isThere({ operator, operand }: Extract<Test, { kind: 'file' }>, { ending, main }: Run): boolean | undefined {
  const isOfRequest =
    /\$(?:request_filename|\{request_filename\}|document_root\$(?:uri|request_uri|fastcgi_script_name))/.test(
      operand.value,
    );
  const asksForFile = /^!?-[fe]$/.test(operator);
  return isOfRequest && asksForFile && ending !== 'success' && ending !== 301 && main === undefined
    ? operator.startsWith('!')
    : undefined;
}

function subjectOf(word: Word, node: Node, run: Run): Known {
  const written = word.value.slice(1);
  return variable(written.toLowerCase(), written, { file: node.file, ...word.range }, run);
}

type ValueTest = Exclude<Test, { kind: 'file' | 'invalid' }>;

/** Without its negation; undefined when it cannot be told. Sets the captures of a pattern that matches. */
function passes(test: ValueTest, subject: Known, node: Node, run: Run): boolean | undefined {
  const { text } = subject;
  if (text === undefined) {
    return undefined;
  }
  switch (test.kind) {
    case 'truthy':
      return text !== '' && text !== '0';
    case 'equals': {
      const operand = evaluate(test.operand, node.file, run).text;
      return operand === undefined ? undefined : text === operand;
    }
    case 'match': {
      const pattern = compilePattern(test.operand.value, test.ignoreCase);
      const groups = pattern?.exec(text);
      if (pattern === undefined && !cannotMatch(test.operand.value, test.ignoreCase, text)) {
        run.undecided = `the pattern \`${test.operand.value}\` cannot be read`;
      }
      if (pattern !== undefined && groups !== undefined) {
        capture(pattern.names, groups, { file: node.file, ...test.operand.range }, run);
      } else {
        // `ngx_http_script_regex_start_code` forgets the groups of earlier matches.
        run.captures = [];
      }
      return groups !== undefined;
    }
  }
}

/** Makes a match's groups available as `$1` and by their names. */
export function capture(
  names: ReadonlyMap<string, number>,
  groups: readonly (string | undefined)[],
  place: { readonly file: string; readonly start: number; readonly end: number },
  run: Run,
): void {
  run.captures = groups;
  for (const [name, group] of names) {
    run.variables.set(name, literal(groups[group] ?? '', place));
  }
}

function decide(test: ValueTest, run: Run): boolean {
  const subject = test.subject.value;
  switch (test.kind) {
    case 'truthy':
      return run.decide(`\`${subject}\` is set`, `\`${subject}\` is empty or 0`);
    case 'equals': {
      const operand = test.operand.value === '' ? 'empty' : `"${test.operand.value}"`;
      const truth = run.decide(`\`${subject}\` is ${operand}`, `\`${subject}\` is not ${operand}`);
      return truth !== test.negated;
    }
    case 'match': {
      const truth = run.decide(
        `\`${subject}\` matches \`${test.operand.value}\``,
        `\`${subject}\` does not match \`${test.operand.value}\``,
      );
      return truth !== test.negated;
    }
  }
}

/** The test in the model's terms, when it is one on the origin. A request without an origin needs none. */
function guardOf(test: ValueTest, subject: Known, node: Node, run: Run): Condition | undefined {
  if (run.request.origin === undefined) {
    return undefined;
  }
  const place = { file: node.file, ...(test.kind === 'truthy' ? test.subject : test.operand).range };
  const inside = test.kind === 'truthy' ? place : { file: node.file, ...innerRange(test.operand) };
  switch (test.kind) {
    case 'truthy': {
      const policy = originsWhere(subject.value, place, (text) => text === undefined || (text !== '' && text !== '0'));
      return policy && { kind: 'origin-admitted', policy };
    }
    case 'equals': {
      const operand = evaluate(test.operand, node.file, run).text;
      if (operand === undefined) {
        return undefined;
      }
      const policy = originsWhere(subject.value, inside, (text) =>
        text !== undefined ? text === operand : operand !== '' && { kind: 'equals', text: operand },
      );
      return policy && negate({ kind: 'origin-admitted', policy }, test.negated);
    }
    case 'match': {
      const source = test.operand.value;
      const policy = originsWhere(subject.value, inside, (text) => {
        if (text === undefined) {
          return { kind: 'regex', source, flags: test.ignoreCase ? 'i' : '', dialect: 'pcre' };
        }
        const pattern = compilePattern(source, test.ignoreCase);
        return pattern && pattern.exec(text) !== undefined;
      });
      return policy && negate({ kind: 'origin-admitted', policy }, test.negated);
    }
  }
}

function negate(condition: Condition, negated: boolean): Condition {
  return negated ? { kind: 'not', of: condition } : condition;
}
