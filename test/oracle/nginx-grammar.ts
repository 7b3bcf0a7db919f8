import type { Random } from './nginx-random';

/** A small grammar of servers: every sentence is a configuration that nginx loads, and most of them use CORS. */
export interface Case {
  /** The `http`-level text of the case: maps and one server, which listens where `listen` says. */
  readonly text: string;
  readonly host: string;
}

/** Where files are: `hit.txt` and `index.html` in each of these folders. Upstreams answer 404 for `none`. */
export const FOLDERS = ['', 'a/', 'a/b/', 'c/', 'c/b/', 'old/'];

export const ORIGINS = ['https://app.example.com', 'https://evil.example', 'null', undefined];

/**
 * @param id makes names unique, so that many cases fit into one process
 * @param listen the argument of `listen`
 * @param upstream the argument of `proxy_pass`, without a path
 */
export function makeCase(random: Random, id: number, listen: string, upstream: string): Case {
  const host = `c${id}`;
  const words = new Words(random, id, upstream);
  const server = words.block(
    [
      `listen ${listen};`,
      `server_name ${host};`,
      // A variable that nothing sets is an error.
      `location @names { set $v${id} ''; set $w${id} ''; }`,
      ...words.some(2, () => words.header()),
      ...words.some(1, () => words.serverStep()),
      ...words.some(1, () => words.errorPage()),
      ...words.locations(),
      'location @named { '.concat(
        words.some(2, () => words.header()).join(' '),
        ` return ${random.pick(['200', '204', '200 x', '403'])}; }`,
      ),
    ],
    'server',
  );
  return { text: `${words.maps()}\n${server}`, host };
}

class Words {
  /** Nothing but headers and maps looks at the origin: then one answer, with its choices, serves every origin. */
  private readonly plain: boolean;

  constructor(
    private readonly random: Random,
    private readonly id: number,
    private readonly upstream: string,
  ) {
    this.plain = random.chance(0.4);
  }

  some(most: number, make: () => string): string[] {
    return Array.from({ length: this.random.below(most + 1) }, make);
  }

  block(lines: readonly string[], head: string): string {
    return `${head} {\n${lines.map((line) => `  ${line}`).join('\n')}\n}`;
  }

  maps(): string {
    const { id } = this;
    return `map $http_origin $by_origin${id} { default ""; "https://app.example.com" $http_origin; ~*^https://.*\\.example$ "*"; }
map $by_origin${id} $chained${id} { "" ""; default true; }
map $request_method $by_method${id} { OPTIONS "GET, PUT"; default ""; }
${this.plain ? '' : `map "$request_method:$http_origin" $both${id} { "~^GET:(?<who>.+)$" $who; default none; }`}`;
  }

  private value(): string {
    const { id, random } = this;
    return random.pick([
      '*',
      '"https://app.example.com"',
      '$http_origin',
      `$by_origin${id}`,
      `$chained${id}`,
      `$by_method${id}`,
      this.plain ? '""' : `$both${id}`,
      `$v${id}`,
      `"\${v${id}}-$w${id}"`,
      `'$request_method $uri'`,
      '$http_access_control_request_headers',
      '""',
      'Origin',
    ]);
  }

  header(): string {
    const { random } = this;
    const name = random.pick([
      'Access-Control-Allow-Origin',
      'Access-Control-Allow-Origin',
      'Access-Control-Allow-Methods',
      'Vary',
      'X-A',
      'X-B',
    ]);
    if (random.chance(0.1)) {
      return `more_set_headers "${name}: ${random.pick(['*', '$http_origin', `$v${this.id}`, ''])}";`;
    }
    if (random.chance(0.03)) {
      return 'more_clear_headers X-A "Access-Control-*";';
    }
    return `add_header ${name} ${this.value()}${random.chance(0.4) ? ' always' : ''};`;
  }

  private condition(): string {
    const { id, random } = this;
    if (this.plain) {
      return random.pick([
        '$request_method = OPTIONS',
        '$request_method != GET',
        '$request_method ~* options',
        '$arg_x',
        '$uri ~ "(hit|none)"',
      ]);
    }
    return random.pick([
      '$request_method = OPTIONS',
      "$request_method = 'OPTIONS'",
      '$request_method != GET',
      '$request_method ~ ^(GET|POST)$',
      '$request_method ~* options',
      '$http_origin',
      '$http_origin = "https://app.example.com"',
      '$http_origin ~ ^https://(.*)\\.example',
      '$http_origin !~* "EVIL"',
      '$arg_x',
      '$arg_x = 1',
      `$v${id}`,
      `$v${id} = yes`,
      `$by_origin${id} = ""`,
      `$chained${id}`,
      `$uri ~ "(hit|none)"`,
    ]);
  }

  private set(): string {
    const { id, random } = this;
    return `set $${random.pick(['v', 'w'])}${id} ${random.pick(this.plain ? ['yes', '""', '"$1"', '0'] : ['yes', '""', '$http_origin', `"\${v${id}}options"`, `$by_origin${id}`, '"$1"', '0'])};`;
  }

  private answer(): string {
    return this.random.pick([
      'return 204;',
      'return 200 ok;',
      'return 403;',
      'return 404;',
      'return 202;',
      'return 302 /x;',
      'return 405 no;',
      'return 418;',
    ]);
  }

  serverStep(): string {
    const { random } = this;
    return random.pick([
      () => this.set(),
      () => `if (${this.condition()}) { ${this.set()} ${this.some(1, () => this.answer()).join(' ')} }`,
      () => 'rewrite ^/old(.*)$ /a$1 last;',
      () => `if (${this.condition()}) { ${this.answer()} }`,
    ])();
  }

  private locationStep(): string {
    const { random } = this;
    return random.pick([
      () => this.set(),
      () =>
        `if (${this.condition()}) { ${this.some(2, () => this.header()).join(' ')} ${this.some(1, () => this.set()).join(' ')} ${this.some(1, () => random.pick([this.answer(), 'break;'])).join(' ')} }`,
      () => `if (${this.condition()}) { ${this.some(2, () => this.header()).join(' ')} ${this.answer()} }`,
      () =>
        random.pick([
          'rewrite ^/a/(.*)$ /c/$1 last;',
          'rewrite none$ /c/none break;',
          'rewrite hit.txt$ /c/index.html break;',
          'rewrite ^/c(.*) /a$1;',
          'break;',
        ]),
    ])();
  }

  errorPage(): string {
    return this.random.pick([
      'error_page 404 /50x.html;',
      'error_page 404 = @named;',
      'error_page 403 404 405 @named;',
      'error_page 405 =204 @named;',
      'error_page 418 =200 /c/hit.txt;',
      'error_page 404 =301 http://other.example/;',
    ]);
  }

  private content(): string {
    const { random, upstream } = this;
    return random.pick([
      () => this.answer(),
      () => this.answer(),
      () => `proxy_pass ${upstream};`,
      () => 'root html;',
      () => 'root html;',
      () => random.pick(['try_files $uri =404;', 'try_files $uri @named;']),
      () => 'auth_basic x; auth_basic_user_file /dev/null;',
      () => 'deny all;',
      () => 'satisfy any; deny all; auth_basic x; auth_basic_user_file /dev/null;',
      () => `limit_except GET { ${random.pick(['deny all;', 'allow all;'])} } proxy_pass ${upstream};`,
      () => 'limit_except GET POST { deny all; }',
      () => 'expires 1h;',
    ])();
  }

  private body(): string[] {
    return [
      ...this.some(2, () => this.header()),
      ...this.some(2, () => this.locationStep()),
      ...this.some(1, () => this.errorPage()),
      this.content(),
    ];
  }

  locations(): string[] {
    const { random } = this;
    const lines: string[] = [];
    if (random.chance(0.7)) lines.push(this.block(this.body(), 'location /'));
    if (random.chance(0.6)) {
      const nested = random.chance(0.4) ? [this.block(this.body(), 'location /a/b/')] : [];
      lines.push(this.block([...this.body(), ...nested], `location ${random.pick(['/a/', '/a/', '^~ /a/'])}`));
    }
    if (random.chance(0.4)) lines.push(this.block(this.body(), 'location /c/'));
    if (random.chance(0.3))
      lines.push(this.block(this.body(), `location ~ ${random.pick(['\\.txt$', '^/a/(.*)$', 'b/'])}`));
    if (random.chance(0.2)) lines.push(this.block(this.body(), 'location = /hit.txt'));
    if (random.chance(0.3)) lines.push(this.block(this.body(), 'location = /50x.html'));
    if (random.chance(0.2)) lines.push(this.block(this.body(), 'location ~* \\.html$'));
    return lines;
  }
}
