import type { Request } from '../../../cors/http';
import type { JsValue, Reader } from '../../../javascript';
import { memberOfError } from './errorValue';
import { isNullish, isThing, type Outcome } from './outcome';
import type { RequestNames } from './requestNames';

/** Headers that every browser sends with values of its own: never known to be absent. */
const BROWSERS_OWN = new Set([
  'host',
  'user-agent',
  'accept',
  'accept-language',
  'accept-encoding',
  'referer',
  'connection',
]);

/** A member of the request, of the response, or of anything that can be worked out. */
export function memberFor(
  reader: Reader,
  member: Extract<JsValue, { kind: 'member' }>,
  request: Request,
  names: RequestNames,
  go: (of: JsValue) => Outcome,
): Outcome {
  const { object, property } = member;
  if (names.isRequest(object)) return requestMember(request, property);
  if (names.isResponse?.(object) && IS_ANSWERED.has(property)) return { is: false };
  if (object.kind === 'member' && object.property === 'headers' && names.isRequest(object.object)) {
    // Node lower-cases the names: any other spelling finds nothing.
    return property === property.toLowerCase() ? headerOf(request, property) : { is: undefined };
  }
  if (object.kind === 'member' && OF_USER.has(object.property) && names.isRequest(object.object)) {
    return isAnonymous(request) ? { is: undefined } : null;
  }
  const owner = go(object);
  if (owner === null || owner === 'throws') return owner;
  if (isNullish(owner.is)) return isOptional(member) ? { is: undefined } : 'throws';
  if (typeof owner.is === 'string' && property === 'length') return { is: owner.is.length };
  if (isThing(owner.is) && 'list' in owner.is) {
    if (/^\d+$/.test(property)) return owner.is.list[Number(property)] ?? (owner.is.open ? null : { is: undefined });
    return property === 'length' && !owner.is.open ? { is: owner.is.list.length } : null;
  }
  if (isThing(owner.is) && 'url' in owner.is) {
    const part: unknown = owner.is.url[property as keyof URL];
    return typeof part === 'string' ? { is: part } : null;
  }
  if (isThing(owner.is) && 'thing' in owner.is && names.error) {
    const part = memberOfError(reader, owner.is.thing, property, member.module);
    if (part === undefined) return { is: undefined };
    return part && go(part);
  }
  return null;
}

/** Whether nothing, where an object should be, is passed over: `a?.b`, and all that follows in `a?.b.c`. */
export function isOptional({ node }: JsValue): boolean {
  let at: JsValue['node'] | null = node;
  while (at !== null) {
    if (at.type === 'ChainExpression') at = at.expression;
    else if (at.type === 'MemberExpression') {
      if (at.optional) return true;
      at = at.object;
    } else if (at.type === 'CallExpression') {
      if (at.optional) return true;
      at = at.callee;
    } else if (at.type === 'TSNonNullExpression' || at.type === 'TSAsExpression') at = at.expression;
    else return at.type !== 'Identifier';
  }
  return false;
}

const IS_ANSWERED = new Set(['headersSent', 'writableEnded', 'finished']);

/** A request without a cookie and without `Authorization` belongs to nobody: preflights never have either. */
export function isAnonymous(request: Request): boolean {
  return !request.headers.has('cookie') && !request.headers.has('authorization');
}

const OF_USER = new Set(['cookies', 'signedCookies', 'session']);

function requestMember(request: Request, property: string): Outcome {
  switch (property) {
    case 'user':
    case 'token':
      return isAnonymous(request) ? { is: undefined } : null;
    case 'method':
      return { is: request.method };
    case 'path':
      // The caller leaves it empty where it is not the whole path that the function sees.
      return request.path === '' ? null : { is: request.path.split('?')[0] ?? '/' };
    case 'secure':
      return { is: request.scheme === 'https' };
    case 'protocol':
      return { is: request.scheme };
    default:
      return null;
  }
}

/** A header of the request, by its name in lower case. */
export function headerOf(request: Request, name: string): Outcome {
  if (name === 'origin') return { is: request.origin };
  // What a proxy in front tells an application of the browser's connection.
  if (name === 'x-forwarded-proto') return { is: request.scheme };
  const value = request.headers.get(name);
  if (value !== undefined) return { is: value };
  return BROWSERS_OWN.has(name) ? null : { is: undefined };
}
