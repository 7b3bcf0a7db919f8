import type { Ending } from '../../server/src/cors/http';
import { type NginxSite, startNginx } from './nginx';
import { freePort } from './ports';
import type { RealServer } from './realServer';
import { startStandIn } from './standIn';

/**
 * Serves an example with the real nginx. What names the world outside is changed, and nothing else: ports, upstream
 * servers (a stand-in answers for all of them), document roots, password files, absolute includes; certificates go.
 * @param files by name; includes are relative to the folder of the main file, as for nginx
 * @param main the file that has the `server` or the `http` block
 * @param paths request paths for which a static site needs a file
 * @param application the port of 127.0.0.1 that answers for the upstream servers, instead of a stand-in
 */
export async function serveNginx(
  files: ReadonlyMap<string, string>,
  main: string,
  paths: readonly string[],
  application?: number,
): Promise<RealServer> {
  const standIn = await startStandIn();
  const tlsPort = await freePort();
  const all = [...files.values()].join('\n');
  const upstream = application ?? standIn.port;
  try {
    const nginx = await startNginx((port) => {
      const adapt = (text: string) => adaptToHere(text, { http: port, https: tlsPort, upstream });
      const adapted = Object.fromEntries([...files].map(([name, text]) => [name, adapt(text)]));
      // A browser that is asked for a password asks its user, and nobody is there.
      const text = `more_clear_headers WWW-Authenticate;\ninclude ${main};`;
      const site: NginxSite = { text, files: { ...documents(paths), ...passwords, ...adapted } };
      return main === 'nginx.conf' ? { ...site, text: adapt(files.get(main) ?? ''), context: 'main' } : site;
    });
    const ports = {
      plain: /listen[^;]*\b80\b|listen[^;]*\b8\d{3}\b/.test(all) || !/\blisten\b/.test(all),
      tls: isTls(all),
    };
    let wanted: Ending = 'success';
    return {
      name: 'nginx',
      ports: {
        http: ports.plain || !ports.tls ? nginx.port : tlsPort,
        https: ports.tls ? tlsPort : nginx.port,
      },
      hosts: serverNames(all),
      end: (ending) => {
        wanted = ending;
        standIn.end(ending);
        return ending === 'success' || (application === undefined && /\bproxy_pass\b/.test(all));
      },
      endedSo: () => wanted === 'success' || standIn.wasAsked(),
      authorization: /\bauth_basic\b/.test(all) ? `Basic ${btoa('user:password')}` : 'Bearer token',
      log: nginx.log,
      stop: async () => {
        await nginx.stop();
        await standIn.stop();
      },
    };
  } catch (error) {
    await standIn.stop();
    throw error;
  }
}

interface Here {
  readonly http: number;
  readonly https: number;
  readonly upstream: number;
}

function adaptToHere(text: string, here: Here): string {
  return addListen(text, here.http)
    .replace(directive('listen'), (_all, value: string) => listen(value, here))
    .replace(directive('ssl_\\w+|http2|ssl'), '')
    .replace(directive('access_log|error_log|user|pid|load_module'), '')
    .replace(directive('root'), 'root html;')
    .replace(directive('auth_basic_user_file'), 'auth_basic_user_file passwords;')
    .replace(/(\bproxy_pass\s+)https?:\/\/([^/;\s]+)/g, (all, before: string, host: string) =>
      isUpstreamName(text, host) || host.includes('$')
        ? all.replace('https:', 'http:')
        : `${before}http://127.0.0.1:${isOwnSocket(text, host) ? here.http : here.upstream}`,
    )
    .replace(/(\bupstream\s+\S+\s*\{)([^}]*)\}/g, `$1 server 127.0.0.1:${here.upstream}; }`)
    .replace(/(\binclude\s+)\/etc\/nginx\//g, '$1');
}

/** A directive at the start of a line or after another one. Its arguments are `$1`. */
function directive(names: string): RegExp {
  return new RegExp(`(?<=(?:^|[;{}\\n])[ \\t]*)(?:${names})\\s+([^;{}]*);`, 'g');
}

/** The plain side of a site stands on one port, its TLS side on another; IPv6 twins go. */
function listen(value: string, here: Here): string {
  const [address = '', ...flags] = value.trim().split(/\s+/);
  if (address.startsWith('[') || address.startsWith('unix:')) return '';
  const tls = flags.includes('ssl') || /(^|:)443$/.test(address);
  const kept = flags.filter((flag) => flag === 'default_server');
  return `listen ${[`127.0.0.1:${tls ? here.https : here.http}`, ...kept].join(' ')};`;
}

/** A server without `listen` listens on port 80. */
function addListen(text: string, port: number): string {
  return text.replace(/(^|\n|[;{}])([ \t]*server\s*\{)/g, (all, before: string, head: string, offset: number) => {
    const body = text.slice(offset + all.length, closingBrace(text, offset + all.length));
    return /(^|[\s;{}])listen\s/.test(body) ? all : `${before}${head} listen 127.0.0.1:${port};`;
  });
}

/** The offset of the brace that closes a block whose body starts at `start`. Comments and quotes do not count. */
function closingBrace(text: string, start: number): number {
  let depth = 1;
  const tokens = /(?<=^|\s)#[^\n]*|(?<=\s)"(?:\\.|[^"\\])*"|(?<=\s)'(?:\\.|[^'\\])*'|\$\{|[{}]/g;
  tokens.lastIndex = start;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    if (token[0] === '{') depth++;
    if (token[0] === '}') depth--;
    if (depth === 0) return token.index;
  }
  return text.length;
}

/** Whether a server of the same text listens there: the Host header then tells it from the others. */
function isOwnSocket(text: string, host: string): boolean {
  return [...text.matchAll(directive('listen'))].some((match) => match[1]?.trim() === host);
}

function isUpstreamName(text: string, name: string): boolean {
  return [...text.matchAll(/\bupstream\s+(\S+)\s*\{/g)].some((match) => match[1] === name);
}

function isTls(text: string): boolean {
  return /\blisten\s[^;]*(\b443\b|\bssl\b)/.test(text);
}

function serverNames(text: string): string[] {
  return [...text.matchAll(/(?:^|[\s;{}])server_name\s+([^;]+);/g)]
    .flatMap((match) => (match[1] ?? '').split(/\s+/))
    .filter((name) => /^[a-z0-9.-]+$/.test(name) && name.includes('.'));
}

const passwords = { passwords: 'user:{PLAIN}password\n' };

/** A document for each path below `html/`, as far as a path and one below it can both be. */
function documents(paths: readonly string[]): Record<string, string> {
  const wanted = paths.map((path) => (path.endsWith('/') ? `${path}index.html` : path));
  const files = ['/index.html', '/50x.html', ...wanted].filter(
    (path) => !wanted.some((other) => other.startsWith(`${path}/`)),
  );
  return Object.fromEntries(files.map((path) => [`html${path}`, 'a document']));
}
