import { isTrial } from '../trial';

/** How a configuration says where requests go: by a table, by calls of a middleware, by rewrites, by one address. */
export type ProxyKind = 'table' | 'middleware' | 'rewrites' | 'package';

/** A configuration of a development server that may hand requests on. */
export interface ProxyFile {
  readonly kind: ProxyKind;
  /** What the text has where it does. */
  readonly sign: RegExp;
  /** Whether the tool has put the `.env` files into `process.env` before it reads the configuration. */
  readonly loadsVariables: boolean;
}

/** Vite, webpack and those made of them have their table as `proxy`, Angular in a file of its own. */
const FILES: readonly [name: RegExp, ProxyFile][] = [
  [/^vite\.config(?:\.\w+)?\.[cm]?[jt]s$/, { kind: 'table', sign: /\bproxy\b/, loadsVariables: false }],
  [/^(?:vue|craco|rsbuild)\.config\.[cm]?[jt]s$/, { kind: 'table', sign: /\bproxy\b/, loadsVariables: true }],
  [/^(?:webpack|rspack)[\w.-]*\.[cm]?[jt]s$/, { kind: 'table', sign: /\bproxy\b/, loadsVariables: false }],
  [
    /^proxy\.conf(?:ig)?(?:\.\w+)?\.(?:json|[cm]?js)$/,
    { kind: 'table', sign: /\btarget\b['"]?\s*:/, loadsVariables: false },
  ],
  [/^setupProxy\.[cm]?[jt]s$/, { kind: 'middleware', sign: /['"]http-proxy-middleware['"]/, loadsVariables: true }],
  [/^next\.config\.[cm]?[jt]s$/, { kind: 'rewrites', sign: /\brewrites\b/, loadsVariables: true }],
  [/^package\.json$/, { kind: 'package', sign: /"proxy"\s*:\s*"[a-z]+:\/\//i, loadsVariables: false }],
];

/** What a file is by its name, if it is the configuration of a development server. */
export function proxyFile(file: string): ProxyFile | undefined {
  if (isTrial(file)) return undefined;
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return FILES.find(([pattern]) => pattern.test(name))?.[1];
}

/** One that starts a server by itself is a program, not a configuration. */
const STARTS = /\blisten\s*\(/;

/**
 * Whether a file hands a page's requests on to other servers, by its name and a search through its text.
 * @param text undefined: by the name alone
 */
export function mayProxy(file: string, text: string | undefined): boolean {
  const kind = proxyFile(file);
  return kind !== undefined && (text === undefined || (kind.sign.test(text) && !STARTS.test(text)));
}

/** Whether a text may be one that hands requests on, whatever its file is called. */
export function handsOver(text: string): boolean {
  return FILES.some(([, { sign }]) => sign.test(text)) && ADDRESS.test(text) && !STARTS.test(text);
}

/** An address, or a variable that may hold one. */
const ADDRESS = /\b(?:https?|wss?):\/\/|\bprocess\.env\b|\bloadEnv\b/;
