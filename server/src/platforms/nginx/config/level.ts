import type { Directive } from '../syntax/tree';
import { UNREADABLE } from './load';
import type { Node } from './node';

export type LevelKind = 'http' | 'server' | 'location' | 'if' | 'limit_except';

/** A configuration context: what nginx merges with its parent's, directive by directive. */
export interface Level {
  readonly kind: LevelKind;
  /** The block's directive; undefined for a fragment whose block stands in a file that includes it. */
  readonly node: Node | undefined;
  readonly parent: Level | undefined;
  /** Simple directives by name, in order. */
  readonly own: ReadonlyMap<string, readonly Node[]>;
  /** The directives of the rewrite module and their like, in order: they run one after the other. */
  readonly program: readonly Step[];
  readonly locations: readonly Level[];
  readonly limitExcept: Level | undefined;
  /** Set where an `include` of this level cannot be read: why what is set here is not all known. */
  readonly unreadable: string | undefined;
  readonly depth: number;
}

export type Step =
  | { readonly kind: 'set' | 'return' | 'rewrite' | 'break'; readonly node: Node }
  | { readonly kind: 'if'; readonly node: Node; readonly level: Level }
  /** Lua or JavaScript that may answer the request or change variables. */
  | { readonly kind: 'code'; readonly node: Node };

export function makeLevel(
  kind: LevelKind,
  node: Node | undefined,
  nodes: readonly Node[],
  parent: Level | undefined,
): Level {
  const own = new Map<string, Node[]>();
  const program: Step[] = [];
  const locations: Level[] = [];
  const level: Level & { limitExcept: Level | undefined; unreadable: string | undefined } = {
    kind,
    node,
    parent,
    own,
    program,
    locations,
    limitExcept: undefined,
    unreadable: undefined,
    depth: (parent?.depth ?? -1) + 1,
  };
  for (const child of nodes) {
    if (child.name === UNREADABLE) {
      level.unreadable = `what \`${wordsOf(child.directive)}\` brings is not known`;
    } else if (child.name === 'location' && child.children !== undefined) {
      locations.push(makeLevel('location', child, child.children, level));
    } else if (child.name === 'if' && child.children !== undefined) {
      program.push({ kind: 'if', node: child, level: makeLevel('if', child, child.children, level) });
    } else if (child.name === 'limit_except' && child.children !== undefined) {
      level.limitExcept = makeLevel('limit_except', child, child.children, level);
    } else if (child.name === 'set' || child.name === 'return' || child.name === 'rewrite' || child.name === 'break') {
      program.push({ kind: child.name, node: child });
    } else {
      if (REWRITE_CODE.test(child.name)) {
        program.push({ kind: 'code', node: child });
      }
      const same = own.get(child.name);
      if (same === undefined) {
        own.set(child.name, [child]);
      } else {
        same.push(child);
      }
    }
  }
  return level;
}

function wordsOf({ name, args }: Directive): string {
  return [name, ...args].map((word) => word.value).join(' ');
}

/** https://github.com/openresty/lua-nginx-module#directives: what runs in or before the rewrite phase. */
const REWRITE_CODE = /^(?:set|rewrite)_by_lua(?:_block|_file)?$/;

/** The level's own directives of that name. */
export function ownDirectives(level: Level, name: string): readonly Node[] {
  return level.own.get(name) ?? NONE;
}

/** The directives of the innermost level that has any of that name: how nginx merges lists and single values. */
export function inherited(level: Level, name: string): readonly Node[] {
  for (let at: Level | undefined = level; at !== undefined; at = at.parent) {
    const nodes = at.own.get(name);
    if (nodes !== undefined) {
      return nodes;
    }
  }
  return NONE;
}

/** The value of a simple setting, inherited; undefined when it is not set. */
export function setting(level: Level, name: string): string | undefined {
  return inherited(level, name).at(-1)?.args[0]?.value;
}

/** The level that is merged: an `if` or `limit_except` block belongs to its location. */
export function homeOf(level: Level): Level {
  return (level.kind === 'if' || level.kind === 'limit_except') && level.parent !== undefined ? level.parent : level;
}

/** Why something that this level inherits is not known, if so. */
export function unreadableAbove(level: Level): string | undefined {
  for (let at: Level | undefined = level; at !== undefined; at = at.parent) {
    if (at.unreadable !== undefined) {
      return at.unreadable;
    }
  }
  return undefined;
}

const NONE: readonly Node[] = [];

/** For people: "location /api", "server app.example.com", "http", "`if` in location /". */
export function describeLevel(level: Level): string {
  switch (level.kind) {
    case 'http':
      return 'http';
    case 'server':
      return `server${nameOf(level)}`;
    case 'location':
      return ['location', ...(level.node?.args.map((word) => word.value) ?? [])].join(' ');
    case 'if':
      return `the \`if\` in ${level.parent === undefined ? 'a location' : describeLevel(level.parent)}`;
    case 'limit_except':
      return `\`limit_except\` in ${level.parent === undefined ? 'a location' : describeLevel(level.parent)}`;
  }
}

function nameOf(level: Level): string {
  const name = level.own.get('server_name')?.[0]?.args[0]?.value;
  return name === undefined || name === '' || name === '_' ? '' : ` ${name}`;
}
