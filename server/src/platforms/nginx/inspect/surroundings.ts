import type { FileKind } from '../config/configuration';
import type { Directive, Tree } from '../syntax/tree';

/**
 * Where a directive may be: the letters of `directiveTable.ts` for the contexts that are possible. A part of a
 * configuration is included by a file that need not be known, so there may be several.
 */
export type Contexts = string;

const ANYWHERE: Contexts = 'hslijxu';

/** The contexts that the file's own statements may stand in. */
export function contextsOfFile(kind: FileKind, { directives }: Tree): Contexts {
  switch (kind) {
    case 'main':
      return directives.some(({ name, block }) => block !== undefined && /^(?:http|events)$/.test(name.value))
        ? 'm'
        : ANYWHERE;
    case 'http':
      return 'h';
    case 'server':
      return directives.some(({ name }) => name.value === 'listen' || name.value === 'server_name') ? 's' : 'sl';
    default:
      return ANYWHERE;
  }
}

/**
 * The contexts of what stands in the directive's block, or undefined for a block whose statements are not judged:
 * tables, other protocols, blocks of modules that are not known.
 */
export function contextsInside(directive: Directive, outside: Contexts): Contexts | undefined {
  switch (directive.name.value) {
    case 'http':
      return 'h';
    case 'events':
      return 'e';
    case 'upstream':
      return 'u';
    case 'server':
      return isHttpServer(directive) ? 's' : undefined;
    case 'location':
      return 'l';
    case 'limit_except':
      return 'x';
    case 'if':
      return ifContexts(outside);
    default:
      return undefined;
  }
}

function ifContexts(outside: Contexts): Contexts {
  const inside = `${outside.includes('s') ? 'i' : ''}${outside.includes('l') ? 'j' : ''}`;
  return inside === '' ? 'ij' : inside;
}

/** A `server` outside of `http` may also be one of the stream or mail module, in a file that those include. */
function isHttpServer({ parent, block }: Directive): boolean {
  return parent?.name.value === 'http' || block?.directives.some(({ name }) => ONLY_HTTP.has(name.value)) === true;
}

const ONLY_HTTP = new Set(['location', 'if', 'root', 'index', 'add_header', 'error_page', 'try_files', 'rewrite']);
