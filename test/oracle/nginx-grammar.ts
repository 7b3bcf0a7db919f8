import type { Random } from './nginx-random';

/** A small grammar of servers: every sentence is a configuration that nginx loads, and most of them use CORS. */
export interface Case {
  /** The `http`-level text of the case: maps, the server, and one that it may pass requests on to. */
  readonly text: string;
  readonly host: string;
}

/** What a case can name. */
export interface Surroundings {
  /** The argument of `listen`, for the case's servers. */
  readonly listen: string;
  /** The argument of `proxy_pass`, without a path: nginx itself. */
  readonly itself: string;
  /** The same for a server that is not nginx. */
  readonly elsewhere: string;
}

/** Where files are: `hit.txt`, `index.html` and a folder `moved` in each of these. */
export const FOLDERS = ['', 'a/', 'a/b/', 'c/', 'c/b/', 'old/'];

/** @param id makes names unique, so that many cases fit into one process */
export function makeCase(random: Random, id: number, surroundings: Surroundings): Case {
  const words = new Words(random, id, surroundings);
  const [names, host] = random.pick([
    [`c${id}`, `c${id}`],
    [`c${id}`, `c${id}`],
    [`c${id} *.w${id}.example`, `sub.w${id}.example`],
    [`c${id} .d${id}.example`, `d${id}.example`],
    [`c${id} t${id}.*`, `t${id}.example`],
    [`c${id} "~^r${id}(e)gex$"`, `r${id}egex`],
  ] as const);
  const server = words.block(
    [
      `listen ${surroundings.listen};`,
      `server_name ${names};`,
      // A variable that nothing sets is an error.
      `location @names { set $v${id} ''; set $w${id} ''; }`,
      ...words.some(2, () => words.header()),
      ...words.some(1, () => words.serverStep()),
      ...words.some(1, () => words.errorPage()),
      ...words.some(1, () => words.serverSetting()),
      ...words.locations(),
      words.named(),
      `location = /auth { internal; return ${random.pick(['204', '204', '200', '401', '403', '500'])}; }`,
    ],
    'server',
  );
  return { text: [words.maps(), server, words.second()].join('\n'), host };
}

class Words {
  /** Nothing but headers and maps looks at the origin: then one answer, with its choices, serves every origin. */
  private readonly plain: boolean;

  constructor(
    private readonly random: Random,
    private readonly id: number,
    private readonly around: Surroundings,
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
map $request_method $realm${id} { OPTIONS off; default inside; }
map $upstream_http_access_control_allow_origin $unless_sent${id} { "" "*"; }
map $http_origin $by_host${id} { hostnames; default no; *.example.com wide; https://app.* app; \\default odd; }
${this.plain ? '' : `map "$request_method:$http_origin" $both${id} { "~^GET:(?<who>.+)$" $who; ~^OPTIONS:(.*)$ $1; default none; }`}`;
  }

  /** A server for the first one to pass requests on to, with headers of its own. */
  second(): string {
    const { random, id } = this;
    const content = random.pick([
      'return 200 second;',
      'return 204;',
      'return 403;',
      'return 302 /x;',
      'return 500;',
      'return 444;',
      'root html;',
      'root html;',
    ]);
    return this.block(
      [
        `listen ${this.around.listen};`,
        `server_name u${id};`,
        ...this.some(2, () => this.header()),
        `location / { ${this.some(2, () => this.header()).join(' ')} ${this.some(1, () => `if ($request_method = OPTIONS) { ${this.some(1, () => this.header()).join(' ')} return 204; }`).join('')} ${content} }`,
      ],
      'server',
    );
  }

  named(): string {
    const { random, id } = this;
    const content = random.pick([
      'return 200;',
      'return 204;',
      'return 200 x;',
      'return 403;',
      'try_files /c/hit.txt =404;',
      `proxy_set_header Host u${id}; proxy_pass ${this.around.itself};`,
    ]);
    return `location @named { ${this.some(2, () => this.header()).join(' ')} ${content} }`;
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
      `$by_host${id}`,
      `$unless_sent${id}`,
      this.plain ? '""' : `$both${id}`,
      `$v${id}`,
      `"\${v${id}}-$w${id}"`,
      `'$request_method $uri'`,
      '$http_access_control_request_headers',
      '""',
      'Origin',
      random.pick(['$host', '$http_host', '$server_name', '$server_port', '$status', '$sent_http_x_a', '$args', '$1']),
    ]);
  }

  header(): string {
    const { random } = this;
    const name = random.pick([
      'Access-Control-Allow-Origin',
      'Access-Control-Allow-Origin',
      'Access-Control-Allow-Methods',
      'Access-Control-Allow-Credentials',
      'Vary',
      'X-A',
      'X-B',
    ]);
    if (random.chance(0.1)) {
      const when = random.pick(['', '', '', '-s 404 ', '-s "200 204" ']);
      return `more_set_headers ${when}"${name}: ${random.pick(['*', '$http_origin', `$v${this.id}`, ''])}";`;
    }
    if (random.chance(0.03)) {
      return 'more_clear_headers X-A "Access-Control-*";';
    }
    return `add_header ${name} ${this.value()}${random.chance(0.4) ? ' always' : ''};`;
  }

  serverSetting(): string {
    return this.random.pick([
      'absolute_redirect off;',
      'port_in_redirect off;',
      'server_name_in_redirect on;',
      'recursive_error_pages on;',
      'index none.html index.html;',
      'proxy_intercept_errors on;',
      'proxy_hide_header Access-Control-Allow-Origin;',
      'satisfy any;',
      'expires 1h;',
    ]);
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
      '$host ~ ^c',
      '-f $request_filename',
      '!-f $document_root$uri',
      '$http_origin ~ ^https://(?!evil)',
      '$http_x_token',
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
      'return 301 https://$host$request_uri;',
      'return 307 $scheme://$http_host/b;',
      'return 308 //c;',
      'return 200 "$http_origin";',
      'return https://new.example/;',
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
      () => 'rewrite ^/old/b(.*)$ /c$1 break;',
      () => 'rewrite ^/old/(.+)$ /new/$1 permanent;',
      () => `if (${this.condition()}) { ${this.answer()} }`,
    ])();
  }

  private locationStep(): string {
    const { random } = this;
    return random.pick([
      () => this.set(),
      () => this.ifBlock(),
      () => `if (${this.condition()}) { ${this.some(2, () => this.header()).join(' ')} ${this.answer()} }`,
      () =>
        random.pick([
          'rewrite ^/a/(.*)$ /c/$1 last;',
          'rewrite none$ /c/none break;',
          'rewrite hit.txt$ /c/index.html break;',
          'rewrite ^/c(.*) /a$1;',
          'rewrite moved$ /gone/ redirect;',
          'rewrite moved$ https://other.example/? permanent;',
          'break;',
        ]),
    ])();
  }

  private ifBlock(): string {
    const { random } = this;
    const last = (): string =>
      random.pick([this.answer(), 'break;', `proxy_pass ${random.pick([this.around.itself, this.around.elsewhere])};`]);
    return `if (${this.condition()}) { ${this.some(2, () => this.header()).join(' ')} ${this.some(1, () => this.set()).join(' ')} ${this.some(1, last).join(' ')} }`;
  }

  errorPage(): string {
    return this.random.pick([
      'error_page 404 /50x.html;',
      'error_page 500 502 503 504 /50x.html;',
      'error_page 404 = @named;',
      'error_page 404 405 = /c/hit.txt;',
      'error_page 403 404 405 @named;',
      'error_page 405 =204 @named;',
      'error_page 418 =200 /c/hit.txt;',
      'error_page 401 /a/hit.txt;',
      'error_page 301 302 =200 /c/hit.txt;',
      'error_page 404 =301 http://other.example/;',
      'error_page 502 503 @named;',
      'error_page 404 /a/hit.txt?x=1;',
      'error_page 403 404 =200 @named;',
    ]);
  }

  private content(): string {
    const { random, id } = this;
    const { itself, elsewhere } = this.around;
    return random.pick([
      () => this.answer(),
      () => this.answer(),
      () => `proxy_pass ${elsewhere};`,
      () => `proxy_pass ${elsewhere}; ${random.pick(['proxy_intercept_errors on;', 'proxy_hide_header Vary;'])}`,
      () => `proxy_set_header Host u${id}; proxy_pass ${itself};`,
      () => `proxy_set_header Host u${id}; proxy_pass ${itself}; ${this.proxySetting()}`,
      () => 'root html;',
      () => 'root html;',
      () => 'autoindex on;',
      () =>
        random.pick([
          'try_files $uri =404;',
          'try_files $uri @named;',
          'try_files $uri $uri/ =404;',
          'try_files $uri $uri/ /index.html;',
          'try_files $uri.txt $uri /c/hit.txt;',
          'try_files /nothing $uri =403;',
        ]),
      () => `auth_basic x; auth_basic_user_file users;`,
      () => `auth_basic $realm${id}; auth_basic_user_file users;`,
      () => 'deny all;',
      () => 'allow 127.0.0.1; deny all;',
      () => 'satisfy any; deny all; auth_basic x; auth_basic_user_file users;',
      () => `auth_request /auth; ${random.pick(['', 'satisfy any; deny all;'])}`,
      () => 'limit_req zone=limited;',
      () => `limit_except GET { ${random.pick(['deny all;', 'allow all;'])} } proxy_pass ${elsewhere};`,
      () => 'limit_except GET POST { deny all; }',
      () => 'internal;',
      () => 'expires 1h;',
    ])();
  }

  private proxySetting(): string {
    return this.random.pick([
      'proxy_hide_header Access-Control-Allow-Origin;',
      'proxy_hide_header vary;',
      'proxy_intercept_errors on;',
      'proxy_redirect off;',
      `proxy_set_header Origin "";`,
      'proxy_set_header Origin https://app.example.com;',
      'proxy_pass_request_headers off;',
      'proxy_method GET;',
    ]);
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
    const { random, id } = this;
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
    if (random.chance(0.2)) lines.push(this.block(this.body(), 'location = /a/'));
    if (random.chance(0.15)) lines.push(this.block(this.body(), `location ~ "^/(?<first${id}>[ac])/b"`));
    if (random.chance(0.15)) {
      const target = random.pick([`${this.around.itself}/c/`, `${this.around.itself}/`, `${this.around.elsewhere}/c/`]);
      lines.push(
        this.block(
          [...this.some(2, () => this.header()), `proxy_set_header Host u${id};`, `proxy_pass ${target};`],
          'location /old/',
        ),
      );
    }
    return lines;
  }
}
