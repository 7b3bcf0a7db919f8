import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { freePort, isListening } from './ports';
import { collectOutput, endProcess, waitUntil } from './process';
import { needPart } from './require';

/** Where in nginx's configuration a text belongs. */
export type NginxContext = 'main' | 'http' | 'server';

export interface NginxSite {
  /** The configuration. It may `include` the other files by their names. */
  readonly text: string;
  /** By default `http`: the text holds `server`, `map` and the like. */
  readonly context?: NginxContext;
  /** Other files by path, relative to the main file's folder: snippets, and documents below a `root html;`. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface NginxAnswer {
  readonly ok: boolean;
  /** The complaint of `nginx -t` that decides (the first warning if it would load), without level, file and line: `unknown directive "foo"`; empty if none. */
  readonly message: string;
  /** 1-based line of the complaint, where it names one. */
  readonly line: number | undefined;
  /** The file of the complaint: `undefined` is the text itself, otherwise a key of `files`. */
  readonly file: string | undefined;
  /** Whether the complaint is a warning (`ok` is then true). */
  readonly level: 'emerg' | 'warn' | undefined;
}

export interface RunningNginx {
  readonly port: number;
  readonly url: string;
  /** What the error log holds so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Asks the real nginx (`nginx -t`) whether it would load this configuration. Lines are those of the given text. */
export function nginxTest(site: NginxSite | string): NginxAnswer {
  const prefix = layOut(typeof site === 'string' ? { text: site } : site);
  try {
    const run = spawnSync(needPart('nginx'), ['-t', ...argumentsFor(prefix)], { encoding: 'utf8' });
    return readAnswer(run.stderr, run.status === 0, prefix);
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
}

/**
 * Starts a throw-away nginx with its own prefix, pid, temp paths and error log, and waits until it answers. `site`
 * gets the port that its `listen` has to name (`listen 127.0.0.1:${port};`).
 */
export async function startNginx(site: (port: number) => NginxSite): Promise<RunningNginx> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const prefix = layOut(site(port));
    const child = spawn(needPart('nginx'), argumentsFor(prefix), { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = collectOutput(child);
    try {
      await waitUntil(() => isListening(port), child, 'nginx', output);
    } catch (error) {
      await endProcess(child);
      rmSync(prefix, { recursive: true, force: true });
      if (attempt < 3 && output().includes('Address already in use')) continue;
      throw error;
    }
    return {
      port,
      url: `http://127.0.0.1:${port}`,
      log: output,
      stop: async () => {
        await endProcess(child);
        rmSync(prefix, { recursive: true, force: true });
      },
    };
  }
}

const textFile = 'site.conf';

function layOut(site: NginxSite): string {
  const prefix = mkdtempSync(join(tmpdir(), 'cors-lint-nginx-'));
  const write = (name: string, text: string) => {
    const path = join(prefix, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  mkdirSync(join(prefix, 'logs'));
  mkdirSync(join(prefix, 'tmp'));
  for (const [name, text] of Object.entries(site.files ?? {})) write(name, text);
  write(textFile, site.text);
  const context = site.context ?? 'http';
  if (context !== 'main') write('nginx.conf', mainFile(context));
  return prefix;
}

function argumentsFor(prefix: string): string[] {
  const hasMain = existsSync(join(prefix, 'nginx.conf'));
  const globals = hasMain ? [] : ['-g', `${globalDirectives()} pid logs/nginx.pid; daemon off;`];
  return ['-e', 'stderr', '-p', `${prefix}/`, '-c', hasMain ? 'nginx.conf' : textFile, ...globals];
}

/** The text is included, not pasted, so that nginx's line numbers are the text's own. */
function mainFile(context: 'http' | 'server'): string {
  const site = context === 'http' ? `include ${textFile};` : `server { include ${textFile}; }`;
  return `${globalDirectives()}
pid logs/nginx.pid;
daemon off;
worker_processes 1;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path tmp/body;
  proxy_temp_path tmp/proxy;
  fastcgi_temp_path tmp/fastcgi;
  uwsgi_temp_path tmp/uwsgi;
  scgi_temp_path tmp/scgi;
  server_names_hash_max_size 262144;
  server_names_hash_bucket_size 128;
  keepalive_requests 1000000;
  map_hash_bucket_size 256;
  variables_hash_max_size 65536;
  ${site}
}
`;
}

/** Worker processes of a root master would otherwise run as a user who may not read the prefix. */
function globalDirectives(): string {
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const more = moduleFolders
    .map((folder) => join(folder, 'ngx_http_headers_more_filter_module.so'))
    .find((path) => existsSync(path));
  return `${more === undefined ? '' : `load_module ${more};`} ${user}`;
}

const moduleFolders = ['/usr/lib/nginx/modules', '/usr/lib64/nginx/modules', '/usr/local/lib/nginx/modules'];

function readAnswer(stderr: string, ok: boolean, prefix: string): NginxAnswer {
  const level = ok ? 'warn' : 'emerg';
  const sentence = firstComplaint(stderr, level);
  if (sentence === undefined) {
    return { ok, message: ok ? '' : stderr.trim(), line: undefined, file: undefined, level: undefined };
  }
  const place = /^([\s\S]*) in (\S+?):(\d+)$/.exec(sentence);
  const [message, path, line] = place === null ? [sentence] : [place[1] ?? '', place[2], place[3]];
  const file = path === undefined ? textFile : relative(prefix, path);
  return {
    ok,
    message,
    line: line === undefined ? undefined : Number(line),
    file: file === textFile ? undefined : file,
    level,
  };
}

/** What nginx says may hold line breaks of the configuration: a complaint goes on to the next line that starts one. */
function firstComplaint(stderr: string, level: string): string | undefined {
  const start = new RegExp(`(?:^|\\n)[^\\n]*?\\[${level}\\] (?:\\d+#\\d+: )?`).exec(stderr);
  if (start === null) return undefined;
  const rest = stderr.slice(start.index + start[0].length);
  const end = /\n(?:\d{4}\/\d\d\/\d\d [\d:]{8} \[\w+\] |nginx: )|\n?$/.exec(rest);
  return rest.slice(0, end?.index);
}
