import type { TSESTree } from '@typescript-eslint/types';
import { closest, type JsValue, placeOf, type SourceModule, staticName } from '../../../javascript';
import type { SentHeader } from '../frontCall';
import { bodyOf } from './body';
import { headersIn, together, typed } from './headers';
import { type CallReader, given, isTrue, optionsOf, type Site } from './site';

const VERB = /^(?:get|delete|head|options|post|put|patch)$/;
const WITH_BODY = /^(?:post|put|patch)$/;

/** `this.http.get(url, options)` where `http` is Angular's HttpClient. https://angular.dev/api/common/http/HttpClient */
export const readAngular: CallReader = (site, node, args) => {
  const { callee } = node;
  if (callee.type !== 'MemberExpression') return undefined;
  const verb = staticName(callee);
  if (verb === null || !VERB.test(verb) || !isHttpClient(site.context.module, callee.object)) return undefined;
  const [url, second, third] = args;
  const own = optionsOf(WITH_BODY.test(verb) ? third : second);
  if (own === undefined || url === undefined) return undefined;
  const place = placeOf(site.context.module, callee);
  const body = bodyOf(WITH_BODY.test(verb) ? second : given('body', own));
  return {
    place,
    node,
    url,
    base: undefined,
    method: verb.toUpperCase(),
    // packages/common/http/src/request.ts, `detectContentTypeHeader`: text is text/plain, an object is JSON.
    headers: typed(sentBy(site, given('headers', own)), body.kind === 'json' ? 'application/json' : undefined, place),
    credentials: isTrue(given('withCredentials', own)),
    noCors: undefined,
    reads: [],
  };
};

/** `{ … }`, `new HttpHeaders({ … })`, and `.set('X-Id', id)` on these. */
function sentBy(site: Site, value: JsValue | undefined): readonly SentHeader[] {
  if (value?.kind === 'new') return value.name === 'HttpHeaders' ? headersIn(site, value.arguments[0]) : [];
  if (value?.kind !== 'call') return headersIn(site, value);
  const { callee, arguments: args, call } = value;
  if (callee.kind !== 'member' || !/^(?:set|append)$/.test(callee.property)) return [];
  const [name, text] = args;
  if (name?.kind !== 'string' || text === undefined) return [];
  const place = placeOf(value.module, call);
  const known = text.kind === 'string' ? text.value : undefined;
  const own = { name: name.value, namePlace: name.place, value: known, valuePlace: text.place, place };
  return together(sentBy(site, callee.object), [own]);
}

/** `this.http` and `http` by the type of the constructor's parameter, or by `inject(HttpClient)`. */
function isHttpClient(module: SourceModule, node: TSESTree.Node): boolean {
  if (!module.text.includes('@angular/common/http')) return false;
  const name = node.type === 'MemberExpression' ? ofThis(node) : node.type === 'Identifier' ? node.name : null;
  const body = closest(node, 'ClassBody');
  return name !== null && (body?.body.some((member) => gives(module, member, name)) ?? false);
}

function ofThis(node: TSESTree.MemberExpression): string | null {
  return node.object.type === 'ThisExpression' ? staticName(node) : null;
}

function gives(module: SourceModule, member: TSESTree.ClassElement, name: string): boolean {
  if (member.type === 'PropertyDefinition') {
    if (staticName(member) !== name) return false;
    return /\bHttpClient\b/.test(textOf(module, member.value) + textOf(module, member.typeAnnotation));
  }
  if (member.type !== 'MethodDefinition' || member.kind !== 'constructor') return false;
  return member.value.params.some((param) => {
    const inner = param.type === 'TSParameterProperty' ? param.parameter : param;
    return (
      inner.type === 'Identifier' && inner.name === name && /\bHttpClient\b/.test(textOf(module, inner.typeAnnotation))
    );
  });
}

function textOf(module: SourceModule, node: TSESTree.Node | null | undefined): string {
  return node ? module.text.slice(...node.range) : '';
}
