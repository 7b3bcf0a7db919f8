import { deref, entriesOf, entryOf, type YamlNode, type YamlScalar, type YamlValue } from '../../../yaml/tree';
import { hasVariable, parseVariables, type Variable, type VariableSource, type VariableText } from './variables';

/** What a node comes to once aliases and variables are followed. */
export type Resolution =
  | { readonly kind: 'node'; readonly node: YamlValue }
  /** A string with parts that are settled outside the workspace. */
  | { readonly kind: 'template'; readonly parts: readonly TemplatePart[]; readonly at: YamlScalar }
  /** The first option whose circumstance holds, else `last`: what it is when nothing is set from outside. */
  | { readonly kind: 'choice'; readonly options: readonly ResolutionOption[]; readonly last: Resolution }
  | Unknown;

export interface Unknown {
  readonly kind: 'unknown';
  /** Why it cannot be told, to finish "because …". */
  readonly reason: string;
  /** What decides it, for "when … is dev": `the stage`, `ORIGIN`. */
  readonly decidedBy: string;
  /** Set when a place of the configuration is certainly empty: the next source of the variable counts. */
  readonly missing?: true;
  readonly at: YamlNode | undefined;
}

export type TemplatePart = { readonly text: string } | { readonly hole: Unknown };

export interface ResolutionOption {
  /** The circumstance and its opposite, to finish "when …". */
  readonly holds: string;
  readonly otherwise: string;
  readonly value: Resolution;
}

/**
 * The root of the YAML or JSON file that the service's configuration calls `path` (relative to the service's folder);
 * undefined when there is none to read.
 */
export type ReadYaml = (path: string) => YamlNode | undefined;

/** No chain of variables is longer, and no file asks for more of them, than this. */
const MAX_DEPTH = 24;
const MAX_STEPS = 20_000;
/** More alternatives than this are no longer told apart. */
const MAX_OPTIONS = 8;
/** A string made of more pieces, or longer, than this is no origin and no header. */
const MAX_PARTS = 64;
const MAX_LENGTH = 20_000;

/** Follows the variables of one service. Holds what it has resolved; build a new one for a new text. */
export class Resolver {
  private readonly done = new Map<YamlNode, Resolution>();
  private readonly active = new Set<YamlNode>();
  private steps = 0;
  private depth = 0;

  constructor(
    private readonly root: YamlNode | undefined,
    private readonly read: ReadYaml,
  ) {}

  /** What the node is. Bounded: cycles and floods of variables come out as unknown. */
  resolve(node: YamlNode | undefined): Resolution {
    const target = deref(node);
    if (target === undefined) return unknown('the alias has no anchor', 'the alias', node);
    if (target.kind !== 'scalar' || typeof target.value !== 'string' || !hasVariable(target.value)) {
      return { kind: 'node', node: target };
    }
    const known = this.done.get(target);
    if (known !== undefined) return known;
    if (this.active.has(target))
      return unknown('the variables refer to each other in a circle', 'the variable', target);
    this.steps += 1;
    if (this.steps > MAX_STEPS || this.depth > MAX_DEPTH)
      return unknown('there are too many variables', 'the variable', target);
    this.active.add(target);
    this.depth += 1;
    const result = this.text(parseVariables(target.value), target);
    this.depth -= 1;
    this.active.delete(target);
    this.done.set(target, result);
    return result;
  }

  /** The node if it is certain, whatever is set outside; else undefined. */
  certain(node: YamlNode | undefined): YamlValue | undefined {
    const resolution = this.resolve(node);
    return resolution.kind === 'node' ? resolution.node : undefined;
  }

  /** The value under `key`, where both the map and the value are certain. */
  get(node: YamlNode | undefined, key: string): YamlValue | undefined {
    const entry = entryOf(this.certain(node), key);
    return entry && this.certain(entry.value);
  }

  private text(parts: VariableText, at: YamlScalar): Resolution {
    if (parts.length === 1) {
      const [only] = parts;
      return typeof only === 'object' ? this.variable(only, at) : scalar(only ?? '', at);
    }
    let result: Resolution = { kind: 'template', parts: [], at };
    for (const part of parts) {
      const next = typeof part === 'string' ? scalar(part, at) : this.variable(part, at);
      result = concat(result, next, at);
    }
    return simplify(result);
  }

  private variable(variable: Variable, at: YamlScalar): Resolution {
    return this.firstSource(variable.sources, 0, at);
  }

  /** The source at `index`, or what comes after it where it may have no value. */
  private firstSource(sources: readonly VariableSource[], index: number, at: YamlScalar): Resolution {
    const source = sources[index];
    if (source === undefined) return unknown('the variable has no value', 'the variable', at);
    const rest = (): Resolution => this.firstSource(sources, index + 1, at);
    const isLast = index === sources.length - 1;
    switch (source.kind) {
      case 'literal':
        return typeof source.value === 'string' ? this.again(source.value, at) : scalar(source.value, at);
      case 'nested': {
        const value = this.variable(source.variable, at);
        return isLast ? value : orElse(value, rest);
      }
      case 'named':
        return this.named(source, at, isLast ? undefined : rest);
    }
  }

  /** A string that came out of a variable may hold variables itself. */
  private again(value: string, at: YamlScalar): Resolution {
    return hasVariable(value) ? this.text(parseVariables(value), at) : scalar(value, at);
  }

  private named(
    source: Extract<VariableSource, { kind: 'named' }>,
    at: YamlScalar,
    rest: (() => Resolution) | undefined,
  ): Resolution {
    switch (source.type) {
      case 'self':
        return this.addressed(this.root, source.address, 'the configuration', at, rest);
      case 'file':
        return this.file(source, at, rest);
      case 'env':
        return this.outside(this.plain(source.address, at), (name) => name, 'set', at, rest);
      case 'opt':
        return this.outside(
          this.plain(source.address, at),
          (name) => (name === 'stage' ? 'the stage' : `--${name}`),
          'given',
          at,
          rest,
        );
      case 'param':
        return this.param(this.plain(source.address, at), at, rest);
      case 'sls':
        if (this.plain(source.address, at) === 'stage') return this.stage(at);
        return unknown(`\${sls:…} is known at deployment only`, 'the deployment', at);
      case 'strToBool':
        return this.strToBool(source.params[0], at);
      default:
        return unknown(`\${${source.type}:…} is looked up at deployment`, `\${${source.type}:…}`, at);
    }
  }

  /** A variable that is set, or not, where the deployment runs. */
  private outside(
    name: string | undefined,
    called: (name: string) => string,
    verb: string,
    at: YamlScalar,
    rest: (() => Resolution) | undefined,
  ): Resolution {
    if (name === undefined) return unknown('its name is itself a variable', 'the variable', at);
    const subject = called(name);
    const value = unknown(`${subject} is set where the deployment runs`, subject, at);
    if (rest === undefined) return value;
    const words = name === 'stage' ? '--stage' : subject;
    return choice([{ holds: `${words} is ${verb}`, otherwise: `${words} is not ${verb}`, value }], rest());
  }

  /** `--stage`, else `provider.stage`, else `dev`. */
  private stage(at: YamlScalar): Resolution {
    const written = entryOf(this.certain(entryOf(this.root, 'provider')?.value), 'stage');
    const value = unknown('the stage is set where the deployment runs', 'the stage', at);
    const otherwise = written === undefined ? scalar('dev', at) : this.resolve(written.value);
    return choice([{ holds: '--stage is given', otherwise: '--stage is not given', value }], otherwise);
  }

  /** The stage of a deployment that names none, where that is certain. */
  private usualStage(at: YamlScalar): string | undefined {
    const stage = this.stage(at);
    const usual = stage.kind === 'choice' ? stage.last : stage;
    return usual.kind === 'node' && usual.node.kind === 'scalar' ? String(usual.node.value) : undefined;
  }

  /** `params.<stage>` over `params.default`; version 4 also has `stages.<stage>.params`. */
  private param(name: string | undefined, at: YamlScalar, rest: (() => Resolution) | undefined): Resolution {
    if (name === undefined) return unknown('its name is itself a variable', 'the parameter', at);
    const usual = this.usualStage(at);
    const others: ResolutionOption[] = [];
    let fallback: Resolution | undefined;
    let own: Resolution | undefined;
    for (const [stage, params] of this.stageParams()) {
      const entry = entryOf(params, name);
      if (entry === undefined) continue;
      const value = this.resolve(entry.value);
      if (stage === 'default') fallback ??= value;
      else if (stage === usual) own ??= value;
      else others.push({ holds: `the stage is ${stage}`, otherwise: `the stage is not ${stage}`, value });
    }
    const last =
      fallback ?? rest?.() ?? unknown(`the parameter ${name} is given at deployment`, `the parameter ${name}`, at);
    if (own === undefined) return choice(others, last);
    // Without --stage the usual stage's value counts; the default is for stages that have none.
    const unlike = { holds: 'the stage is another one', otherwise: `the stage is ${usual}`, value: last };
    return choice(fallback === undefined ? others : [...others, unlike], own);
  }

  private *stageParams(): Iterable<[string, YamlNode | undefined]> {
    const params = this.certain(entryOf(this.root, 'params')?.value);
    if (params?.kind === 'map') {
      for (const [stage, entry] of entriesOf(params)) yield [stage, this.certain(entry.value)];
    }
    const stages = this.certain(entryOf(this.root, 'stages')?.value);
    if (stages?.kind === 'map') {
      for (const [stage, entry] of entriesOf(stages)) yield [stage, this.get(this.certain(entry.value), 'params')];
    }
  }

  private file(
    source: Extract<VariableSource, { kind: 'named' }>,
    at: YamlScalar,
    rest: (() => Resolution) | undefined,
  ): Resolution {
    const path = this.plain(source.params[0], at);
    if (path === undefined) return unknown('the file depends on something that is set outside', 'the file', at);
    if (!/\.(ya?ml|json)$/i.test(path)) return unknown(`${path} is not read`, path, at);
    const root = this.read(path);
    if (root !== undefined) return this.addressed(root, source.address, path, at, rest);
    return rest === undefined ? unknown(`${path} cannot be read`, path, at) : rest();
  }

  private strToBool(param: VariableText | undefined, at: YamlScalar): Resolution {
    const value = param === undefined ? undefined : this.text(param, at);
    if (value === undefined) return unknown('strToBool has no value', 'strToBool', at);
    return mapNodes(value, (node) => {
      const text = node.kind === 'scalar' ? String(node.value) : '';
      if (/^(true|1)$/i.test(text)) return scalar(true, at);
      if (/^(false|0)$/i.test(text)) return scalar(false, at);
      return unknown('strToBool takes true or false', 'strToBool', at);
    });
  }

  /** A text that has to be certain: a name, a path. Fallback text counts where only the outside could change it. */
  private plain(parts: VariableText | undefined, at: YamlScalar): string | undefined {
    if (parts === undefined || parts.length === 0) return undefined;
    const value = this.text(parts, at);
    return value.kind === 'node' && value.node.kind === 'scalar' ? String(value.node.value) : undefined;
  }

  private addressed(
    root: YamlNode | undefined,
    address: VariableText | undefined,
    where: string,
    at: YamlScalar,
    rest: (() => Resolution) | undefined,
  ): Resolution {
    const found = address === undefined ? this.resolve(root) : this.follow(root, this.text(address, at), where, at);
    return rest === undefined ? found : orElse(found, rest);
  }

  private follow(root: YamlNode | undefined, address: Resolution, where: string, at: YamlScalar): Resolution {
    switch (address.kind) {
      case 'node': {
        const path = address.node.kind === 'scalar' ? String(address.node.value) : '';
        return this.walk(
          this.resolve(root),
          path.split('.').map((text) => ({ text })),
          where,
          at,
        );
      }
      case 'template':
        return this.walk(this.resolve(root), segments(address.parts), where, at);
      case 'choice':
        return choice(
          address.options.map((option) => ({ ...option, value: this.follow(root, option.value, where, at) })),
          this.follow(root, address.last, where, at),
        );
      case 'unknown':
        return this.walk(this.resolve(root), [{ hole: address }], where, at);
    }
  }

  private walk(from: Resolution, path: readonly TemplatePart[], where: string, at: YamlScalar): Resolution {
    const [segment, ...rest] = path;
    if (segment === undefined) return from;
    return mapNodes(from, (node) => {
      if ('hole' in segment) return this.anyOf(node, segment.hole, rest, where, at);
      const next = child(node, segment.text);
      if (next === undefined) {
        return { ...unknown(`${where} has no ${segment.text}`, 'the configuration', at), missing: true };
      }
      return this.walk(this.resolve(next), rest, where, at);
    });
  }

  /** `custom.origins.${opt:stage}`: one of the map's entries, each "when the stage is …". */
  private anyOf(
    node: YamlValue,
    hole: Unknown,
    rest: readonly TemplatePart[],
    where: string,
    at: YamlScalar,
  ): Resolution {
    const nothing = unknown(hole.reason, hole.decidedBy, at);
    if (node.kind !== 'map') return nothing;
    const entries = [...entriesOf(node)];
    if (entries.length === 0 || entries.length > MAX_OPTIONS) return nothing;
    return choice(
      entries.map(([key, entry]) => ({
        holds: `${hole.decidedBy} is ${key}`,
        otherwise: `${hole.decidedBy} is not ${key}`,
        value: this.walk(this.resolve(entry.value), rest, where, at),
      })),
      nothing,
    );
  }
}

function child(node: YamlValue, key: string): YamlNode | undefined {
  if (node.kind === 'map') return entriesOf(node).get(key)?.value;
  if (node.kind === 'list' && /^\d+$/.test(key)) return node.items[Number(key)];
  return undefined;
}

/** Cuts a template address at its dots; a segment that is not one whole hole cannot be followed. */
function segments(parts: readonly TemplatePart[]): TemplatePart[] {
  const result: TemplatePart[] = [];
  let open: TemplatePart | undefined;
  for (const part of parts) {
    if ('hole' in part) {
      open = open === undefined || ('text' in open && open.text === '') ? part : { hole: part.hole };
      continue;
    }
    const [first = '', ...others] = part.text.split('.');
    if (open === undefined) open = { text: first };
    else if ('text' in open) open = { text: open.text + first };
    for (const other of others) {
      if (open !== undefined) result.push(open);
      open = { text: other };
    }
  }
  if (open !== undefined) result.push(open);
  return result;
}

function concat(left: Resolution, right: Resolution, at: YamlScalar): Resolution {
  if (left.kind === 'choice') {
    return choice(
      left.options.map((option) => ({ ...option, value: concat(option.value, right, at) })),
      concat(left.last, right, at),
    );
  }
  if (right.kind === 'choice') {
    return choice(
      right.options.map((option) => ({ ...option, value: concat(left, option.value, at) })),
      concat(left, right.last, at),
    );
  }
  const parts = [...partsOf(left), ...partsOf(right)];
  const length = parts.reduce((sum, part) => sum + ('text' in part ? part.text.length : 0), 0);
  if (parts.length > MAX_PARTS || length > MAX_LENGTH) return unknown('the text is too long', 'the variable', at);
  return { kind: 'template', parts, at };
}

function partsOf(resolution: Exclude<Resolution, { kind: 'choice' }>): readonly TemplatePart[] {
  switch (resolution.kind) {
    case 'template':
      return resolution.parts;
    case 'unknown':
      return [{ hole: resolution }];
    case 'node':
      if (resolution.node.kind !== 'scalar') {
        return [{ hole: unknown('a list or a map stands inside a string', 'the variable', resolution.node) }];
      }
      return [{ text: String(resolution.node.value ?? '') }];
  }
}

/** A template without holes is a string. */
function simplify(resolution: Resolution): Resolution {
  if (resolution.kind === 'choice') {
    return choice(
      resolution.options.map((option) => ({ ...option, value: simplify(option.value) })),
      simplify(resolution.last),
    );
  }
  if (resolution.kind !== 'template') return resolution;
  let text = '';
  for (const part of resolution.parts) {
    if ('hole' in part) return resolution;
    text += part.text;
  }
  return scalar(text, resolution.at);
}

/** Applies to each node that the resolution may be. */
function mapNodes(resolution: Resolution, change: (node: YamlValue) => Resolution): Resolution {
  switch (resolution.kind) {
    case 'node':
      return change(resolution.node);
    case 'choice':
      return choice(
        resolution.options.map((option) => ({ ...option, value: mapNodes(option.value, change) })),
        mapNodes(resolution.last, change),
      );
    case 'template':
      return unknown('the name is put together out of variables', 'the variable', resolution.at);
    case 'unknown':
      return resolution;
  }
}

/** `rest` where the value is certainly not there; a value that may be there keeps its doubt. */
function orElse(value: Resolution, rest: () => Resolution): Resolution {
  if (value.kind === 'node') {
    return value.node.kind === 'scalar' && value.node.value === null ? rest() : value;
  }
  if (value.kind === 'unknown' && value.missing) return rest();
  if (value.kind === 'choice') {
    return choice(
      value.options.map((option) => ({ ...option, value: orElse(option.value, rest) })),
      orElse(value.last, rest),
    );
  }
  return value;
}

/** Flat, and bounded: what exceeds the bound is no longer told apart. */
function choice(options: readonly ResolutionOption[], last: Resolution): Resolution {
  if (options.length === 0) return last;
  const flat: ResolutionOption[] = [];
  for (const option of options) {
    if (option.value.kind !== 'choice') {
      flat.push(option);
      continue;
    }
    for (const inner of option.value.options) flat.push(both(option, inner));
    flat.push({ ...option, value: option.value.last });
  }
  const all = last.kind === 'choice' ? [...flat, ...last.options] : flat;
  const end = last.kind === 'choice' ? last.last : last;
  if (all.length > MAX_OPTIONS) return unknown('it depends on too many circumstances', 'the circumstances', undefined);
  return { kind: 'choice', options: all, last: end };
}

function both(outer: ResolutionOption, inner: ResolutionOption): ResolutionOption {
  // "the stage is prod" says that a stage is given.
  if (outer.holds === '--stage is given') return inner;
  return {
    holds: `${outer.holds} and ${inner.holds}`,
    otherwise: `${outer.otherwise} or ${inner.otherwise}`,
    value: inner.value,
  };
}

function scalar(value: YamlScalar['value'], at: YamlScalar): Resolution {
  return { kind: 'node', node: { ...at, value, computed: true } };
}

function unknown(reason: string, decidedBy: string, at: YamlNode | undefined): Unknown {
  return { kind: 'unknown', reason, decidedBy, at };
}
