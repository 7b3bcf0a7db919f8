import type { Host } from '../../../lint/types';
import { parse } from '../syntax/parse';
import type { Directive, Tree } from '../syntax/tree';
import type { Node } from './node';

/** A configuration with its includes put in place. */
export interface Loaded {
  readonly nodes: readonly Node[];
  /** Files that were read, or looked for in vain, apart from the first one. */
  readonly dependencies: ReadonlySet<string>;
}

/** The name that stands for an `include` whose file cannot be read: what it would bring is not known. */
export const UNREADABLE = '\0unreadable include';

/** More files than any configuration has; a bound for folders that include themselves. */
const MAX_FILES = 400;
/** Deeper blocks than this are not looked into. */
const MAX_NESTING = 64;

/**
 * Expands the `include`s of a parsed file.
 *
 * @param bases files in whose folders relative names are looked for, the likeliest first. nginx takes the folder of
 *   the file that it was started with
 */
export function load(file: string, tree: Tree, bases: readonly string[], host: Host): Loaded {
  const loader = new Loader(bases, host);
  return { nodes: loader.expand(file, tree.directives, 0), dependencies: loader.dependencies };
}

/** Parsed files by host, so that a snippet included a hundred times is parsed once. */
const parsed = new WeakMap<Host, Map<string, { readonly version: string | number | undefined; readonly tree: Tree }>>();

/** The tree of a file of the host, or undefined when it cannot be read. */
export function readTree(file: string, host: Host): Tree | undefined {
  const version = host.version(file);
  const cache = parsed.get(host) ?? new Map<string, { version: string | number | undefined; tree: Tree }>();
  parsed.set(host, cache);
  const known = cache.get(file);
  if (known !== undefined && version !== undefined && known.version === version) {
    return known.tree;
  }
  const text = host.read(file);
  if (text === undefined) {
    return undefined;
  }
  const tree = parse(text);
  cache.set(file, { version, tree });
  return tree;
}

class Loader {
  readonly dependencies = new Set<string>();
  private files = 0;
  private readonly expanding = new Set<string>();

  constructor(
    private readonly bases: readonly string[],
    private readonly host: Host,
  ) {}

  expand(file: string, directives: readonly Directive[], depth: number): Node[] {
    const nodes: Node[] = [];
    for (const directive of directives) {
      const name = directive.name.value;
      if (name === 'include' && directive.block === undefined && directive.args.length === 1) {
        nodes.push(...this.include(file, directive, depth));
        continue;
      }
      const children =
        directive.block === undefined
          ? undefined
          : depth < MAX_NESTING
            ? this.expand(file, directive.block.directives, depth + 1)
            : [];
      nodes.push({ name, args: directive.args, file, directive, children });
    }
    return nodes;
  }

  private include(from: string, directive: Directive, depth: number): readonly Node[] {
    const pattern = directive.args[0]?.value ?? '';
    const found = this.find(pattern);
    if (found === undefined) {
      const unreadable = !isHarmless(pattern);
      return unreadable ? [{ name: UNREADABLE, args: directive.args, file: from, directive, children: undefined }] : [];
    }
    const nodes: Node[] = [];
    for (const file of found) {
      this.dependencies.add(file);
      const tree = this.expanding.has(file) || depth > MAX_NESTING ? undefined : this.read(file);
      if (tree === undefined) {
        continue;
      }
      this.expanding.add(file);
      for (const node of this.expand(file, tree.directives, depth + 1)) {
        nodes.push(node);
      }
      this.expanding.delete(file);
    }
    return nodes;
  }

  private read(file: string): Tree | undefined {
    this.files += 1;
    return this.files > MAX_FILES ? undefined : readTree(file, this.host);
  }

  /** The files that the argument names: none for a pattern that matches nothing, undefined for a missing file. */
  private find(pattern: string): readonly string[] | undefined {
    const names = [pattern, ...withoutInstallFolder(pattern)];
    const places = this.bases.flatMap((base) => names.map((name) => [base, name] as const));
    if (/[*?[]/.test(pattern)) {
      for (const [base, name] of places) {
        this.dependencies.add(this.host.resolve(base, name.replace(/[^/]*[*?[].*$/, '') || '.'));
        const files = this.host.glob(base, name);
        if (files.length > 0) {
          return files;
        }
      }
      return [];
    }
    for (const [base, name] of places) {
      const file = this.host.resolve(base, name);
      this.dependencies.add(file);
      if (this.host.version(file) !== undefined) {
        return [file];
      }
    }
    return undefined;
  }
}

/** `/etc/nginx/snippets/cors.conf` is `snippets/cors.conf` beside the main file of a repository. */
function withoutInstallFolder(pattern: string): string[] {
  const inside =
    /^\/(?:etc\/nginx|usr\/local\/nginx\/conf|usr\/local\/openresty\/nginx\/conf|opt\/nginx\/conf|opt\/bitnami\/nginx\/conf)\/(.+)$/.exec(
      pattern,
    )?.[1];
  return inside === undefined ? [] : [inside];
}

/** Files that come with nginx and its neighbours and set no response header. */
function isHarmless(pattern: string): boolean {
  const name = pattern.slice(pattern.lastIndexOf('/') + 1);
  return /^(?:mime\.types|(?:fastcgi|uwsgi|scgi|proxy)[_-]params|(?:fastcgi|fastcgi-php|php_fastcgi)\.conf|koi-utf|koi-win|win-utf|options-ssl-nginx\.conf|snakeoil\.conf|resolvers?\.conf)$/.test(
    name,
  );
}
