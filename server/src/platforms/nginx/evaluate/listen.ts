import type { Level } from '../config/level';

/** One `listen` of a server. https://nginx.org/en/docs/http/ngx_http_core_module.html#listen */
export interface Listen {
  /** `127.0.0.1`, `[::1]`, `localhost`; `*` for every address. */
  readonly address: string;
  readonly port: number;
  readonly secure: boolean;
  readonly isDefault: boolean;
}

const known = new WeakMap<Level, readonly Listen[]>();

/** Where a server listens, by TCP. Without any `listen` that is port 80; sockets of files are left out. */
export function listensOf(server: Level): readonly Listen[] {
  const found = known.get(server) ?? read(server);
  known.set(server, found);
  return found;
}

function read(server: Level): readonly Listen[] {
  const nodes = server.own.get('listen');
  if (nodes === undefined) {
    return [{ address: '*', port: 80, secure: false, isDefault: false }];
  }
  return nodes.flatMap(({ args: [first, ...flags] }) => {
    const words = flags.map((word) => word.value);
    const socket = readSocket(first?.value ?? '');
    const isDefault = words.includes('default_server') || words.includes('default');
    return socket === undefined
      ? []
      : [{ ...socket, isDefault, secure: words.includes('ssl') || words.includes('quic') }];
  });
}

/** `address`, `port` or `address:port`; undefined for `unix:` and for what is filled in later. */
function readSocket(text: string): Pick<Listen, 'address' | 'port'> | undefined {
  const [, address = '*', port] =
    /^(?:(\[[\da-f:.]+\]|[\w.*-]+):)?(\d{1,5})$/i.exec(text) ?? /^(\[[\da-f:.]+\]|[\w.*-]+)()$/i.exec(text) ?? [];
  if (port === undefined) {
    return undefined;
  }
  return { address: EVERY_ADDRESS.has(address) ? '*' : address.toLowerCase(), port: port === '' ? 80 : Number(port) };
}

const EVERY_ADDRESS = new Set(['*', '0.0.0.0', '[::]']);

/** The only port of the server; undefined where there are several, or where it is not told. */
export function onlyPort(server: Level): number | undefined {
  const [first, ...others] = listensOf(server);
  return first !== undefined && others.every(({ port }) => port === first.port) ? first.port : undefined;
}
