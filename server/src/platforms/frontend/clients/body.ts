import { type JsValue, property } from '../../../javascript';
import { isGlobal } from './site';

/** What a call sends, as far as it decides the Content-Type. */
export type Body =
  | { readonly kind: 'none' | 'text' | 'form' | 'query' | 'json' | 'unknown' }
  | { readonly kind: 'blob'; readonly type: string | undefined };

/** What a value is as the body of a request: `json` stands for an object or a list that libraries send as JSON. */
export function bodyOf(value: JsValue | undefined): Body {
  switch (value?.kind) {
    case undefined:
    case 'undefined':
      return { kind: 'none' };
    case 'string':
    case 'template':
      return { kind: 'text' };
    case 'object':
    case 'array':
      return { kind: 'json' };
    case 'new':
      return ofClass(value.name, value.arguments[1]);
    case 'call':
      return { kind: isStringify(value.callee) ? 'text' : 'unknown' };
    default:
      return { kind: 'unknown' };
  }
}

function ofClass(name: string, options: JsValue | undefined): Body {
  switch (name) {
    case 'FormData':
      return { kind: 'form' };
    case 'URLSearchParams':
    case 'HttpParams':
      return { kind: 'query' };
    case 'Blob':
    case 'File': {
      const type = options?.kind === 'object' ? property(options, 'type')?.value : undefined;
      return { kind: 'blob', type: type?.kind === 'string' ? type.value.toLowerCase() : undefined };
    }
    default:
      return { kind: 'unknown' };
  }
}

/** `JSON.stringify`, whatever it is given. */
function isStringify(callee: JsValue): boolean {
  return callee.kind === 'member' && callee.property === 'stringify' && isGlobal(callee.object, 'JSON');
}
