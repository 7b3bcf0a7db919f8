import type { Alias, CollectionTag, Document, Node, ParsedNode, Scalar, ScalarTag, Tags, YAMLMap, YAMLSeq } from 'yaml';
import { asWritten, type LenientText, lenient } from './lenient';
import type { YamlLibrary } from './library';
import { describeProblem, type YamlProblem } from './problems';
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar, YamlText } from './tree';

/** What a YAML (or JSON) text holds. */
export interface YamlFile extends YamlText {
  /** The root of each document, in order; an empty document has none. */
  readonly roots: readonly YamlNode[];
  readonly problems: readonly YamlProblem[];
}

/** CloudFormation's short forms, as the Serverless Framework's own YAML schema lists them. */
const CLOUDFORMATION_FUNCTIONS = [
  'And',
  'Base64',
  'Cidr',
  'Condition',
  'Equals',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'GetStackOutput',
  'If',
  'ImportValue',
  'Join',
  'Not',
  'Or',
  'Ref',
  'Select',
  'Split',
  'Sub',
  'Transform',
];

let tags: Tags | undefined;

/** Every tag thrice: YAML looks a tag up by the shape of what follows it. */
function cloudFormationTags(): Tags {
  tags ??= CLOUDFORMATION_FUNCTIONS.flatMap((name): (ScalarTag | CollectionTag)[] => [
    { tag: `!${name}`, resolve: (text) => text },
    { tag: `!${name}`, collection: 'seq', resolve: (list) => list },
    { tag: `!${name}`, collection: 'map', resolve: (map) => map },
  ]);
  return tags;
}

/** How many characters are read again at most, in all, because they were read too strictly. */
const MOST_REREAD = 300_000;

/**
 * Reads a text into trees, whatever the text: what cannot be read is in `problems`, what can be is in `roots`.
 * What js-yaml lets pass is no problem (see `lenient.ts`). Never throws, never expands an alias, prints nothing.
 */
export function parseYaml(yaml: YamlLibrary, file: string, text: string): YamlFile {
  const source: YamlText = { file, text };
  const problems: YamlProblem[] = [];
  const roots: YamlNode[] = [];
  try {
    const [documents, { original }] = readLeniently(yaml, text);
    for (const document of documents) {
      for (const { code, message, pos } of document.errors) {
        problems.push(describeProblem(code, message, text, [original(pos[0]), original(pos[1])]));
      }
      if (document.contents === null) continue;
      roots.push(new TreeBuilder(yaml, source, original, problems).build(document.contents));
    }
  } catch (error) {
    // Hundreds of nested brackets exhaust the stack of the parser, or of the walk.
    if (!(error instanceof RangeError)) throw error;
    problems.push({
      kind: 'too-deep',
      start: 0,
      end: 0,
      message: 'This file nests too deeply to be read. Flatten it.',
    });
  }
  return { file, text, roots, problems };
}

type Documents = readonly Document.Parsed<ParsedNode, true>[];

function readLeniently(yaml: YamlLibrary, text: string): [documents: Documents, read: LenientText] {
  let read = asWritten(text);
  let documents = documentsOf(yaml, text);
  for (let again = text.length; again < MOST_REREAD; again += text.length) {
    const wider = lenient(
      read,
      documents.flatMap(({ errors }) => errors),
    );
    if (wider === undefined) break;
    read = wider;
    documents = documentsOf(yaml, read.text);
  }
  return [documents, read];
}

function documentsOf(yaml: YamlLibrary, text: string): Documents {
  const parsed = yaml.parseAllDocuments(text, {
    // Repeated keys are found below with their range, and in linear time.
    uniqueKeys: false,
    merge: true,
    logLevel: 'silent',
    prettyErrors: false,
    customTags: cloudFormationTags(),
  });
  return 'empty' in parsed ? [] : (parsed as Document.Parsed<ParsedNode, true>[]);
}

class TreeBuilder {
  /** Anchors in document order: a later one of the same name takes over from there on. */
  private readonly anchors = new Map<string, YamlNode>();

  constructor(
    private readonly yaml: YamlLibrary,
    private readonly source: YamlText,
    private readonly original: LenientText['original'],
    private readonly problems: YamlProblem[],
  ) {}

  build(node: Node): YamlNode {
    const { yaml } = this;
    if (yaml.isMap(node)) return this.map(node);
    if (yaml.isSeq(node)) return this.list(node);
    if (yaml.isAlias(node)) return this.alias(node);
    return this.scalar(node as Scalar);
  }

  private map(node: YAMLMap): YamlMap {
    const entries: YamlEntry[] = [];
    const map: Open<YamlMap> = { kind: 'map', ...this.place(node), flow: node.flow === true, entries };
    this.anchor(node, map);
    const seen = new Set<string>();
    for (const pair of node.items) {
      const key = this.key(pair.key as Node | null);
      if (key === undefined) continue;
      const merge = key.style === 'plain' && key.value === '<<';
      const value = pair.value === null ? emptyAt(this.source, key.end) : this.build(pair.value as Node);
      entries.push({ key, value, merge });
      const name = String(key.value);
      if (merge || !seen.has(name)) {
        seen.add(name);
        continue;
      }
      this.problems.push({
        kind: 'duplicate-key',
        start: key.start,
        end: key.end,
        message: `The key "${name}" stands twice in this block, so the file does not load. Keep one.`,
      });
    }
    return closed(map, entries.at(-1)?.value, entries.at(-1)?.key);
  }

  private list(node: YAMLSeq): YamlList {
    const items: YamlNode[] = [];
    const list: Open<YamlList> = { kind: 'list', ...this.place(node), flow: node.flow === true, items };
    this.anchor(node, list);
    for (const item of node.items) {
      items.push(item === null ? emptyAt(this.source, list.start) : this.build(item as Node));
    }
    return closed(list, items.at(-1));
  }

  private alias(node: Alias): YamlNode {
    const place = this.place(node);
    const target = this.anchors.get(node.source);
    if (target === undefined && node.source !== '') {
      this.problems.push({
        kind: 'unknown-alias',
        start: place.start,
        end: place.end,
        message: `*${node.source} is read as a YAML alias, and no anchor &${node.source} stands before it. Quote the value, or add the anchor.`,
      });
    }
    return { kind: 'alias', ...place, name: node.source, target };
  }

  private scalar(node: Scalar): YamlNode {
    const scalar: YamlScalar = {
      kind: 'scalar',
      ...this.place(node),
      value: scalarValue(node),
      style: styleOf(node),
      computed: false,
    };
    this.anchor(node, scalar);
    return scalar;
  }

  /** Keys that are not scalars (`[a]: b`) mean nothing to the framework and are left out. */
  private key(node: Node | null): YamlScalar | undefined {
    if (node === null || !this.yaml.isScalar(node)) return undefined;
    const key = this.scalar(node);
    return key.kind === 'scalar' ? key : undefined;
  }

  private anchor(node: Node, built: YamlNode): void {
    const name = 'anchor' in node ? node.anchor : undefined;
    if (name) this.anchors.set(name, built);
  }

  private place(node: Node): Pick<YamlNode, 'source' | 'start' | 'end' | 'tag' | 'anchor'> {
    const start = this.original(node.range?.[0] ?? 0);
    const stop = this.original(node.range?.[1] ?? 0);
    // A block scalar's range takes in its last line's end.
    const end = 'type' in node && node.type?.startsWith('BLOCK') ? trimmedEnd(this.source.text, start, stop) : stop;
    const anchor = 'anchor' in node ? node.anchor : undefined;
    // Tags that the document did not write (`tag:yaml.org,2002:map`) say nothing.
    const tag = node.tag?.startsWith('!') ? node.tag : undefined;
    return { source: this.source, start, end, tag, anchor: anchor === undefined ? undefined : anchor };
  }
}

type Open<T extends YamlNode> = { -readonly [K in keyof T]: T[K] };

/**
 * Ends a block collection where its last piece ends: the parser lets it run on over the line's end and the comments
 * below. Flow collections end at their bracket.
 */
function closed<T extends YamlMap | YamlList>(node: Open<T>, ...last: readonly (YamlNode | undefined)[]): T {
  if (!node.flow) node.end = Math.max(node.start, ...last.map((piece) => piece?.end ?? 0));
  return node as T;
}

function scalarValue(node: Scalar): YamlScalar['value'] {
  const { value } = node;
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  // The merge key's value is a symbol; anything else that the schema makes an object of is kept as written.
  return node.source ?? String(value?.toString() ?? '');
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /\s/.test(text[at - 1] ?? '')) at -= 1;
  return at;
}

function styleOf(node: Scalar): YamlScalar['style'] {
  switch (node.type) {
    case 'QUOTE_SINGLE':
      return 'single';
    case 'QUOTE_DOUBLE':
      return 'double';
    case 'BLOCK_FOLDED':
    case 'BLOCK_LITERAL':
      return 'block';
    default:
      return 'plain';
  }
}

function emptyAt(source: YamlText, offset: number): YamlScalar {
  return {
    kind: 'scalar',
    source,
    start: offset,
    end: offset,
    tag: undefined,
    anchor: undefined,
    value: null,
    style: 'plain',
    computed: false,
  };
}
