import { deref, entryOf, type YamlNode, type YamlScalar, type YamlValue } from '../../../yaml/tree';
import { follow } from './addresses';
import { parameter } from './parameters';
import { choice, concat, mapNodes, orElse, type Resolution, scalar, simplify, unknown } from './resolution';
import { hasVariable, parseVariables, type Variable, type VariableSource, type VariableText } from './variables';

/**
 * The root of the YAML or JSON file that the service's configuration calls `path` (relative to the service's folder);
 * undefined when there is none to read.
 */
export type ReadYaml = (path: string) => YamlNode | undefined;

/** No chain of variables is longer, and no file asks for more of them, than this. */
const MAX_DEPTH = 24;
const MAX_STEPS = 20_000;

/**
 * Follows the variables of one service. Holds what it has resolved; build a new one for a new text. What nodes come to
 * that are no YAML may be given.
 */
export class Resolver {
  private readonly done = new Map<YamlNode, Resolution>();
  private readonly active = new Set<YamlNode>();
  private steps = 0;
  private depth = 0;

  constructor(
    private readonly root: YamlNode | undefined,
    private readonly read: ReadYaml,
    private readonly given: ReadonlyMap<YamlNode, Resolution> = new Map(),
  ) {}

  /** What the node is. Bounded: cycles and floods of variables come out as unknown. */
  resolve(node: YamlNode | undefined): Resolution {
    const target = deref(node);
    if (target === undefined) return unknown('the alias has no anchor', 'the alias', node);
    const given = this.given.get(target);
    if (given !== undefined) return given;
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

  private param(name: string | undefined, at: YamlScalar, rest: (() => Resolution) | undefined): Resolution {
    if (name === undefined) return unknown('its name is itself a variable', 'the parameter', at);
    return parameter(this, this.root, name, this.usualStage(at), at, rest);
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
    const found =
      address === undefined
        ? this.resolve(root)
        : follow((node) => this.resolve(node), root, this.text(address, at), where, at);
    return rest === undefined ? found : orElse(found, rest);
  }
}
