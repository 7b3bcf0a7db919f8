import {
  deref,
  entryOf,
  type YamlEntry,
  type YamlList,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
  type YamlValue,
} from '../../yaml/tree';
import { type Intrinsic, intrinsicOf } from './functions';
import { conditionWords, type Decide } from './worlds';

/** What a value of a template comes to, in one set of circumstances. */
export type Resolved =
  /** A scalar, a list or a map that is no function. It may stand elsewhere: at a parameter's default, in a mapping. */
  | { readonly kind: 'node'; readonly node: YamlValue }
  /** A string with parts that are known at deployment only. */
  | { readonly kind: 'template'; readonly parts: readonly (string | undefined)[]; readonly at: YamlNode }
  /** `AWS::NoValue`: as if the key were not there. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unknown'; readonly reason: string; readonly at: YamlNode | undefined };

/** A key of a map with what it comes to. */
export interface Setting {
  readonly entry: YamlEntry;
  readonly value: Exclude<Resolved, { readonly kind: 'nothing' }>;
}

/** The sections of a template that values refer to. */
export interface Sections {
  readonly parameters: YamlMap | undefined;
  readonly mappings: YamlMap | undefined;
  readonly conditions: YamlMap | undefined;
}

/** Follows what another language puts into the same places, such as `${self:custom.origin}`. */
export type Follow = (node: YamlValue, decide: Decide) => Resolved;

/** A value takes no more steps than this: functions over aliases of functions can be made to multiply. */
const MAX_STEPS = 5_000;
const MAX_LENGTH = 20_000;
/** Conditions that are opposites of opposites: more than this is a cycle. */
const MOST_CONDITIONS = 8;

/** Reads values of a template in one set of circumstances. Never throws; what is not certain in them is unknown. */
export class Reader {
  private steps = 0;

  constructor(
    private readonly sections: Sections,
    private readonly decide: Decide,
    private readonly follow: Follow | undefined = undefined,
  ) {}

  read(node: YamlNode | undefined): Resolved {
    const value = deref(node);
    if (value === undefined) return unknown('the alias has no anchor', node);
    this.steps += 1;
    if (this.steps > MAX_STEPS) return unknown('it takes too many steps to work out', node);
    const call = intrinsicOf(value);
    if (call !== undefined) return this.call(call, value);
    const followed = this.followed(value);
    if (followed.kind !== 'node' || followed.node === value) return followed;
    const behind = intrinsicOf(followed.node);
    return behind === undefined ? followed : this.call(behind, followed.node);
  }

  private followed(node: YamlValue): Resolved {
    return this.follow === undefined ? { kind: 'node', node } : this.follow(node, this.decide);
  }

  /** What stands under a key; undefined where it is not there, or stands for nothing. */
  setting(node: YamlNode | undefined, key: string): Setting | undefined {
    const entry = entryOf(node, key);
    if (entry === undefined) return undefined;
    const value = this.read(entry.value);
    return value.kind === 'nothing' ? undefined : { entry, value };
  }

  /** The value under a path of keys, where all of it is known in these circumstances. */
  at(node: YamlNode | undefined, ...keys: readonly string[]): YamlValue | undefined {
    let here = node;
    for (const key of keys) {
      const value = this.setting(here, key)?.value;
      if (value?.kind !== 'node') return undefined;
      here = value.node;
    }
    return deref(here);
  }

  mapAt(node: YamlNode | undefined, ...keys: readonly string[]): YamlMap | undefined {
    const value = this.at(node, ...keys);
    return value?.kind === 'map' ? value : undefined;
  }

  textAt(node: YamlNode | undefined, ...keys: readonly string[]): string | undefined {
    const value = this.at(node, ...keys);
    return value?.kind === 'scalar' && value.value !== null ? String(value.value) : undefined;
  }

  private call({ name, argument }: Intrinsic, at: YamlValue): Resolved {
    switch (name) {
      case 'Ref':
        return this.reference(textIn(argument), at);
      case 'Sub':
        return this.substitute(argument, at);
      case 'If':
        return this.choose(itemsOf(argument), at);
      case 'Join':
        return this.join(itemsOf(argument), at);
      case 'Select':
        return this.select(itemsOf(argument), at);
      case 'Split':
        return this.split(itemsOf(argument), at);
      case 'FindInMap':
        return this.find(itemsOf(argument), at);
      default:
        return unknown(`${name} is worked out at deployment`, at);
    }
  }

  private reference(name: string | undefined, at: YamlValue): Resolved {
    if (name === 'AWS::NoValue') return { kind: 'nothing' };
    const parameter = name === undefined ? undefined : entryOf(this.sections.parameters, name);
    if (name === undefined || parameter === undefined) return unknown(`${name ?? 'it'} is known at deployment`, at);
    const fallback = deref(entryOf(parameter.value, 'Default')?.value);
    const type = textIn(deref(entryOf(parameter.value, 'Type')?.value)) ?? 'String';
    const isSecret = /^true$/i.test(textIn(deref(entryOf(parameter.value, 'NoEcho')?.value)) ?? '');
    const given = unknown(`${name} is given at deployment`, at);
    if (fallback?.kind !== 'scalar' || fallback.value === null || isSecret || type.startsWith('AWS::SSM::')) {
      return given;
    }
    if (this.decide(`${name} is left at its default`, `${name} is set`) !== true) return given;
    if (type !== 'CommaDelimitedList' && !type.startsWith('List<')) return { kind: 'node', node: fallback };
    return { kind: 'node', node: listOf(pieces(String(fallback.value), ',', fallback), fallback) };
  }

  /** `Fn::Sub`: text with `${Name}`, and perhaps a map of names. */
  private substitute(argument: YamlValue, at: YamlValue): Resolved {
    const [first, second] = argument.kind === 'list' ? argument.items : [argument];
    const written = deref(first);
    const followed = written === undefined ? undefined : this.followed(written);
    const node = followed?.kind === 'node' ? followed.node : undefined;
    const text = textIn(node);
    if (node?.kind !== 'scalar' || text === undefined) return unknown('its text cannot be read', at);
    const own = deref(second);
    const parts: Resolved[] = [];
    let from = 0;
    for (const found of text.matchAll(/\$\{([^{}]+)\}/g)) {
      parts.push(literal(text.slice(from, found.index), at));
      from = found.index + found[0].length;
      parts.push(this.variable(found[1]?.trim() ?? '', own, at));
    }
    if (parts.length === 0) return { kind: 'node', node: scalarAs(text, node, node.computed) };
    parts.push(literal(text.slice(from), at));
    return concatenated(parts, '', at);
  }

  private variable(name: string, own: YamlValue | undefined, at: YamlValue): Resolved {
    if (name.startsWith('!')) return literal(`\${${name.slice(1)}}`, at);
    const given = own?.kind === 'map' ? entryOf(own, name) : undefined;
    if (given !== undefined) return this.read(given.value);
    return name.includes('.') ? unknown(`${name} is known at deployment`, at) : this.reference(name, at);
  }

  private choose([condition, then, otherwise]: readonly YamlNode[], at: YamlValue): Resolved {
    const name = textIn(deref(condition));
    if (name === undefined || then === undefined || otherwise === undefined) {
      return unknown('its condition cannot be read', at);
    }
    const holds = this.holds(name);
    if (holds === undefined) return unknown(`it depends on the condition ${name}`, at);
    return this.read(holds ? then : otherwise);
  }

  /** One that is the opposite of another is settled with it. */
  private holds(name: string, hops = 0): boolean | undefined {
    const call = intrinsicOf(entryOf(this.sections.conditions, name)?.value);
    const opposite = call?.name === 'Not' ? conditionIn(itemsOf(call.argument)[0]) : undefined;
    if (opposite === undefined || hops > MOST_CONDITIONS) return this.decide(...conditionWords(name));
    const is = this.holds(opposite, hops + 1);
    return is === undefined ? undefined : !is;
  }

  private join([separator, list]: readonly YamlNode[], at: YamlValue): Resolved {
    const between = textIn(deref(separator));
    const items = this.read(list);
    if (between === undefined || items.kind !== 'node' || items.node.kind !== 'list') {
      return unknown('what it joins cannot be read', at);
    }
    return concatenated(
      items.node.items.map((item) => this.read(item)),
      between,
      at,
    );
  }

  private select([index, list]: readonly YamlNode[], at: YamlValue): Resolved {
    const chosen = this.read(index);
    const items = this.read(list);
    if (
      chosen.kind === 'node' &&
      chosen.node.kind === 'scalar' &&
      items.kind === 'node' &&
      items.node.kind === 'list'
    ) {
      const item = items.node.items[Number(chosen.node.value)];
      if (item !== undefined) return this.read(item);
    }
    return unknown('what it selects cannot be read', at);
  }

  private split([separator, source]: readonly YamlNode[], at: YamlValue): Resolved {
    const between = textIn(deref(separator));
    const text = this.read(source);
    if (between === undefined || between === '' || text.kind !== 'node' || text.node.kind !== 'scalar') {
      return unknown('what it splits cannot be read', at);
    }
    return { kind: 'node', node: listOf(pieces(String(text.node.value), between, text.node), text.node) };
  }

  private find(path: readonly YamlNode[], at: YamlValue): Resolved {
    let here: YamlNode | undefined = this.sections.mappings;
    for (const step of path.slice(0, 3)) {
      const key = this.read(step);
      if (key.kind !== 'node' || key.node.kind !== 'scalar') return unknown('its key is known at deployment', at);
      here = entryOf(here, String(key.node.value))?.value;
    }
    return here === undefined || path.length < 3 ? unknown('the mapping has no such key', at) : this.read(here);
  }
}

/** `!Condition IsProduction`, or `Condition: IsProduction`. */
function conditionIn(node: YamlNode | undefined): string | undefined {
  const value = deref(node);
  if (value?.kind === 'scalar') return value.tag === '!Condition' ? textIn(value) : undefined;
  return value?.kind === 'map' && value.entries.length === 1
    ? textIn(deref(entryOf(value, 'Condition')?.value))
    : undefined;
}

function itemsOf(argument: YamlValue): readonly YamlNode[] {
  return argument.kind === 'list' ? argument.items : [];
}

function textIn(node: YamlValue | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
}

function unknown(reason: string, at: YamlNode | undefined): Resolved {
  return { kind: 'unknown', reason, at };
}

function literal(text: string, at: YamlValue): Resolved {
  return { kind: 'node', node: scalarAs(text, at, true) };
}

/** @param computed whether the text at the node is another one than the value */
function scalarAs(value: string, at: YamlValue, computed: boolean): YamlScalar {
  const { source, start, end, anchor } = at;
  const style = at.kind === 'scalar' ? at.style : 'plain';
  return { kind: 'scalar', source, start, end, anchor, tag: undefined, value, style, computed };
}

function listOf(items: readonly YamlNode[], { source, start, end }: YamlValue): YamlList {
  return { kind: 'list', source, start, end, tag: undefined, anchor: undefined, flow: true, items };
}

/** The pieces of a text, each where it stands in the file. */
function pieces(text: string, between: string, at: YamlScalar): YamlScalar[] {
  const raw = at.source.text.slice(at.start, at.end);
  let from = 0;
  return text.split(between).map((piece) => {
    const value = piece.trim();
    const found = at.computed || value === '' ? -1 : raw.indexOf(value, from);
    if (found === -1) return scalarAs(value, at, true);
    from = found + value.length;
    return { ...scalarAs(value, at, true), start: at.start + found, end: at.start + from };
  });
}

function concatenated(parts: readonly Resolved[], between: string, at: YamlValue): Resolved {
  const texts: (string | undefined)[] = [];
  for (const [index, part] of parts.entries()) {
    if (index > 0 && between !== '') texts.push(between);
    if (part.kind === 'template') texts.push(...part.parts);
    else texts.push(part.kind === 'node' ? textIn(part.node) : undefined);
  }
  const length = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  if (length > MAX_LENGTH || texts.length > MAX_STEPS) return unknown('it is too long', at);
  if (texts.every((text) => text !== undefined)) return literal(texts.join(''), at);
  return { kind: 'template', parts: texts, at };
}
