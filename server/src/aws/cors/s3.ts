import { admits } from '../../cors/admits';
import { all, type Certainty, some } from '../../cors/certainty';
import type { Header, Request } from '../../cors/http';
import type { Place } from '../../cors/place';
import type { OriginEntry, OriginPolicy } from '../../cors/policy';
import type { Value } from '../../cors/value';
import { joined } from '../template/values';
import type { ListSetting, SingleSetting } from './httpCors';

/**
 * A rule of a bucket's CORS configuration.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
 */
export interface BucketRule {
  readonly place: Place;
  readonly origins: ListSetting;
  readonly methods: ListSetting;
  /** Without it, no preflight that names a header passes. */
  readonly headers: ListSetting | undefined;
  readonly expose: ListSetting | undefined;
  readonly maxAge: SingleSetting | undefined;
  /** What `AllowedOrigins` lets in. */
  readonly policy: OriginPolicy;
}

/** The policy of a list of `AllowedOrigins`: at most one `*` in each, for any text. */
export function bucketPolicy({ items, at }: ListSetting): OriginPolicy {
  return { place: at, entries: items.map(originEntry) };
}

function originEntry(item: Value): OriginEntry {
  const { place } = item;
  if (item.kind !== 'literal') {
    return { kind: 'unknown', reason: item.kind === 'unknown' ? item.reason : 'it is known at deployment', place };
  }
  const { text } = item;
  if (text === '*') return { kind: 'any', how: '`*` in `AllowedOrigins`', place };
  const [before = '', after, more] = text.split('*');
  if (after === undefined) return { kind: 'exact', text, place };
  if (more !== undefined) return { kind: 'unknown', reason: 'S3 refuses more than one *', place };
  return {
    kind: 'match',
    test: { kind: 'regex', source: globSource(before, after), flags: '', dialect: 'pcre' },
    place,
  };
}

function globSource(before: string, after: string): string {
  return `^${escaped(before)}.*${escaped(after)}$`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** What S3 makes of a request. */
export type BucketAnswer =
  /** The first rule that fits puts its headers in. */
  | { readonly kind: 'rule'; readonly rule: BucketRule; readonly headers: readonly Header[] }
  /** No rule fits: a preflight is refused, and other responses carry no CORS headers. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** The answer of the first rule that fits the request's origin, its method and, in a preflight, the headers it names. */
export function bucketAnswer(rules: readonly BucketRule[], request: Request): BucketAnswer {
  const { origin } = request;
  if (origin === undefined) return { kind: 'none' };
  for (const rule of rules) {
    const is = fits(rule, request, origin);
    if (is === 'unknown') return { kind: 'unknown', reason: 'a rule of the bucket is known at deployment only' };
    if (is === 'yes') return { kind: 'rule', rule, headers: headersOf(rule, request) };
  }
  return { kind: 'none' };
}

function fits(rule: BucketRule, { method, headers }: Request, origin: string): Certainty {
  const isPreflight = method === 'OPTIONS';
  const asked = isPreflight ? headers.get('access-control-request-method') : method;
  const names = isPreflight ? (headers.get('access-control-request-headers') ?? '').split(',') : [];
  return all([
    admits(rule.policy, origin),
    some(rule.methods.items.map((item) => is(item, (text) => text === asked))),
    ...names
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .map((name) => some((rule.headers?.items ?? []).map((item) => is(item, (text) => fitsGlob(text, name))))),
  ]);
}

function is(item: Value, holds: (text: string) => boolean): Certainty {
  if (item.kind !== 'literal') return 'unknown';
  return holds(item.text) ? 'yes' : 'no';
}

/** Header names, whatever their case, with at most one `*`. */
function fitsGlob(pattern: string, name: string): boolean {
  const [before = '', after] = pattern.toLowerCase().split('*');
  const lower = name.toLowerCase();
  if (after === undefined) return lower === before;
  return lower.length >= before.length + after.length && lower.startsWith(before) && lower.endsWith(after);
}

const LAYER = 'the CORS rule of the bucket';

/**
 * `*` is answered with `*`; any other origin with itself, with credentials and with Vary.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html
 */
function headersOf(rule: BucketRule, { method, headers: sent }: Request): Header[] {
  const { origins, methods, headers, expose, maxAge, place } = rule;
  const header = (name: string, value: Value, at: Place, implied = false): Header => ({
    name,
    value,
    place: at,
    layer: LAYER,
    ...(implied ? { implied } : {}),
  });
  const star = origins.items.find((item) => item.kind === 'literal' && item.text === '*');
  const implied = (text: string): Value => ({ kind: 'literal', text, place: origins.at });
  const asked = sent.get('access-control-request-headers');
  const origin =
    star === undefined
      ? [
          header('Access-Control-Allow-Origin', { kind: 'request-origin', place: origins.at }, origins.place),
          header('Access-Control-Allow-Credentials', implied('true'), origins.place, true),
        ]
      : [header('Access-Control-Allow-Origin', star, origins.place)];
  return [
    ...origin,
    header('Access-Control-Allow-Methods', joined(methods.items, methods.at), methods.place),
    ...(method === 'OPTIONS' && asked !== undefined && headers !== undefined
      ? [
          header(
            'Access-Control-Allow-Headers',
            { kind: 'request-header', name: 'access-control-request-headers', place: headers.at },
            headers.place,
          ),
        ]
      : []),
    ...(expose === undefined
      ? []
      : [header('Access-Control-Expose-Headers', joined(expose.items, expose.at), expose.place)]),
    ...(maxAge === undefined ? [] : [header('Access-Control-Max-Age', maxAge.value, maxAge.place)]),
    header('Vary', implied('Origin, Access-Control-Request-Headers, Access-Control-Request-Method'), place, true),
  ];
}
