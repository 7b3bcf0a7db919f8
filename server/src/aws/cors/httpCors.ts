import type { Header } from '../../cors/http';
import type { Place } from '../../cors/place';
import type { OriginEntry, OriginPolicy } from '../../cors/policy';
import type { Value } from '../../cors/value';
import { joined } from '../template/values';

/**
 * The CORS configuration of an HTTP API or of a function's URL: AWS itself answers preflights and puts the headers into
 * other responses, in the place of those that the function sends.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
 */
export interface GatewayCors {
  readonly place: Place;
  /** CORS headers of the answer to a preflight, and of any other response. */
  readonly preflight: readonly Header[];
  readonly response: readonly Header[];
  readonly policies: readonly OriginPolicy[];
}

/** A list of the configuration. */
export interface ListSetting {
  readonly items: readonly Value[];
  /** The key with its value, and the value alone. */
  readonly place: Place;
  readonly at: Place;
  /** Nobody wrote it: a default. */
  readonly implied?: true;
}

/** The origins that are let in. */
export interface OriginsSetting extends ListSetting {
  /** What is sent, where circumstances choose between lists: each with a policy of its own. */
  readonly chosen?: Value;
}

export interface SingleSetting {
  readonly value: Value;
  readonly place: Place;
}

export interface HttpCorsSettings {
  /** For "`CorsConfiguration` of the HTTP API". */
  readonly layer: string;
  /** The configuration as a whole. */
  readonly place: Place;
  readonly origins: OriginsSetting | undefined;
  readonly methods: ListSetting | undefined;
  readonly headers: ListSetting | undefined;
  readonly expose: ListSetting | undefined;
  /** Only where it is, or may be, true. */
  readonly credentials: SingleSetting | undefined;
  readonly maxAge: SingleSetting | undefined;
}

/** What AWS sends for a configuration. */
export function gatewayCors(settings: HttpCorsSettings): GatewayCors {
  const { layer, place, origins } = settings;
  const origin = allowOrigin(origins);
  const header = (name: string, value: Value, from: { readonly place: Place; readonly implied?: true }): Header => ({
    name,
    value: origin.policy === undefined ? value : whenAdmitted(origin.policy, value),
    place: from.place,
    layer,
    ...(from.implied === undefined ? {} : { implied: true }),
  });
  const list = (name: string, setting: ListSetting | undefined): Header[] =>
    setting === undefined || setting.items.length === 0
      ? []
      : [header(name, joined(setting.items, setting.at), setting)];
  const single = (name: string, setting: SingleSetting | undefined): Header[] =>
    setting === undefined ? [] : [header(name, setting.value, setting)];
  const shared = [
    ...(origin.value === undefined || origins === undefined
      ? []
      : [{ ...header('Access-Control-Allow-Origin', origin.value, origins), value: origin.value }]),
    ...single('Access-Control-Allow-Credentials', settings.credentials),
  ];
  const vary: Header = {
    name: 'Vary',
    value: { kind: 'unknown', reason: 'AWS decides whether it sends Vary', place },
    place,
    layer,
    implied: true,
  };
  return {
    place,
    policies: origin.policy === undefined ? [] : [origin.policy],
    preflight: [
      ...shared,
      ...list('Access-Control-Allow-Methods', settings.methods),
      ...list('Access-Control-Allow-Headers', settings.headers),
      ...single('Access-Control-Max-Age', settings.maxAge),
      vary,
    ],
    response: [...shared, ...list('Access-Control-Expose-Headers', settings.expose), vary],
  };
}

interface AllowOrigin {
  readonly value: Value | undefined;
  readonly policy: OriginPolicy | undefined;
}

function allowOrigin(setting: OriginsSetting | undefined): AllowOrigin {
  if (setting === undefined || setting.items.length === 0) return { value: undefined, policy: undefined };
  return setting.chosen === undefined
    ? listedOrigins(setting.items, setting.at)
    : { value: setting.chosen, policy: undefined };
}

/** `*` is sent as it stands; otherwise an admitted origin comes back, and any other request gets no CORS headers. */
export function listedOrigins(
  items: readonly Value[],
  at: Place,
): { readonly value: Value; readonly policy: OriginPolicy | undefined } {
  const star = items.find((item) => item.kind === 'literal' && item.text === '*');
  if (star !== undefined) return { value: star, policy: undefined };
  const policy: OriginPolicy = { place: at, entries: items.map(originEntry) };
  return { value: whenAdmitted(policy, { kind: 'request-origin', place: policy.place }), policy };
}

/** The value for origins that the policy lets in, nothing for others. */
export function whenAdmitted(policy: OriginPolicy, value: Value): Value {
  return { kind: 'choice', options: [{ when: { kind: 'origin-admitted', policy }, value }], place: value.place };
}

/** Documented: an exact origin, `*`, `http://*` and `https://*`. What AWS makes of other globs is not known. */
function originEntry(item: Value): OriginEntry {
  const { place } = item;
  if (item.kind !== 'literal') {
    return { kind: 'unknown', reason: item.kind === 'unknown' ? item.reason : 'it is set outside', place };
  }
  const { text } = item;
  if (text === 'http://*' || text === 'https://*') {
    return { kind: 'match', test: { kind: 'prefix', text: text.slice(0, -1) }, place };
  }
  if (text.includes('*')) return { kind: 'unknown', reason: `AWS does not document what ${text} matches`, place };
  return { kind: 'exact', text, place };
}
