import type { Level } from '../config/level';
import { listensOf } from './listen';
import { compilePattern } from './pattern';

/** A connection, as far as it decides which server answers. */
export interface Connection {
  readonly port: number;
  /** Undefined when any address may have been reached. */
  readonly address?: string;
}

/** What a server's names say of a host. */
export interface NameMatch {
  readonly server: Level;
  /** What the groups of a `server_name` pattern took: the whole match first. */
  readonly groups: readonly (string | undefined)[];
  readonly names: ReadonlyMap<string, number>;
}

/**
 * The server that answers on a connection for a host: the exact name, the longest `*.name`, the longest `name.*`, the
 * first pattern, else the default of the socket. https://nginx.org/en/docs/http/server_names.html
 *
 * @param host as in the Host header; its port does not count
 * @returns undefined when no server listens there, or when a name that is not known (`$hostname`, a template) could win
 */
export function chooseServer(
  servers: readonly Level[],
  connection: Connection,
  host: string | undefined,
): Level | undefined {
  const listening = listeningOn(servers, connection);
  if (listening.length < 2) {
    return listening[0];
  }
  const fallback = listening.find((server) => isDefault(server, connection)) ?? listening[0];
  if (host === undefined) {
    return undefined;
  }
  const named = matchName(listening, host);
  return named === 'unknown' ? undefined : (named?.server ?? fallback);
}

/** The servers of the socket that takes the connection: a socket of its own address comes before one of every address. */
export function listeningOn(servers: readonly Level[], { port, address }: Connection): readonly Level[] {
  const onPort = servers.filter((server) => listensOf(server).some((listen) => listen.port === port));
  const exact = onPort.filter((server) =>
    listensOf(server).some((listen) => listen.port === port && listen.address === address),
  );
  if (exact.length > 0) {
    return exact;
  }
  const everywhere = onPort.filter((server) =>
    listensOf(server).some((listen) => listen.port === port && listen.address === '*'),
  );
  return address === undefined ? onPort : everywhere;
}

function isDefault(server: Level, { port }: Connection): boolean {
  return listensOf(server).some((listen) => listen.port === port && listen.isDefault);
}

/** The server that a host's name picks, if any does. */
export function matchName(servers: readonly Level[], host: string): NameMatch | 'unknown' | undefined {
  const name = bareHost(host);
  const all = withoutConflicts(
    servers.flatMap((server) => namesOf(server).map((written) => ({ server, ...readName(written) }))),
  );
  const unclear = all.some(({ kind }) => kind === 'unclear');
  const exact = all.find(
    ({ kind, text }) => (kind === 'exact' && text === name) || (kind === 'domain' && text === `.${name}`),
  );
  if (exact !== undefined) {
    return { server: exact.server, groups: [], names: new Map() };
  }
  const heads = all.filter(({ kind, text }) => (kind === 'suffix' || kind === 'domain') && name.endsWith(text));
  const tails = all.filter(({ kind, text }) => kind === 'prefix' && name.startsWith(text));
  const wild = longest(heads) ?? longest(tails);
  if (wild !== undefined) {
    return unclear ? 'unknown' : { server: wild.server, groups: [], names: new Map() };
  }
  for (const { server, kind, text } of all) {
    const pattern = kind === 'pattern' ? compilePattern(text, true) : undefined;
    const groups = pattern?.exec(name);
    if (kind === 'pattern' && pattern === undefined) {
      return 'unknown';
    }
    if (pattern !== undefined && groups !== undefined) {
      return unclear ? 'unknown' : { server, groups, names: pattern.names };
    }
  }
  return unclear ? 'unknown' : undefined;
}

interface ServerName {
  readonly kind: 'exact' | 'domain' | 'suffix' | 'prefix' | 'pattern' | 'unclear';
  /** Lower case, without its star; a pattern without its tilde. */
  readonly text: string;
}

function readName(written: string): ServerName {
  const text = written.toLowerCase();
  if (text.startsWith('~')) {
    return { kind: 'pattern', text: written.slice(1) };
  }
  if (/[${}]/.test(text)) {
    return { kind: 'unclear', text };
  }
  if (text.startsWith('*.')) {
    return { kind: 'suffix', text: text.slice(1) };
  }
  if (text.startsWith('.')) {
    return { kind: 'domain', text };
  }
  return text.endsWith('.*') ? { kind: 'prefix', text: text.slice(0, -1) } : { kind: 'exact', text };
}

/** A name that an earlier server of the socket has is ignored, `.example.com` as a whole (`ngx_hash_add_key`). */
function withoutConflicts<N extends ServerName>(names: readonly N[]): readonly N[] {
  const taken = new Set<string>();
  return names.filter(({ kind, text }) => {
    const keys = kind === 'domain' ? [text.slice(1), `*${text}`] : [kind === 'suffix' ? `*${text}` : text];
    if (kind === 'pattern' || kind === 'unclear') {
      return true;
    }
    if (keys.some((key) => taken.has(key))) {
      return false;
    }
    for (const key of keys) {
      taken.add(key);
    }
    return true;
  });
}

function longest<N extends { readonly text: string }>(names: readonly N[]): N | undefined {
  return names.reduce<N | undefined>(
    (best, name) => (best && best.text.length >= name.text.length ? best : name),
    undefined,
  );
}

export function namesOf(server: Level): readonly string[] {
  return (server.own.get('server_name') ?? []).flatMap((node) => node.args.map((word) => word.value));
}

/** Lower case, without the port and the dot at its end. */
export function bareHost(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}
