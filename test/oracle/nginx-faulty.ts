import type { Random } from './nginx-random';

/** A small site that sets CORS up with some of the mistakes that people make, written as people write. */
export interface FaultySite {
  /** Stands in every name that must be unique in one nginx: the host, the folder, the variables of its maps. */
  readonly token: string;
  readonly host: string;
  /** By path, relative to the folder of the main file. */
  readonly files: Readonly<Record<string, string>>;
  /** The file with the server. */
  readonly main: string;
}

/** Where the sites listen and what stands behind them, as the texts have it: to be replaced when they are served. */
export const LISTEN = 'listen 80;';
export const UPSTREAM = 'http://127.0.0.1:3000';

/** A line, or the lines of a block with its head. */
type Line = string | readonly [head: string, body: readonly Line[]];

/**
 * One site of many.
 * @param id makes its names unique
 */
export function makeFaultySite(random: Random, id: number): FaultySite {
  const token = `zc${id}z`;
  const writer = new SiteWriter(random, token);
  const lines = writer.site();
  const style = makeStyle(random);
  const main = `${token}/site.conf`;
  const files: Record<string, string> = { [main]: print(lines, style) };
  if (writer.snippet.length > 0) files[`${token}/cors.conf`] = print(writer.snippet, style);
  return { token, host: `${token}.test`, files, main };
}

interface Style {
  readonly indent: string;
  readonly end: '\n' | '\r\n';
  readonly comments: boolean;
  /** Blocks start on a line of their own. */
  readonly allman: boolean;
}

function makeStyle(random: Random): Style {
  return {
    indent: random.pick(['  ', '  ', '    ', '    ', '\t']),
    end: random.chance(0.2) ? '\r\n' : '\n',
    comments: random.chance(0.2),
    allman: random.chance(0.1),
  };
}

function print(lines: readonly Line[], style: Style, depth = 0): string {
  const pad = style.indent.repeat(depth);
  return lines
    .map((line) => {
      if (typeof line === 'string') return `${pad}${line}${style.end}`;
      const [head, body] = line;
      const open = style.allman ? `${style.end}${pad}{` : ' {';
      const note = style.comments ? `${style.indent.repeat(depth + 1)}# ${head.split(' ')[0]}${style.end}` : '';
      return `${pad}${head}${open}${style.end}${note}${print(body, style, depth + 1)}${pad}}${style.end}`;
    })
    .join('');
}

/** How the value of Access-Control-Allow-Origin comes about. */
interface OriginPlan {
  readonly maps: readonly Line[];
  /** Statements of the location (or server) that come before the headers. */
  readonly steps: readonly Line[];
  readonly value: string;
}

type Where = 'server' | 'location';

class SiteWriter {
  readonly snippet: Line[] = [];
  private readonly quote: string;
  private readonly always: string;
  private readonly withCredentials: boolean;
  private readonly headersAt: Where;
  private readonly preflightAt: Where | undefined;

  constructor(
    private readonly random: Random,
    private readonly token: string,
  ) {
    this.quote = random.pick(["'", "'", '"', '']);
    this.always = random.chance(0.7) ? ' always' : '';
    this.withCredentials = random.chance(0.5);
    this.headersAt = random.chance(0.7) ? 'location' : 'server';
    this.preflightAt = random.pick<Where | undefined>([
      'location',
      'location',
      'location',
      this.headersAt,
      'server',
      undefined,
    ]);
  }

  site(): Line[] {
    const { random, headersAt } = this;
    const origin = this.origin();
    const headers = this.headers(origin);
    const extra = this.faults(headers);
    const shared = this.perhapsSnippet(headers);
    const auth = random.chance(0.15) ? ['auth_basic "staff";', 'auth_basic_user_file passwords;'] : [];
    const authAt: Where = random.chance(0.5) ? 'server' : 'location';
    const at = (where: Where): Line[] => [
      ...(headersAt === where ? [...origin.steps, ...shared, ...extra] : []),
      ...(authAt === where ? auth : []),
      ...(this.preflightAt === where ? this.preflight(headers) : []),
    ];
    const server: Line[] = [
      LISTEN,
      `server_name ${this.token}.test;`,
      ...(random.chance(0.3) ? ['add_header X-Content-Type-Options nosniff always;'] : []),
      ...at('server'),
      [`location ${random.pick(['/api/', '/api/', '/api', '/', '^~ /v1/'])}`, [...at('location'), ...this.content()]],
    ];
    if (random.chance(0.2)) server.push(['location = /health', ["return 200 'ok';"]]);
    return [...origin.maps, ['server', server]];
  }

  private origin(): OriginPlan {
    const { random, token } = this;
    const none: readonly Line[] = [];
    const guard = (test: string, value: string): OriginPlan => ({
      maps: none,
      steps: ["set $allowed '';", [`if ($http_origin ${test})`, [`set $allowed ${value};`]]],
      value: '$allowed',
    });
    const map = (entries: readonly string[]): OriginPlan => ({
      maps: [[`map $http_origin $origin_${token}`, entries.map((entry) => `${entry};`)]],
      steps: none,
      value: `$origin_${token}`,
    });
    return random.pick<() => OriginPlan>([
      () => ({ maps: none, steps: none, value: '*' }),
      () => ({ maps: none, steps: none, value: this.literal() }),
      () => ({ maps: none, steps: none, value: this.literal() }),
      () => ({ maps: none, steps: none, value: '$http_origin' }),
      () => ({ maps: none, steps: none, value: '"https://app.example.com, https://admin.example.com"' }),
      () => guard(this.pattern(), '$http_origin'),
      () => guard(`= "${random.pick(['https://app.example.com', 'http://localhost:3000'])}"`, '$http_origin'),
      () => map(['default ""', `"${this.oneOrigin()}" $http_origin`, '"https://admin.example.com" $http_origin']),
      () => map(['default ""', this.mapPattern()]),
      () => map(['default ""', '"null" "null"', '"https://app.example.com" $http_origin']),
      () => map(['default $http_origin', '"" ""']),
      () => map([`default "https://app.example.com"`, '"https://admin.example.com" $http_origin']),
    ])();
  }

  /** Mostly right. */
  private oneOrigin(): string {
    return this.random.pick([
      'https://app.example.com',
      'https://app.example.com',
      'https://app.example.com/',
      'https://App.example.com',
      'https://app.example.com:443',
      'http://app.example.com',
      'http://localhost:3000',
    ]);
  }

  private literal(): string {
    const origin = this.random.pick([
      this.oneOrigin(),
      this.oneOrigin(),
      'app.example.com',
      'https://*.example.com',
      'https://app.example.com/app',
    ]);
    return this.random.chance(0.5) ? origin : `"${origin}"`;
  }

  private pattern(): string {
    return this.random.pick([
      '~ "^https://(app|admin)\\.example\\.com$"',
      '~* "^https://(app|admin)\\.example\\.com$"',
      '~* (https://app.example.com|https://admin.example.com)',
      '~ "^https://.*example.com$"',
      '~* "https?://(localhost|app\\.example\\.com)"',
      '~ "^https://app.example.com$"',
      '~ "^https://([a-z]+\\.)?example\\.com"',
      '~* "^https?://.*\\.vercel\\.app$"',
      '~ ^https://app\\.example\\.com|https://admin\\.example\\.com$',
      '~ .',
    ]);
  }

  private mapPattern(): string {
    const [value, mark] = this.random.pick([
      ['$http_origin', '~'],
      ['$http_origin', '~*'],
    ] as const);
    const pattern = this.random.pick([
      '^https://(app|admin)\\.example\\.com$',
      '^https://.*\\.example\\.com$',
      '^https?://app.example.com',
      'example\\.com$',
      '^https://App\\.example\\.com$',
    ]);
    return this.random.chance(0.1) ? `"https://*.example.com" ${value}` : `"${mark}${pattern}" ${value}`;
  }

  private header(name: string, value: string, always = this.always): string {
    const { quote } = this;
    return `add_header ${quote}${name}${quote} ${value}${always};`;
  }

  private headers(origin: OriginPlan): string[] {
    const { random } = this;
    const quoted = (text: string): string => {
      const mark = this.quote === '' ? '"' : this.quote;
      return `${mark}${text}${mark}`;
    };
    const lines = [
      this.header(random.chance(0.04) ? 'Access-Control-Allow-Orgin' : 'Access-Control-Allow-Origin', origin.value),
    ];
    if (this.withCredentials) {
      lines.push(
        this.header('Access-Control-Allow-Credentials', random.pick(['true', 'true', 'true', "'true'", 'True', '1'])),
      );
    }
    if (random.chance(0.8)) {
      const methods = random.pick([
        'GET, POST, PUT, DELETE, OPTIONS',
        'GET, POST, PUT, DELETE, OPTIONS',
        'GET,POST,OPTIONS',
        'GET POST PUT DELETE OPTIONS',
        'GET; POST; PUT',
        'get, post, patch',
        '*',
      ]);
      lines.push(this.header('Access-Control-Allow-Methods', quoted(methods)));
    }
    if (random.chance(0.8)) {
      const names = random.pick([
        'Authorization, Content-Type',
        'DNT,User-Agent,X-Requested-With,Cache-Control,Content-Type,Range,Authorization',
        'Content-Type; Authorization',
        'Content-Type',
        'Autorization, Content-Type',
        '*',
      ]);
      lines.push(this.header('Access-Control-Allow-Headers', quoted(names)));
    }
    if (random.chance(0.2)) {
      lines.push(this.header('Access-Control-Max-Age', random.pick(['1728000', '3600', '1d', '-1', "'86400'"])));
    }
    if (random.chance(0.4))
      lines.push(this.header('Vary', random.pick(['Origin', "'Origin'", '"Accept-Encoding, Origin"'])));
    return lines;
  }

  /** Lines beside the headers that do harm. */
  private faults(headers: readonly string[]): Line[] {
    const { random } = this;
    const lines: Line[] = [];
    if (random.chance(0.06)) lines.push(random.pick(headers));
    if (random.chance(0.06)) lines.push(`more_set_headers "Access-Control-Allow-Origin: https://app.example.com";`);
    if (random.chance(0.04)) lines.push('proxy_set_header Access-Control-Allow-Origin *;');
    return lines;
  }

  private perhapsSnippet(headers: readonly string[]): readonly Line[] {
    if (!this.random.chance(0.2)) return headers;
    this.snippet.push(...headers);
    return [`include ${this.token}/cors.conf;`];
  }

  private preflight(headers: readonly string[]): Line[] {
    const { random } = this;
    const test = random.pick([
      "$request_method = 'OPTIONS'",
      '$request_method = OPTIONS',
      '$request_method = "OPTIONS"',
      '$request_method = options',
    ]);
    const length = ['add_header Content-Length 0;', "add_header 'Content-Type' 'text/plain charset=UTF-8';"];
    const answer = random.pick(['return 204;', 'return 204;', 'return 204;', 'return 200;', 'return 404;']);
    const inside = random.pick<readonly string[]>([
      [],
      [],
      headers,
      headers.filter((line) => !line.includes('Origin')),
      headers.slice(0, 1),
      [...length],
      [this.header('Access-Control-Max-Age', '1728000')],
      [...headers, ...length],
    ]);
    // A server's `if` may hold no add_header: that configuration does not load.
    const lines = this.preflightAt === 'server' ? [] : inside;
    const block: Line = [`if (${test})`, [...lines, answer]];
    if (this.preflightAt === 'location' && random.chance(0.1)) {
      return [block, ['if ($request_method = POST)', random.pick([headers, headers.slice(0, 1)])]];
    }
    return [block];
  }

  private content(): Line[] {
    const { random } = this;
    const own = random.chance(0.25) ? [`add_header X-Frame-Options DENY${random.pick(['', ' always'])};`] : [];
    const limit: Line[] = random.chance(0.06) ? [['limit_except GET POST', ['deny all;']]] : [];
    const rewrite = random.chance(0.08) ? ['rewrite ^/api/(.*)$ /$1 break;'] : [];
    const hide = random.chance(0.1) ? ['proxy_hide_header Access-Control-Allow-Origin;'] : [];
    const pass = random.pick([
      `proxy_pass ${UPSTREAM};`,
      `proxy_pass ${UPSTREAM};`,
      `proxy_pass ${UPSTREAM}/;`,
      "return 200 'hello';",
      'root html;',
    ]);
    return [...rewrite, ...own, ...limit, ...hide, pass];
  }
}
