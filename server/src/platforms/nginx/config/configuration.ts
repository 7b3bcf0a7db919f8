import type { Place } from '../../../cors/place';
import type { Host } from '../../../lint/types';
import type { Tree } from '../syntax/tree';
import { type Level, makeLevel } from './level';
import { type Loaded, load, readTree, UNREADABLE } from './load';
import { headPlace, type Node } from './node';

/** What kind of file it is, judged by the directives at its top. */
export type FileKind = 'main' | 'http' | 'server' | 'location' | 'other';

/** One file's configuration, in the context of the main file when that can be found. */
export interface Configuration {
  readonly kind: FileKind;
  readonly http: Level;
  readonly servers: readonly Level[];
  /** For a file of bare directives: the server or location that it is a part of, as far as it is in the file. */
  readonly fragment: Level | undefined;
  /** By name without the dollar, lower case; the last one counts. */
  readonly maps: ReadonlyMap<string, MapBlock>;
  /** Variables that some `set` assigns: empty until it runs. */
  readonly assigned: ReadonlySet<string>;
  /** Variables whose value comes from `geo`, `split_clients`, Lua, a captured name and the like. */
  readonly opaque: ReadonlyMap<string, string>;
  /** The `upstream` blocks, by name in lower case. */
  readonly upstreams: ReadonlyMap<string, Node>;
  readonly dependencies: ReadonlySet<string>;
  /** The files that the file's own servers are made of, itself aside, each with the `include`s that bring it in. */
  readonly parts: ReadonlyMap<string, readonly Place[]>;
}

export interface MapBlock {
  readonly node: Node;
  readonly place: Place;
  readonly nodes: readonly Node[];
  /** Set where the map includes a file that cannot be read. */
  readonly partial: boolean;
}

/** What a part of a server shows when another file is known that includes it: nothing by itself. */
export interface Standing {
  readonly isIncluded: boolean;
}

/** Reads a file's configuration. Never throws. */
export function configure(file: string, tree: Tree, host: Host, { isIncluded }: Standing): Configuration {
  const kind = kindOf(tree);
  const looked = new Set<string>();
  const main = kind === 'http' ? findMain(file, host, looked) : undefined;
  const isFragment = isFragmentKind(kind);
  const whole = main ?? assemble(load(file, tree, { bases: basesOf(file, kind, host), isFragment }, host), kind);
  const dependencies = new Set([...looked, ...whole.dependencies]);
  dependencies.delete(file);
  const { http, servers, fragment } = isFragment && isIncluded ? { ...whole, servers: [], fragment: undefined } : whole;
  const parts = partsOf(file, whole.included, [...servers, ...(fragment === undefined ? [] : [fragment])]);
  return { kind, http, servers, fragment, ...namesOf(whole), dependencies, parts };
}

/** Everything that one load gives, whichever of its files is looked at. */
type Whole = Omit<Configuration, 'kind' | 'parts'> & Pick<Loaded, 'included'>;

function assemble({ nodes, dependencies, included }: Loaded, kind: FileKind): Whole {
  const top = kind === 'main' ? httpNodes(nodes) : { node: undefined, nodes };
  const http = makeLevel('http', top.node, isFragmentKind(kind) ? [] : top.nodes, undefined);
  const servers =
    kind === 'server'
      ? [makeLevel('server', undefined, top.nodes, http)]
      : top.nodes.filter(isServer).map((node) => makeLevel('server', node, node.children ?? [], http));
  const fragment = kind === 'location' ? makeLevel('location', undefined, top.nodes, undefined) : undefined;
  return { http, servers, fragment, ...collectNames(top.nodes), dependencies, included };
}

function isServer(node: Node): boolean {
  return node.name === 'server' && node.children !== undefined;
}

const HTTP_ONLY = new Set([
  'server',
  'upstream',
  'map',
  'geo',
  'split_clients',
  'limit_req_zone',
  'limit_conn_zone',
  'proxy_cache_path',
  'fastcgi_cache_path',
  'log_format',
]);
const SERVER_ONLY = new Set(['listen', 'server_name', 'location']);

/** Whether the file is a part of a server or a location. */
export function isFragmentKind(kind: FileKind): boolean {
  return kind === 'server' || kind === 'location';
}

export function kindOf(tree: Tree): FileKind {
  const names = new Set(tree.directives.map((directive) => directive.name.value));
  if (names.has('http') || names.has('events')) {
    return 'main';
  }
  const blocks = tree.directives.some(({ name, block }) => block !== undefined && HTTP_ONLY.has(name.value));
  if (blocks || [...names].some((name) => name !== 'server' && HTTP_ONLY.has(name))) {
    return 'http';
  }
  if ([...names].some((name) => SERVER_ONLY.has(name))) {
    return 'server';
  }
  return tree.directives.length > 0 ? 'location' : 'other';
}

/** The block's children and everything that further `http` blocks of an (invalid) file hold. */
function httpNodes(nodes: readonly Node[]): { node: Node | undefined; nodes: readonly Node[] } {
  const blocks = nodes.filter((node) => node.name === 'http' && node.children !== undefined);
  return { node: blocks[0], nodes: blocks.flatMap((node) => node.children ?? []) };
}

/** The `nginx.conf` in this folder or up to three above it whose includes bring the file in. */
function findMain(file: string, host: Host, looked: Set<string>): Whole | undefined {
  for (const relative of MAIN_FILES) {
    const candidate = host.resolve(file, relative);
    if (candidate === file || looked.has(candidate)) {
      continue;
    }
    looked.add(candidate);
    const whole = loadMain(candidate, host);
    if (whole?.dependencies.has(file)) {
      return whole;
    }
  }
  return undefined;
}

interface Kept {
  readonly whole: Whole;
  readonly versions: ReadonlyMap<string, string | number | undefined>;
}

/** What main files say, by host: the files of a large configuration share it. */
const mains = new WeakMap<Host, Map<string, Kept>>();

function loadMain(file: string, host: Host): Whole | undefined {
  if (host.version(file) === undefined) {
    return undefined;
  }
  const cache = mains.get(host) ?? new Map<string, Kept>();
  mains.set(host, cache);
  const known = cache.get(file);
  if (known !== undefined && [...known.versions].every(([other, version]) => host.version(other) === version)) {
    return known.whole;
  }
  const tree = readTree(file, host);
  if (tree === undefined) {
    return undefined;
  }
  const whole = assemble(load(file, tree, { bases: [file] }, host), 'main');
  const files = [file, ...whole.dependencies];
  cache.set(file, { whole, versions: new Map(files.map((other) => [other, host.version(other)])) });
  return whole;
}

/** Where the main file of a part may be: beside `conf.d`, `sites-available` and the like, or in the same folder. */
function basesOf(file: string, kind: FileKind, host: Host): string[] {
  if (kind === 'main') {
    return [file];
  }
  const [beside = file, above = file, ...further] = MAIN_FILES.map((name) => host.resolve(file, name));
  return PART_FOLDER.test(file) ? [above, beside, ...further] : [beside, above, ...further];
}

const MAIN_FILES = ['nginx.conf', '../nginx.conf', '../../nginx.conf', '../../../nginx.conf'];
const PART_FOLDER =
  /(?:^|[\\/])(?:conf\.d|http\.d|sites-[^\\/]*|vhosts?(?:\.d)?|servers|snippets|includes?|locations?|common|templates)[\\/][^\\/]+$/;

/** The files whose directives stand in these levels or around them. */
function partsOf(
  file: string,
  included: Loaded['included'],
  all: readonly Level[],
): ReadonlyMap<string, readonly Place[]> {
  const own = all.filter(({ node }) => node === undefined || node.file === file);
  const files = new Set<string>();
  for (let levels: readonly Level[] = own; levels.length > 0; levels = levels.flatMap(insideOf)) {
    for (const { node, own: directives, program } of levels) {
      if (node !== undefined) files.add(node.file);
      for (const nodes of directives.values()) for (const each of nodes) files.add(each.file);
      for (const step of program) files.add(step.node.file);
    }
  }
  const [first] = own;
  for (const [name, nodes] of first?.parent?.own ?? []) {
    if (SHARED.test(name)) for (const { file: outer } of nodes) files.add(outer);
  }
  files.delete(file);
  const parts = new Map<string, readonly Place[]>();
  for (const part of files) {
    const places = included.get(part)?.filter((place) => place.file === file || files.has(place.file)) ?? [];
    if (places.length > 0) parts.set(part, places);
  }
  return parts;
}

/** What stands beside the servers and has a say in what they answer. */
const SHARED =
  /^(?:map|geo|add_header|add_header_inherit|add_trailer|more_\w+|expires|\w+_hide_header|\w+_intercept_errors|error_page|auth_\w+|allow|deny|satisfy)$/;

function insideOf({ locations, limitExcept, program }: Level): Level[] {
  const ifs = program.flatMap((step) => (step.kind === 'if' ? [step.level] : []));
  return [...locations, ...ifs, ...(limitExcept === undefined ? [] : [limitExcept])];
}

type Names = Pick<Configuration, 'maps' | 'assigned' | 'opaque' | 'upstreams'>;

function namesOf({ maps, assigned, opaque, upstreams }: Names): Names {
  return { maps, assigned, opaque, upstreams };
}

/** Goes through everything once for what defines variables. */
function collectNames(nodes: readonly Node[]): Names {
  const maps = new Map<string, MapBlock>();
  const assigned = new Set<string>();
  const opaque = new Map<string, string>();
  const upstreams = new Map<string, Node>();
  const stack = [...nodes].reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.name === 'map' && node.children !== undefined) {
      const name = variableName(node.args[1]?.value);
      if (name !== undefined) {
        const partial = node.children.some((child) => child.name === UNREADABLE);
        const own = node.children.filter((child) => child.name !== UNREADABLE);
        maps.set(name, { node, place: headPlace(node), nodes: own, partial });
      }
      continue;
    }
    if (node.name === 'upstream' && node.children !== undefined) {
      upstreams.set((node.args[0]?.value ?? '').toLowerCase(), node);
      continue;
    }
    const [first, second] = node.args.map((word) => variableName(word.value));
    switch (node.name) {
      case 'set':
        if (first !== undefined) assigned.add(first);
        break;
      case 'geo':
        opaque.set(second ?? first ?? '', 'the client address decides it');
        continue;
      case 'split_clients':
        if (second !== undefined) opaque.set(second, 'it is picked at random');
        continue;
      case 'auth_request_set':
        if (first !== undefined) opaque.set(first, 'the authentication request sets it');
        break;
      case 'perl_set':
      case 'js_set':
      case 'js_var':
      case 'set_by_lua':
      case 'set_by_lua_block':
      case 'set_by_lua_file':
        if (first !== undefined) opaque.set(first, 'code sets it');
        break;
      default:
    }
    for (let i = (node.children?.length ?? 0) - 1; i >= 0; i -= 1) {
      const child = node.children?.[i];
      if (child !== undefined) stack.push(child);
    }
  }
  return { maps, assigned, opaque, upstreams };
}

/** The name in `$name`, in lower case as nginx compares it. */
export function variableName(text: string | undefined): string | undefined {
  return text !== undefined && text.length > 1 && text.startsWith('$') ? text.slice(1).toLowerCase() : undefined;
}
