import { enclosingFunction, type JsValue, type ObjectValue, property, staticName } from '../../../javascript';
import type { SentHeader } from '../frontCall';
import { headersIn, together } from './headers';
import { argumentsOf, evaluateAt, given, isGlobal, isTrue, type Site } from './site';

/** What a file sets for every call of jQuery. */
export interface JquerySetup {
  /** The settings that are sure to be made, the last first. */
  readonly settings: readonly ObjectValue[];
  /** Whether what is set may hold more than can be read. */
  readonly isOpen: boolean;
  readonly headers: readonly SentHeader[];
}

const NONE: JquerySetup = { settings: [], isOpen: false, headers: [] };
const known = new WeakMap<object, Map<string, JquerySetup>>();

/**
 * What `$.ajaxSetup({ … })` sets in a file. Headers that are set on a condition, or when a function is called, are ones
 * that are perhaps sent; other settings of that kind are left out. https://api.jquery.com/jQuery.ajaxSetup/
 */
export function jquerySetup(site: Site): JquerySetup {
  const { reader } = site;
  const { module } = site.context;
  if (!module.text.includes('ajaxSetup')) return NONE;
  const byPath = known.get(reader) ?? new Map<string, JquerySetup>();
  known.set(reader, byPath);
  const before = byPath.get(module.path);
  if (before !== undefined) return before;
  const found = setupIn({ reader, context: { module, frame: null } });
  byPath.set(module.path, found);
  return found;
}

function setupIn(site: Site): JquerySetup {
  const settings: ObjectValue[] = [];
  const headers: SentHeader[] = [];
  let isOpen = false;
  for (const node of site.context.module.index.of('CallExpression')) {
    const { callee } = node;
    if (callee.type !== 'MemberExpression' || staticName(callee) !== 'ajaxSetup') continue;
    if (!isJquery(evaluateAt(site, callee.object))) continue;
    const isSure = enclosingFunction(node) === null && site.reader.guards(node, site.context)?.length === 0;
    const args = argumentsOf(site, node);
    const [first] = args ?? [];
    if (first?.kind !== 'object') {
      isOpen = true;
      continue;
    }
    isOpen ||= Boolean(first.rest) || (!isSure && METHODS.some((key) => property(first, key) !== undefined));
    const sent = headersIn(site, given('headers', first));
    headers.push(...sent.map((header): SentHeader => (isSure ? header : { ...header, perhaps: true })));
    if (isSure) settings.unshift(first);
  }
  return { settings, isOpen, headers: together(headers) };
}

/** The names that the method goes by, the one that counts first (src/ajax.js). */
export const METHODS = ['method', 'type'] as const;

/** Whether cookies are sent: of settings that have fields for the request, the first that say so decide. */
export function sendsCookies(...from: readonly (ObjectValue | null)[]): boolean {
  for (const settings of from) {
    const fields = given('xhrFields', settings);
    const value = fields?.kind === 'object' ? given('withCredentials', fields) : undefined;
    if (value !== undefined) return isTrue(value);
  }
  return false;
}

export function isJquery(value: JsValue): boolean {
  if (value.kind === 'import' && value.specifier === 'jquery') return /^(?:default|\*|\$|jQuery)$/.test(value.exported);
  return isGlobal(value, '$') || isGlobal(value, 'jQuery');
}
