import type { Range } from '../cors/place';
import { originMistake } from './origin';
import { PLATFORM_IDS } from './platforms';
import { type Configuration, LEVELS, type Level } from './settings';
import { didYouMean } from './suggest';
import { describe, type Tree } from './tree';

/** A mistake, and where it stands if it stands in a text. */
export interface Mistake {
  readonly range?: Range;
  readonly message: string;
}

/** What is allowed to stand in a configuration. */
export interface Allowed {
  readonly ruleIds: ReadonlySet<string>;
  /** False for the editor's settings, which hold keys that are the editor's own business. */
  readonly reportUnknownKeys: boolean;
}

/** The keys of a configuration; `$schema` is for editors. */
export const KEYS = ['rules', 'platforms', 'ignore', 'origins', 'nginxVersion'] as const;

/** Takes out of a tree what is right, and says of the rest what is wrong with it. Never throws. */
export function checkConfiguration(
  tree: Tree,
  allowed: Allowed,
): { readonly configuration: Configuration; readonly mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = [];
  const complain: Complain = (range, message) => mistakes.push({ ...(range && { range }), message });
  if (tree.kind !== 'object') {
    complain(tree.range, `The configuration must be an object, as in { "rules": {} }, not ${describe(tree)}.`);
    return { configuration: {}, mistakes };
  }
  let configuration: Configuration = {};
  for (const { key, keyRange, value } of tree.members) {
    // The parser itself complains of a key without a value.
    if (value === undefined || isUnset(value)) continue;
    if (key === 'rules') configuration = { ...configuration, rules: rules(value, allowed.ruleIds, complain) };
    else if (key === 'platforms') configuration = { ...configuration, platforms: platforms(value, complain) };
    else if (key === 'ignore') configuration = { ...configuration, ignore: texts(value, 'ignore', complain) };
    else if (key === 'origins') configuration = { ...configuration, origins: origins(value, complain) };
    else if (key === 'nginxVersion') configuration = { ...configuration, ...nginxVersion(value, complain) };
    else if (key !== '$schema' && allowed.reportUnknownKeys) {
      complain(keyRange, `"${key}" is not a setting.${didYouMean(key, KEYS) || ` There are ${KEYS.join(', ')}.`}`);
    }
  }
  return { configuration, mistakes };
}

type Complain = (range: Range | undefined, message: string) => void;

/** Editors send null or empty text for what the user has not set. */
function isUnset(tree: Tree): boolean {
  return (
    tree.range === undefined && (tree.kind === 'other' ? tree.value == null : tree.kind === 'string' && !tree.text)
  );
}

function rules(tree: Tree, ids: ReadonlySet<string>, complain: Complain): Record<string, Level> {
  const found: Record<string, Level> = {};
  if (tree.kind !== 'object') {
    complain(tree.range, `"rules" must be an object of rule and level, not ${describe(tree)}.`);
    return found;
  }
  for (const { key, keyRange, value } of tree.members) {
    if (!ids.has(key)) {
      complain(keyRange, `There is no rule "${key}".${didYouMean(key, ids) || ' Look it up in the table of rules.'}`);
      continue;
    }
    if (value === undefined || isUnset(value)) continue;
    const level = toLevel(value.kind === 'string' ? value.text : undefined);
    if (level === undefined) complain(value.range, levelMistake(key, value));
    else found[key] = level;
  }
  return found;
}

function platforms(tree: Tree, complain: Complain): Record<string, boolean> {
  const found: Record<string, boolean> = {};
  if (tree.kind !== 'object') {
    complain(tree.range, `"platforms" must be an object of platform and true or false, not ${describe(tree)}.`);
    return found;
  }
  for (const { key, keyRange, value } of tree.members) {
    if (!PLATFORM_IDS.includes(key)) {
      const hint = didYouMean(key, PLATFORM_IDS) || ` There are ${PLATFORM_IDS.join(', ')}.`;
      complain(keyRange, `There is no platform "${key}".${hint}`);
    } else if (value?.kind === 'other' && typeof value.value === 'boolean') found[key] = value.value;
    else if (value !== undefined && !isUnset(value)) {
      complain(value.range, `Say true or false of the platform "${key}", not ${describe(value)}.`);
    }
  }
  return found;
}

/** The level that a text names, or undefined. */
export function toLevel(text: string | undefined): Level | undefined {
  return LEVELS.find((level) => level === text);
}

/** Words of other linters. */
const OTHER_WORDS: ReadonlyMap<string, Level> = new Map([
  ['warn', 'warning'],
  ['information', 'info'],
  ['on', 'warning'],
  ['false', 'off'],
  ['true', 'warning'],
  ['0', 'off'],
  ['1', 'warning'],
  ['2', 'error'],
]);

function levelMistake(id: string, value: Tree): string {
  const written = value.kind === 'string' ? value.text : value.kind === 'other' ? String(value.value) : '';
  const other = OTHER_WORDS.get(written.toLowerCase());
  const hint = other === undefined ? didYouMean(written, LEVELS) : ` Did you mean "${other}"?`;
  return `The level of "${id}" must be one of ${LEVELS.join(', ')}, not ${describe(value)}.${hint}`;
}

function texts(tree: Tree, key: string, complain: Complain): string[] {
  return textItems(tree, key, complain).map(({ text }) => text);
}

function textItems(tree: Tree, key: string, complain: Complain): (Tree & { kind: 'string' })[] {
  if (tree.kind !== 'array') {
    complain(tree.range, `"${key}" must be a list of texts, not ${describe(tree)}.`);
    return [];
  }
  return tree.items.flatMap((item) => {
    if (item.kind === 'string') return [item];
    complain(item.range, `"${key}" must hold texts only, not ${describe(item)}.`);
    return [];
  });
}

function origins(tree: Tree, complain: Complain): string[] {
  return textItems(tree, 'origins', complain).flatMap(({ text, range }) => {
    const mistake = originMistake(text);
    if (mistake === undefined) return [text];
    const instead = mistake.instead === undefined ? '' : ` Write "${mistake.instead}".`;
    complain(range, `"${text}" is not an origin: ${mistake.why}.${instead}`);
    return [];
  });
}

function nginxVersion(tree: Tree, complain: Complain): Pick<Configuration, 'nginxVersion'> {
  if (tree.kind === 'string' && /^\d+\.\d+(\.\d+)?$/.test(tree.text)) return { nginxVersion: tree.text };
  complain(tree.range, `"nginxVersion" must be a text such as "1.29.3", not ${describe(tree)}.`);
  return {};
}
