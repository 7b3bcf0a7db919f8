import type { Configuration } from '../config/configuration';
import { variableName } from '../config/configuration';
import { hasHole } from '../syntax/holes';
import type { Directive, Tree } from '../syntax/tree';
import { argumentFault } from './argument-faults';
import { type DirectiveKind, kindsOf } from './directives';
import { duplicateLocations, nestingFault } from './location-faults';
import { mapFaults } from './map-faults';
import { misspeltDirective } from './misspelt';
import { again, headRange, type Refusal, refusal } from './refusal';
import { swallowedStatement } from './run-on';
import { type Contexts, contextsInside, contextsOfFile } from './surroundings';
import { variableFault } from './variable-faults';

/** What of the rest of the configuration matters here. */
export type Known = Pick<Configuration, 'kind' | 'maps' | 'assigned' | 'opaque'>;

const remembered = new WeakMap<Tree, readonly Refusal[]>();

/**
 * What of the file nginx refuses, for certain: its structure first and alone, as nothing after it is sure; else what
 * `nginx -t` would say of each directive that it knows. nginx itself stops at the first.
 */
export function refusals(tree: Tree, known: Known): readonly Refusal[] {
  const before = remembered.get(tree);
  if (before !== undefined) return before;
  const [fault] = tree.faults;
  const found: readonly Refusal[] =
    fault === undefined
      ? judgeAll(tree, known)
      : [{ said: fault.message, range: fault.range, cause: { kind: 'structure' } }];
  remembered.set(tree, found);
  return found;
}

interface Level {
  readonly directives: readonly Directive[];
  readonly contexts: Contexts;
}

function judgeAll(tree: Tree, known: Known): Refusal[] {
  const found: Refusal[] = [];
  const isDefined = definedIn(tree, known);
  const levels: Level[] = [{ directives: tree.directives, contexts: contextsOfFile(known.kind, tree) }];
  for (let level = levels.pop(); level !== undefined; level = levels.pop()) {
    const { contexts } = level;
    for (const directive of level.directives) {
      const fault = judge(directive, contexts, tree.text) ?? variableFault(directive, isDefined);
      if (fault !== undefined) found.push(fault);
      const { block } = directive;
      if (block === undefined || fault?.cause.kind === 'missing-semicolon') continue;
      if (directive.name.value === 'map') {
        for (const each of mapFaults(directive, tree.text)) found.push(each);
        continue;
      }
      const inside = contextsInside(directive, contexts);
      if (inside !== undefined) levels.push({ directives: block.directives, contexts: inside });
    }
    for (const each of repetitions(level)) found.push(each);
  }
  return found.sort((a, b) => a.range.start - b.range.start);
}

/** In the order of `ngx_conf_handler`: the name, the place, the block, the number of arguments, then their values. */
function judge(directive: Directive, contexts: Contexts, text: string): Refusal | undefined {
  const { name, args, block } = directive;
  const kinds = kindsOf(name.value);
  if (kinds.length === 0) return unknownFault(directive);
  const here = kinds.filter((kind) => [...kind.contexts].some((context) => contexts.includes(context)));
  if (here.length === 0) {
    const said = `"${name.value}" directive is not allowed here`;
    return refusal(said, name.range, { kind: 'not-allowed', directive });
  }
  const holes = args.some(({ raw }) => hasHole(raw));
  if (!here.some(({ opensBlock }) => opensBlock === (block !== undefined))) {
    const said =
      block === undefined
        ? `directive "${name.value}" has no opening "{"`
        : `directive "${name.value}" is not terminated by ";"`;
    return runOn(directive, said, text) ?? refusal(said, headRange(directive));
  }
  if (!holes && !here.some(({ takes }) => takes(args.length))) {
    return countFault(directive, text);
  }
  if (name.value === 'add_header') {
    const fault = alwaysFault(directive, text);
    if (fault !== undefined) return fault;
  }
  if (here.every(({ isFlag }) => isFlag) && !holes) {
    const fault = flagFault(directive);
    if (fault !== undefined) return fault;
  }
  return argumentFault(directive, contexts) ?? (name.value === 'location' ? nestingFault(directive) : undefined);
}

function unknownFault({ name }: Directive): Refusal | undefined {
  const meant = misspeltDirective(name.value);
  if (meant === undefined) return undefined;
  const said = `unknown directive "${name.value}"`;
  return refusal(said, name.range, { kind: 'misspelt', range: name.range, meant });
}

function countFault(directive: Directive, text: string): Refusal {
  const said = `invalid number of arguments in "${directive.name.value}" directive`;
  return runOn(directive, said, text) ?? unquoted(directive, said) ?? refusal(said, headRange(directive));
}

function alwaysFault(directive: Directive, text: string): Refusal | undefined {
  const { args } = directive;
  const third = args[2];
  if (args.length !== 3 || third === undefined || third.value === 'always' || hasHole(third.raw)) return undefined;
  const said = `invalid parameter "${third.value}"`;
  const run = runOn(directive, said, text);
  if (run !== undefined) return run;
  if (/^.?a?l?l?way?s?$/i.test(third.value)) {
    return refusal(said, third.range, { kind: 'misspelt-always', word: third });
  }
  return unquoted(directive, said) ?? refusal(said, headRange(directive));
}

/** `add_header A b, c, d;` */
function unquoted({ name, args }: Directive, said: string): Refusal | undefined {
  const value = args[1];
  if (name.value !== 'add_header' || value === undefined || args.length < 3) return undefined;
  if (args.some(({ quote }) => quote !== 'none')) return undefined;
  const words = args.slice(1, args.at(-1)?.value === 'always' ? -1 : undefined);
  const range = { start: value.range.start, end: words.at(-1)?.range.end ?? value.range.end };
  return refusal(said, range, { kind: 'unquoted-value', words });
}

/** The fault is a `;` that is missing, where a word that starts a line is a directive's name. */
function runOn(directive: Directive, said: string, text: string): Refusal | undefined {
  const at = swallowedStatement(
    directive,
    text,
    ({ quote, value }) => quote === 'none' && kindsOf(value).some(({ contexts }) => contexts !== 'm'),
  );
  if (at === undefined) return undefined;
  const range = { start: Math.max(directive.name.range.start, at - 1), end: at };
  return refusal(said, range, { kind: 'missing-semicolon', at });
}

/** `ngx_conf_set_flag_slot` */
function flagFault({ name, args }: Directive): Refusal | undefined {
  const [word] = args;
  if (word === undefined || /^(?:on|off)$/i.test(word.value)) return undefined;
  const said = `invalid value "${word.value}" in "${name.value}" directive, it must be "on" or "off"`;
  const meant = /^(?:true|yes|1|enabled?)$/i.test(word.value) ? 'on' : 'off';
  const plain = meant === 'on' || /^(?:false|no|0|disabled?)$/i.test(word.value);
  return refusal(said, word.range, plain ? { kind: 'misspelt', range: word.range, meant } : { kind: 'other' });
}

/** Directives and locations of one block that nginx takes once. */
function repetitions({ directives, contexts }: Level): Refusal[] {
  const found = duplicateLocations(directives);
  const seen = new Map<string, Directive>();
  for (const directive of directives) {
    const name = directive.name.value;
    const kinds = kindsOf(name).filter((kind) => [...kind.contexts].some((context) => contexts.includes(context)));
    if (!(isOnce(kinds) || name === 'limit_except') || !kinds.some(({ takes }) => takes(directive.args.length)))
      continue;
    const first = seen.get(name);
    if (first === undefined) seen.set(name, directive);
    else found.push(again(`"${name}" directive is duplicate`, first, directive));
  }
  return found;
}

function isOnce(kinds: readonly DirectiveKind[]): boolean {
  return kinds.length > 0 && kinds.every(({ once }) => once);
}

/** Variables that this file or, as far as they are known, others of the configuration define. */
function definedIn(tree: Tree, { maps, assigned, opaque }: Known): (name: string) => boolean {
  let captured: Set<string> | undefined;
  return (name) => {
    if (maps.has(name) || assigned.has(name) || opaque.has(name)) return true;
    captured ??= new Set(
      [...tree.text.matchAll(/\(\?P?<(\w{1,60})>|(?<![^\n])[\t ]*\w+\s+(\$\w{1,60})/g)].map(([, group, variable]) =>
        (group ?? variableName(variable) ?? '').toLowerCase(),
      ),
    );
    return captured.has(name);
  };
}
