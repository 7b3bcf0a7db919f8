import type { YamlValue } from '../../yaml/tree';

/** What requests carry where AWS signs them, or where an authorizer reads its usual header. */
export const USUAL_IDENTITY: readonly string[] = ['Authorization'];

/**
 * The request headers that an authorizer's identity sources name: `$request.header.Authorization` of an HTTP API,
 * `method.request.header.X-Token` of a REST API; one text or a list of them. A source that is no header (a query
 * parameter, a stage variable) or cannot be read gives none.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export function identityHeaders(source: YamlValue | undefined): string[] {
  if (source?.kind === 'list')
    return source.items.flatMap((item) => (item.kind === 'scalar' ? headersIn(item.value) : []));
  return source?.kind === 'scalar' ? headersIn(source.value) : [];
}

function headersIn(value: unknown): string[] {
  return [...String(value).matchAll(/(?:\$|\bmethod\.)request\.header\.([\w-]+)/gi)].flatMap(([, name]) => name ?? []);
}
