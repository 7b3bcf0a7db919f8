import type { JsValue, ObjectValue, Property, SourceModule } from '../../../javascript';
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar, YamlText } from '../../../yaml/tree';
import { type Given, givenFor } from './given';
import { handlerPath } from './handlerPath';

/** A configuration out of JavaScript in the form of one out of YAML. */
export interface ScriptTree {
  /** Undefined where the value is no object, or may have keys that cannot be read. */
  readonly root: YamlMap | undefined;
  /** What the nodes come to that are no plain values. */
  readonly given: Given;
  /** Set when there may be more functions than these: why, in words. */
  readonly partial: string | undefined;
}

/** Deeper or larger configurations are read as far as that. */
const MAX_DEPTH = 64;
const MAX_NODES = 50_000;

/**
 * Turns a value of the JavaScript reader into a tree: every key and value with the place where it is written, in
 * whatever file. A value that stands behind a name is a link, like an alias: what several places share is one node.
 * Keys whose value is `undefined` are left out, as the framework has them.
 *
 * @param file the configuration, from whose folder handlers are named
 */
export function treeOf(value: JsValue, file: string): ScriptTree {
  const builder = new Builder(file);
  const isRoot = value.kind === 'object' && value.rest === null;
  return {
    root: isRoot ? builder.map(value, [], 0) : undefined,
    given: builder.given,
    get partial() {
      return builder.partial;
    },
  };
}

type Styled = Pick<YamlScalar, 'style' | 'computed'>;

class Builder {
  readonly given: Given = new Map();
  partial: string | undefined;
  private readonly sources = new Map<SourceModule, YamlText>();
  private readonly known = new Map<JsValue, YamlNode>();
  private nodes = 0;

  constructor(private readonly file: string) {}

  map(object: ObjectValue, path: readonly string[], depth: number): YamlMap {
    const entries = object.properties
      .filter(({ value }) => value.kind !== 'undefined')
      .map((property): YamlEntry => this.entry(property, path, depth));
    return { ...this.at(object), kind: 'map', flow: true, entries };
  }

  private entry(property: Property, path: readonly string[], depth: number): YamlEntry {
    const { key, keyPlace, module, value, node } = property;
    const source = this.source(module);
    const place = { source, start: keyPlace.start, end: keyPlace.end, ...BARE };
    const made = this.node(value, [...path, key], depth + 1);
    const written = node.type === 'Property' ? node.value.range : undefined;
    const isHere = written === undefined || (made.start === written[0] && made.end === written[1]);
    const linked: YamlNode =
      isHere && made.source === source
        ? made
        : {
            kind: 'alias',
            name: key,
            target: made,
            source,
            start: written?.[0] ?? place.start,
            end: written?.[1] ?? place.end,
            ...BARE,
          };
    const style = styleOf(source.text, keyPlace.start);
    return { key: { kind: 'scalar', value: key, ...style, ...place }, value: linked, merge: false };
  }

  private node(value: JsValue, path: readonly string[], depth: number): YamlNode {
    const known = this.known.get(value);
    if (known !== undefined) return known;
    this.nodes += 1;
    const made =
      depth > MAX_DEPTH || this.nodes > MAX_NODES
        ? this.unread(value, 'the configuration is too large')
        : this.build(value, path, depth);
    this.known.set(value, made);
    return made;
  }

  private build(value: JsValue, path: readonly string[], depth: number): YamlNode {
    switch (value.kind) {
      case 'string':
        return this.scalar(value, value.value);
      case 'number':
      case 'boolean':
        return this.scalar(value, value.value);
      case 'null':
      case 'undefined':
        return this.scalar(value, null);
      case 'array': {
        if (value.rest !== null) return this.unread(value, 'the list has items that cannot be read');
        const items = value.items.map((item) => this.node(item, path, depth + 1));
        const list: YamlList = { ...this.at(value), kind: 'list', flow: true, items };
        return list;
      }
      case 'object': {
        if (value.rest === null) return this.map(value, path, depth);
        if (path.length > 1 || path[0] !== 'functions')
          return this.unread(value, 'the object has keys that cannot be read');
        this.partial ??= 'some functions come from what cannot be read';
        return this.map(value, path, depth);
      }
      default: {
        const handler = handlerPath(value, this.file);
        if (handler !== undefined) return { ...this.scalar(value, handler), computed: true };
        const node = this.unread(value, undefined);
        this.given.set(
          node,
          givenFor(value, node, (inner) => this.node(inner, path, depth + 1)),
        );
        return node;
      }
    }
  }

  private scalar(value: JsValue, written: YamlScalar['value']): YamlScalar {
    const place = this.at(value);
    return { ...place, kind: 'scalar', value: written, ...styleOf(place.source.text, place.start) };
  }

  /** A node that stands for a value without form of its own: its text, for want of better. */
  private unread(value: JsValue, reason: string | undefined): YamlScalar {
    const place = this.at(value);
    const text = place.source.text.slice(place.start, place.end);
    const node: YamlScalar = { ...place, kind: 'scalar', value: text, style: 'plain', computed: true };
    if (reason !== undefined)
      this.given.set(node, { kind: 'unknown', reason, decidedBy: 'the configuration', at: node });
    return node;
  }

  private at({ module, place }: JsValue) {
    return { source: this.source(module), start: place.start, end: place.end, ...BARE };
  }

  private source(module: SourceModule): YamlText {
    const known = this.sources.get(module);
    if (known !== undefined) return known;
    const source: YamlText = { file: module.path, text: module.text };
    this.sources.set(module, source);
    return source;
  }
}

const BARE = { tag: undefined, anchor: undefined } as const;

/** The quotes of what is written at an offset; text between other marks is no more the value than that of a name. */
function styleOf(text: string, start: number): Styled {
  switch (text[start]) {
    case "'":
      return { style: 'single', computed: false };
    case '"':
      return { style: 'double', computed: false };
    case '`':
      return { style: 'plain', computed: true };
    default:
      return { style: 'plain', computed: false };
  }
}
