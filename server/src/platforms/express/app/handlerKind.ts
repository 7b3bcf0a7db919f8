import {
  type CallValue,
  type Condition,
  type FunctionValue,
  functionName,
  type JsValue,
  type Written,
} from '../../../javascript';

/** What a thing given to `use` or to a route is. */
export type Handler =
  /** `cors(…)` of the cors package. */
  | { readonly kind: 'cors'; readonly call: CallValue; readonly value: JsValue }
  /** The package's factory itself, never called: every request hangs. */
  | { readonly kind: 'cors-factory'; readonly value: JsValue }
  | { readonly kind: 'function'; readonly fn: FunctionValue; readonly value: JsValue }
  /** A router or another app, by the key that `apps.ts` gives it. */
  | { readonly kind: 'router'; readonly key: string; readonly value: JsValue }
  /** Known to set no CORS header and to let requests pass. */
  | { readonly kind: 'harmless'; readonly role: HarmlessRole; readonly value: JsValue }
  /** Refuses what carries no credentials. */
  | {
      readonly kind: 'authentication';
      readonly name: string;
      readonly letsPreflight: 'never' | 'with-authorization';
      readonly value: JsValue;
    }
  /** One of several, by conditions. */
  | {
      readonly kind: 'choice';
      readonly branches: readonly { readonly when: readonly Condition[]; readonly handler: Handler }[];
      readonly value: JsValue;
    }
  /** Sends the request on to another server, whose headers come back. */
  | { readonly kind: 'proxy'; readonly value: JsValue }
  | { readonly kind: 'unknown'; readonly reason: string; readonly value: JsValue };

/** A value with the place where it is given to `use` or a route, which may be far from where it was made. */
export interface Given {
  readonly value: JsValue;
  readonly site: Written;
}

export type HarmlessRole = 'static' | 'body-parser' | 'rate-limit' | 'other';

/** Packages whose middleware neither answers ordinary requests nor sets CORS headers. */
const HARMLESS: Readonly<Record<string, HarmlessRole>> = {
  'body-parser': 'body-parser',
  'cookie-parser': 'other',
  'cookie-session': 'other',
  'express-session': 'other',
  'connect-flash': 'other',
  'express-flash': 'other',
  'express-ejs-layouts': 'other',
  'express-fileupload': 'body-parser',
  'express-async-errors': 'other',
  'express-mongo-sanitize': 'other',
  'express-status-monitor': 'other',
  'express-useragent': 'other',
  'express-validator': 'other',
  'express-winston': 'other',
  'express-http-context': 'other',
  'express-pino-logger': 'other',
  'express-rate-limit': 'rate-limit',
  'express-slow-down': 'rate-limit',
  'express-brute': 'rate-limit',
  'rate-limiter-flexible': 'rate-limit',
  'pino-http': 'other',
  'request-ip': 'other',
  'response-time': 'other',
  'serve-favicon': 'static',
  'serve-static': 'static',
  'serve-index': 'static',
  'swagger-ui-express': 'static',
  'connect-timeout': 'other',
  'method-override': 'other',
  'xss-clean': 'other',
  compression: 'other',
  csurf: 'other',
  helmet: 'other',
  hpp: 'other',
  i18n: 'other',
  lusca: 'other',
  morgan: 'other',
  multer: 'body-parser',
  nocache: 'other',
};

const EXPRESS_PARTS: Readonly<Record<string, HarmlessRole>> = {
  json: 'body-parser',
  urlencoded: 'body-parser',
  text: 'body-parser',
  raw: 'body-parser',
  static: 'static',
  bodyParser: 'body-parser',
};

/** Packages that refuse requests without credentials, preflights among them. */
const AUTHENTICATION: Readonly<Record<string, 'never' | 'with-authorization'>> = {
  'express-basic-auth': 'never',
  'express-oauth2-jwt-bearer': 'never',
  'http-auth': 'never',
  'http-auth-connect': 'never',
  // express-jwt lets a preflight pass that asks for `authorization` (dist/index.js).
  'express-jwt': 'with-authorization',
};

const PROXIES = new Set(['http-proxy-middleware', 'express-http-proxy', 'http-proxy', 'proxy-middleware']);

/** A package's function that a value is, or is the result of calling: `morgan('dev')`, `express.static(…)`. */
export function importOf(
  value: JsValue,
): { readonly specifier: string; readonly exported: string; readonly member: string | null } | null {
  switch (value.kind) {
    case 'import':
      return { specifier: value.specifier, exported: value.exported, member: null };
    case 'call':
      return importOf(value.callee);
    case 'member': {
      const inner = importOf(value.object);
      return inner && { ...inner, member: value.property };
    }
    default:
      return null;
  }
}

/** Whether a value is the cors package's factory: `require('cors')`, a default or namespace import of it. */
export function isCorsFactory(value: JsValue): boolean {
  return (
    value.kind === 'import' && value.specifier === 'cors' && (value.exported === '*' || value.exported === 'default')
  );
}

/** `cors(…)`. */
export function isCorsCall(value: JsValue): value is CallValue {
  return value.kind === 'call' && isCorsFactory(value.callee);
}

/** What one thing given to `use` or a route is; `routerKey` says which values are routers. */
export function handlerOf({ value, site }: Given, routerKey: (value: JsValue) => string | null): Handler {
  if (isCorsCall(value)) return { kind: 'cors', call: value, value };
  if (isCorsFactory(value)) return { kind: 'cors-factory', value };
  const key = routerKey(value);
  if (key !== null) return { kind: 'router', key, value };
  if (value.kind === 'function') return { kind: 'function', fn: value, value };
  if (value.kind === 'choice') {
    const branches = value.branches.map((branch) => ({
      when: branch.when,
      handler: handlerOf({ value: branch.value, site }, routerKey),
    }));
    return { kind: 'choice', branches, value };
  }
  const name = nameAt(value, site);
  const from = importOf(value);
  if (from !== null && from.member !== 'unless') return ofPackage(from, value, name);
  return { kind: 'unknown', reason: `${name} is not read`, value };
}

function ofPackage(from: NonNullable<ReturnType<typeof importOf>>, value: JsValue, name: string): Handler {
  const { specifier, exported, member } = from;
  const isWhole = exported === '*' || exported === 'default';
  if (specifier === 'express') {
    const role = EXPRESS_PARTS[isWhole ? (member ?? '') : exported];
    if (role !== undefined) return { kind: 'harmless', role, value };
  }
  if (specifier === 'passport') {
    const method = isWhole ? member : exported;
    if (method === 'authenticate' || method === 'authorize')
      return { kind: 'authentication', name, letsPreflight: 'never', value };
    if (method === 'initialize' || method === 'session') return { kind: 'harmless', role: 'other', value };
  }
  const authentication = AUTHENTICATION[specifier];
  if (authentication !== undefined) return { kind: 'authentication', name, letsPreflight: authentication, value };
  const role = HARMLESS[specifier];
  if (role !== undefined) return { kind: 'harmless', role, value };
  if (PROXIES.has(specifier)) return { kind: 'proxy', value };
  const said = member ?? (isWhole ? name.replace(/^.*\./, '').replace(/`/g, '') : exported);
  if (specifier !== 'globalThis' && saysAuthentication(said))
    return { kind: 'authentication', name, letsPreflight: 'never', value };
  return {
    kind: 'unknown',
    reason: specifier === 'globalThis' ? `${name} is not read` : `${name} of \`${specifier}\` is not read`,
    value,
  };
}

/** Names that say that the middleware refuses whoever does not log in. */
const AUTHENTICATION_NAME =
  /^(?:require|ensure|check|verify|validate|is|must)_?(?:be_?)?(?:auth(?:enticated|entication|ed|orized|orization|orised|or)?|log(?:ged)?_?in|jwt|(?:access|auth|jwt|id|bearer)?_?token|sign(?:ed)?_?in|api_?key)(?:_?(?:middleware|user|login))?$|^(?:auth|jwt|token)_?(?:enticate|orize|middleware|guard|required|check|ed|token|user|jwt)$|^authenticate(?:_?(?:user|token|jwt|request))?$|^protect(?:_?route)?$/i;

export function saysAuthentication(name: string): boolean {
  return AUTHENTICATION_NAME.test(name);
}

/** What stands at the place where it is given, without arguments, in back quotes: `requireAuth`, `helmet`. */
function nameAt(value: JsValue, { module, node }: Written): string {
  if (value.kind === 'function') return `\`${functionName(value.function) ?? 'this middleware'}\``;
  const callee = node.type === 'CallExpression' ? node.callee : node;
  const text = module.text.slice(...callee.range);
  return /^[\w$.]{1,40}$/.test(text) ? `\`${text}\`` : '`this middleware`';
}
