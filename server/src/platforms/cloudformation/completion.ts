import {
  ALLOW_CREDENTIALS,
  ALLOW_HEADERS,
  ALLOW_METHODS,
  ALLOW_ORIGIN,
  EXPOSE_HEADERS,
  MAX_AGE,
} from '../../cors/names';
import { ANY_ORIGIN, USUAL_EXPOSED, USUAL_HEADERS, USUAL_MAX_AGES, USUAL_METHODS } from '../../cors/usualValues';
import type { CompletionContext, CompletionWord } from '../../lint/types';
import { type TypedYaml, typedYaml } from '../../yaml/typed';

/** How the value of a key is written. */
type Shape = 'list' | 'quoted twice' | 'plain';

interface Key {
  readonly header: string;
  readonly shape: Shape;
  readonly values: readonly { readonly text: string; readonly note?: string }[];
}

/** The keys of one kind of block, in the order in which they are offered. */
type Keys = ReadonlyMap<string, Key>;

const plain = (texts: readonly string[]) => texts.map((text) => ({ text }));
const flags = plain(['true', 'false']);
const origins: Key = { header: ALLOW_ORIGIN, shape: 'list', values: [ANY_ORIGIN] };
const methods: Key = { header: ALLOW_METHODS, shape: 'list', values: plain(USUAL_METHODS) };
const headers: Key = { header: ALLOW_HEADERS, shape: 'list', values: plain(USUAL_HEADERS) };
const exposed: Key = { header: EXPOSE_HEADERS, shape: 'list', values: plain(USUAL_EXPOSED) };
const credentials: Key = { header: ALLOW_CREDENTIALS, shape: 'plain', values: flags };
const maxAge: Key = { header: MAX_AGE, shape: 'plain', values: USUAL_MAX_AGES };

/**
 * `CorsConfiguration` of an HTTP API, and `Cors` of a function URL.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigatewayv2-api-cors.html
 */
const HTTP_API: Keys = new Map([
  ['AllowOrigins', origins],
  ['AllowHeaders', headers],
  ['AllowMethods', methods],
  ['AllowCredentials', credentials],
  ['ExposeHeaders', exposed],
  ['MaxAge', maxAge],
]);

/**
 * `Cors` of a SAM API, whose texts are header values in quotes of their own.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-corsconfiguration.html
 */
const REST_API: Keys = new Map<string, Key>([
  ['AllowOrigin', { ...origins, shape: 'quoted twice' }],
  ['AllowHeaders', { ...headers, shape: 'quoted twice', values: [{ text: USUAL_HEADERS.slice(0, 2).join(',') }] }],
  ['AllowMethods', { ...methods, shape: 'quoted twice', values: [{ text: USUAL_METHODS.join(',') }] }],
  ['AllowCredentials', credentials],
  ['MaxAge', { ...maxAge, shape: 'quoted twice' }],
]);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-corsrule.html */
const BUCKET: Keys = new Map([
  ['AllowedOrigins', origins],
  ['AllowedHeaders', headers],
  ['AllowedMethods', { ...methods, values: plain(['GET', 'PUT', 'POST', 'DELETE', 'HEAD']) }],
  ['ExposedHeaders', exposed],
  ['MaxAge', maxAge],
]);

/** What could be written in the CORS block of an API, a function URL or a bucket, in YAML. */
export function completionAt(text: string, offset: number): CompletionContext | undefined {
  const typed = typedYaml(text, offset);
  if (typed === undefined) return undefined;
  const { at, path, quote, replace, hasColon, siblings, block } = typed;
  const own = at === 'key' ? undefined : path[0];
  const keys = keysFor(typed, at === 'key' ? 0 : 1);
  if (keys === undefined) return undefined;
  if (own === undefined) {
    const free = [...keys].filter(([name]) => !siblings.has(name));
    const words = free.map(
      ([name, { header }]): CompletionWord => ({ text: hasColon ? name : `${name}:`, kind: 'option', header }),
    );
    return quote === '' ? { replace, words, block } : undefined;
  }
  const key = keys.get(own);
  if (key === undefined || (at === 'item') !== (key.shape === 'list')) return undefined;
  const { header, shape, values } = key;
  const words = values.map(
    ({ text: value, note }): CompletionWord => ({
      text: written(value, shape, quote),
      kind: 'value',
      header,
      ...(note === undefined ? {} : { note }),
    }),
  );
  const context = { replace, words, block };
  return header === ALLOW_ORIGIN && shape === 'list' ? { ...context, originQuote: quote === '' ? "'" : '' } : context;
}

/** @param depth which key of the path names the block */
function keysFor({ path, beside }: TypedYaml, depth: number): Keys | undefined {
  const [name, above, ...further] = path.slice(depth);
  if (name === 'CorsRules') return BUCKET;
  if (name === 'CorsConfiguration') {
    const type = above === 'Properties' ? beside(depth + 1, 'Type') : undefined;
    return type === 'AWS::S3::Bucket' ? undefined : HTTP_API;
  }
  if (name !== 'Cors') return undefined;
  if (above === 'FunctionUrlConfig') return HTTP_API;
  if (above === 'Api' && further[0] === 'Globals') return REST_API;
  if (above !== 'Properties') return undefined;
  const type = beside(depth + 1, 'Type');
  if (type === 'AWS::Serverless::Api') return REST_API;
  return type === 'AWS::Lambda::Url' ? HTTP_API : undefined;
}

/** A star begins an alias in YAML. */
function written(value: string, shape: Shape, quote: string): string {
  if (shape === 'quoted twice') return quote === '"' ? `'${value}'` : quote === "'" ? `''${value}''` : `"'${value}'"`;
  return quote === '' && value.startsWith('*') ? `'${value}'` : value;
}
