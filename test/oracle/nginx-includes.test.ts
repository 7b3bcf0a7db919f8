import { request as httpRequest } from 'node:http';
import { beforeAll, expect, test } from 'vitest';
import type { Endpoint } from '../../server/src/cors/endpoint';
import { resolveResponse } from '../../server/src/cors/resolve';
import { nginx } from '../../server/src/platforms/nginx/platform';
import { openHost } from '../../server/src/workspace/host';
import { nodeDisk } from '../../server/src/workspace/nodeDisk';
import { openScratch } from '../../server/src/workspace/testing/scratch';
import { startNginx } from '../harness/nginx';
import { suiteNeeds } from '../harness/require';
import { chooseSeed, type Random, randomFrom } from './nginx-random';

/**
 * Layouts of files that include each other, by name and by pattern, at every level: the headers that the real nginx
 * sends, and their order, are those that are read out of the files.
 */

const seed = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 50);

/** What names are made of: some sort unlike in a dictionary, some a pattern must not match. */
const NAMES = ['a', 'b', 'B', '10-x', '2-y', 'ä', '_z', 'a.b', '.hidden', 'c d', 'x[1]'];
const FOLDERS = ['one', 'two', 'two/deep', '.dot'];
const PATTERNS = [
  '*',
  '*.conf',
  '?.conf',
  '[a-b]*',
  '[!a]*.conf',
  '[^B]?conf',
  '*.c?nf',
  '[[:alpha:]].conf',
  'a*b*',
  '.*.conf',
  '\\\\*',
  '*-[xy].conf',
];

class Layout {
  readonly files: Record<string, string> = {};
  private count = 0;

  constructor(
    private readonly random: Random,
    private readonly folder: string,
    readonly host: string,
  ) {}

  /** Lines of a server: headers, some of them by way of other files, which include others in their turn. */
  main(listen: string): string {
    const inLocation = this.lines(2);
    const location = this.random.chance(0.5)
      ? `location /deep/ {\n${inLocation.join('\n')}\nreturn 200 deep;\n}\n${this.include(1)}`
      : `location /deep/ { if ($arg_x) {\n${inLocation.join('\n')}\nreturn 200 if;\n} return 200 deep; }`;
    const server = `server {\nlisten ${listen};\nserver_name ${this.host};\n${this.lines(2).join('\n')}\n${location}\nlocation / { return 200 ok; }\n}\n`;
    const map = `map $arg_m $map_${this.host} {\n${this.mapLines()}\ndefault "";\n}\n`;
    return `${map}${this.random.chance(0.5) ? this.inFile(server, 'server') : server}`;
  }

  private header(): string {
    this.count += 1;
    return `add_header X-${this.count} "${this.random.chance(0.1) ? `$map_${this.host}` : this.count}";`;
  }

  private lines(depth: number): string[] {
    return Array.from({ length: 1 + this.random.below(3) }, () =>
      depth > 0 && this.random.chance(0.6) ? this.include(depth) : this.header(),
    );
  }

  /** An `include` of one file, or of whatever a pattern finds among some. */
  private include(depth: number): string {
    const { random } = this;
    if (random.chance(0.3)) return this.inFile(this.lines(depth - 1).join('\n'), 'one');
    this.count += 1;
    const folder = `${this.folder}/${random.pick(FOLDERS)}${this.count}`;
    for (let i = random.below(4); i > 0; i -= 1) {
      const name = random.pick(NAMES) + random.pick(['.conf', '.conf', '.bak', '']);
      this.files[`${folder}/${name}`] = `${this.lines(depth - 1).join('\n')}\n`;
    }
    this.files[`${folder}/keep.md`] ??= '# nothing\n';
    return `include ${this.quoted(`${folder}/${random.pick(PATTERNS)}`)};`;
  }

  private inFile(text: string, name: string): string {
    this.count += 1;
    const file = `${this.folder}/${name}${this.count}.inc`;
    this.files[file] = `${text}\n`;
    return `include ${this.quoted(this.random.chance(0.3) ? `${this.folder}/../${file}` : file)};`;
  }

  private mapLines(): string {
    if (this.random.chance(0.5)) return 'a A;';
    const file = `${this.folder}/values.map`;
    this.files[file] = 'a A;\nb B;\n';
    return `include ${file};`;
  }

  private quoted(name: string): string {
    return / |"/.test(name) || this.random.chance(0.2) ? `"${name}"` : name;
  }
}

suiteNeeds('nginx')(`includes, SEED=${seed}`, () => {
  beforeAll(() => nginx.prepare?.());

  test(`of ${CASES} layouts`, async () => {
    const random = randomFrom(seed);
    let layouts: Layout[] = [];
    let files: Record<string, string> = {};
    let text = '';
    const server = await startNginx((port) => {
      layouts = Array.from({ length: CASES }, (_, i) => new Layout(random, `f${i}`, `h${i}`));
      text = layouts.map((layout) => layout.main(`127.0.0.1:${port}`)).join('\n');
      files = Object.assign({}, ...layouts.map((layout) => layout.files)) as Record<string, string>;
      return { text, files };
    });
    const scratch = openScratch({
      ...files,
      'site.conf': text,
      'nginx.conf': 'events {}\nhttp {\n  include site.conf;\n}\n',
    });
    try {
      const host = openHost(scratch.root, nodeDisk);
      const endpoints = new Map<string, Endpoint[]>();
      for (const file of ['site.conf', ...Object.keys(files).filter((name) => /server\d+\.inc$/.test(name))]) {
        for (const endpoint of nginx.analyse(scratch.at(file), host.read(scratch.at(file)) ?? '', host, {}).endpoints) {
          const name = /server (\S+)|of (\S+)/.exec(endpoint.label)?.slice(1).find(Boolean) ?? '';
          endpoints.set(name, [...(endpoints.get(name) ?? []), endpoint]);
        }
      }
      let seen = 0;
      for (const layout of layouts) {
        for (const path of ['/', '/deep/', '/deep/?x=1', '/?m=a', '/deep/?m=a']) {
          const real = await headersOf(server.port, layout.host, path);
          seen += real.length;
          expect(
            predicted(endpoints.get(layout.host) ?? [], layout.host, path),
            `${layout.host}${path} ${show(layout)}`,
          ).toEqual(real);
        }
      }
      expect(seen).toBeGreaterThan(CASES * 10);
    } finally {
      await server.stop();
      scratch.remove();
    }
  }, 120_000);
});

function predicted(endpoints: readonly Endpoint[], host: string, path: string): string[] {
  const endpoint = endpoints.find((each) => each.path === (path.startsWith('/deep') ? '/deep/' : '/'));
  const request = {
    method: 'GET',
    scheme: 'http',
    host,
    path,
    origin: undefined,
    headers: new Map<string, string>(),
    ending: 'success',
  } as const;
  const responses = endpoint?.respond(request) ?? [];
  if (responses.length !== 1) return [`${responses.length} responses of ${endpoints.map((each) => each.label)}`];
  return responses.flatMap((response) =>
    (resolveResponse(response, request)[0]?.headers ?? [])
      .filter(({ name }) => name.startsWith('X-'))
      .map(({ name, text }) => `${name}: ${text}`),
  );
}

function show({ files }: Layout): string {
  return Object.entries(files)
    .map(([name, text]) => `\n--- ${name}\n${text}`)
    .join('');
}

function headersOf(port: number, host: string, path: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
      response.resume();
      const raw = response.rawHeaders;
      const all = raw.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${raw[i + 1]}`] : []));
      response.on('end', () => resolve(all.filter((line) => line.startsWith('X-'))));
    });
    sent.on('error', reject);
    sent.end();
  });
}
