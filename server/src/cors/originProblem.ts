import { isPrivateHost, OPAQUE_ORIGIN, parseOrigin, parseUrl } from './origin';

/** Why a configured text is not what any browser sends in `Origin`. */
export interface OriginProblem {
  readonly kind: OriginProblemKind;
  /** The serialised origin that was meant, where there is one. */
  readonly corrected?: string;
  /** The origins that were meant, where the text holds several. */
  readonly several?: readonly string[];
  /** A regular expression for the origins that were meant, where a glob or a pattern stands as plain text. */
  readonly pattern?: string;
}

export type OriginProblemKind =
  | 'empty'
  | 'quotes'
  | 'spaces'
  | 'several'
  | 'wildcard'
  | 'glob'
  | 'pattern'
  | 'no-scheme'
  | 'host-only'
  | 'upper-case'
  | 'user-info'
  | 'not-punycode'
  | 'default-port'
  | 'trailing-slash'
  | 'path'
  | 'empty-label'
  | 'not-serialised'
  | 'not-an-origin';

/**
 * Why `text`, given where an origin is wanted, equals no `Origin` header that a browser sends; undefined when it may
 * well be one, and for text with placeholders of some template language in it.
 */
export function explainOrigin(text: string): OriginProblem | undefined {
  if (text === OPAQUE_ORIGIN || isTemplate(text) || isAppShell(text) || parseOrigin(text)) return undefined;
  if (text.trim() === '') return { kind: 'empty' };
  const bare = text.trim().replace(/^(['"`])(.*)\1$/s, '$2');
  if (bare !== text.trim()) return { kind: 'quotes', ...meant(bare) };
  if (bare === '*') return { kind: 'wildcard' };
  if (isPattern(bare)) return { kind: 'pattern', ...patternOf(bare) };
  const parts = bare.split(/[\s,;|]+/).filter((part) => part !== '');
  if (parts.length > 1 && parts.every(looksLikeOrigin)) return { kind: 'several', several: parts.map(corrected) };
  if (bare.includes('*')) return { kind: 'glob', ...globOf(bare) };
  if (bare !== text) return { kind: 'spaces', ...meant(bare) };
  if (parts.length === 1 && parts[0] !== bare && looksLikeOrigin(parts[0] ?? '')) {
    return { kind: 'several', several: parts.map(corrected) };
  }
  return explainUrl(bare);
}

function explainUrl(text: string): OriginProblem {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return explainWithoutScheme(text);
  const [authority = ''] = rest.split(/[/?#\\]/);
  const after = rest.slice(authority.length);
  const fix = meant(text);
  if (/^\.|\.\./.test(authority)) return { kind: 'empty-label' };
  if (authority === '' || (fix.corrected === undefined && isWeb(scheme))) return { kind: 'not-an-origin' };
  if (authority.includes('@')) return { kind: 'user-info', ...fix };
  if (/[^\0-\x7f]/.test(authority)) return { kind: 'not-punycode', ...fix };
  if (after !== '') return { kind: after === '/' ? 'trailing-slash' : 'path', ...fix };
  if (/[A-Z]/.test(scheme + authority)) return { kind: 'upper-case', ...fix };
  if (/:(?:80|443)?$/.test(authority)) return { kind: 'default-port', ...fix };
  return { kind: 'not-serialised', ...fix };
}

/** `example.com`, `//example.com`, `https:example.com`, `localhost:3000`; other words are no origin at all. */
function explainWithoutScheme(text: string): OriginProblem {
  const host = text.replace(/^(?:https?:\/?(?!\/)|\/\/)/i, '');
  if (!/^(?:[\w-]+(?:\.[\w-]+)+|localhost|\[[0-9a-f:]+\])(?::\d+)?(?:\/.*)?$/i.test(host)) {
    return { kind: 'not-an-origin' };
  }
  const scheme = /^(https?):/i.exec(text)?.[1]?.toLowerCase() ?? guessScheme(host);
  return { kind: host === text ? 'host-only' : 'no-scheme', ...meant(`${scheme}://${host}`) };
}

function guessScheme(authority: string): string {
  const host = parseUrl(`http://${authority}`)?.hostname ?? '';
  return isPrivateHost(host) ? 'http' : 'https';
}

/** The serialised origin of a URL. */
function meant(text: string): { corrected?: string } {
  if (parseOrigin(text)) return { corrected: text };
  const url = parseUrl(text.trim());
  if (!url || url.hostname === '') return {};
  const origin = url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin;
  return parseOrigin(origin) ? { corrected: origin } : {};
}

function corrected(text: string): string {
  return meant(text).corrected ?? explainWithoutScheme(text).corrected ?? text;
}

function looksLikeOrigin(text: string): boolean {
  return meant(text).corrected !== undefined || explainWithoutScheme(text).corrected !== undefined;
}

function isWeb(scheme: string): boolean {
  return /^https?$/i.test(scheme);
}

/** `${X}`, `$host`, `{{x}}`, `<origin>`, `%X%`, `#{x}`: something else writes the real text. */
function isTemplate(text: string): boolean {
  return /\$\{|\$[A-Za-z_]|\{\{|#\{|<[^<>]*>|%[A-Za-z_]\w*%/.test(text);
}

/** Web views of packaged apps send these as they are. */
function isAppShell(text: string): boolean {
  return text === 'file://' || /^(?!https?:)[a-z][a-z0-9+.-]*:\/\/[^\s/?#*,]+$/.test(text);
}

/** A regular expression in a string. */
function isPattern(text: string): boolean {
  return /^\^|\$$|\\[./dws]|\(\?|\.[*+]|\[[0-9a-f]*[^[\]:0-9a-f][^[\]]*\]|^~\*?\s|^\/.*\/[a-z]*$/i.test(text);
}

function patternOf(text: string): { pattern?: string } {
  const bare = text.replace(/^~\*?\s*/, '').replace(/^\/(.*)\/[a-z]*$/i, '$1');
  return /^\^.*\$$/.test(bare) ? { pattern: bare } : {};
}

/** `https://*.example.com`: one label or more in front; `http://localhost:*`: any port, or none. */
function globOf(text: string): { pattern?: string } {
  const match = /^(?:(https?|\*):\/\/)?(\*\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*)(:\*|:\d+)?\/?$/.exec(text);
  const [, scheme, sub, host, port] = match ?? [];
  if (host === undefined || (!sub && port !== ':*' && scheme !== '*')) return {};
  const start = scheme === '*' ? 'https?' : (scheme ?? guessScheme(host));
  const labels = sub ? '([a-z0-9-]+\\.)+' : '';
  const end = port === ':*' ? '(:\\d+)?' : (port ?? '');
  return { pattern: `^${start}://${labels}${host.replaceAll('.', '\\.')}${end}$` };
}
