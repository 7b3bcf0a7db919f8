import type { Header } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { OriginPolicy } from '../../../cors/policy';
import type { Condition, Value } from '../../../cors/value';
import { type JsValue, type ObjectValue, property, truthiness } from '../../../javascript';
import type { EventNames } from '../request';
import { headerValue } from '../value';
import { corsDialect, type MiddyMajor } from './dialects';

/** What `httpCors(options)` adds to a response, by what the handler has put there already. */
export interface HttpCors {
  /** Undefined when none were given. */
  readonly options: ObjectValue | undefined;
  readonly major: MiddyMajor;
  /** The call. */
  readonly place: Place;
  readonly names: EventNames;
  /**
   * Set when an answer of the handler's has credentials of its own: up to version 6 the middleware takes them over for
   * every later answer too.
   */
  readonly isUnsettled?: true;
}

const LAYER = '`@middy/http-cors`';

/**
 * The headers after the middleware, from its own file in each major version. A header that is there under the very
 * same spelling is left alone.
 */
export function withCors(headers: readonly Header[], cors: HttpCors): readonly Header[] {
  const dialect = corsDialect(cors.major);
  const has = (name: string): boolean => headers.some((header) => header.name === name);
  const credentials = credentialsAfter(headers, cors);
  const added: Header[] = [];
  if (credentials.is !== false && !has(CREDENTIALS)) {
    added.push({ ...line(CREDENTIALS, credentials.value, cors, 'credentials') });
  }
  const own = headers.find(({ name }) => name === ORIGIN);
  const origin = own === undefined ? originValue(cors, credentials.is) : undefined;
  if (origin !== undefined) added.push(line(ORIGIN, origin, cors, 'origins', 'origin'));
  for (const [option, name] of dialect.lists) {
    const value = optionOf(cors, option);
    if (value !== undefined && truthiness(value) !== false && !has(name)) {
      added.push(line(name, listValue(value, cors), cors, option));
    }
  }
  const vary = has('Vary') ? undefined : varyValue(cors, own?.value, origin, credentials.is);
  if (vary !== undefined) added.push(line('Vary', vary, cors, 'vary'));
  return [...appendedVary(headers, cors, own === undefined ? origin : undefined, credentials.is), ...added];
}

const ORIGIN = 'Access-Control-Allow-Origin';
const CREDENTIALS = 'Access-Control-Allow-Credentials';

/** An option; undefined when it is not given, which is not the same as given as `undefined`. */
function optionOf({ options }: HttpCors, name: string): JsValue | undefined {
  return options && property(options, name)?.value;
}

function line(name: string, value: Value, { options, place }: HttpCors, ...keys: readonly string[]): Header {
  const written = keys.map((key) => options && property(options, key)).find((one) => one !== undefined);
  if (written !== undefined) return { name, value, place: written.place, layer: LAYER };
  return { name, value, place, layer: LAYER, implied: true };
}

/** Only text can be a header's value: a list would be none of API Gateway's. */
function listValue(value: JsValue, { names }: HttpCors): Value {
  return headerValue(value, names);
}

interface Credentials {
  readonly is: boolean | undefined;
  readonly value: Value;
}

/** The option, unless the handler's own header says otherwise. */
function credentialsAfter(headers: readonly Header[], cors: HttpCors): Credentials {
  const own = headers.find(({ name }) => name === CREDENTIALS);
  // Only the text `true` counts as such, and `true` itself does not.
  if (own !== undefined) return { is: undefined, value: own.value };
  if (cors.isUnsettled) return { is: undefined, value: unsettled(cors.place) };
  const option = optionOf(cors, 'credentials');
  if (option === undefined) return { is: false, value: { kind: 'absent', place: cors.place } };
  return { is: truthiness(option), value: headerValue(option, cors.names) };
}

function unsettled(place: Place): Value {
  const reason = 'an earlier answer may have changed `credentials`';
  const value: Value = { kind: 'literal', text: 'true', place };
  return { kind: 'choice', options: [{ when: { kind: 'unknown', reason }, value }], place };
}

/** Undefined when the header is not set at all. */
function originValue(cors: HttpCors, credentials: boolean | undefined): Value | undefined {
  const { place, names } = cors;
  const dialect = corsDialect(cors.major);
  if (optionOf(cors, 'getOrigin') !== undefined) {
    return { kind: 'unknown', reason: '`getOrigin` decides', place };
  }
  const option = optionOf(cors, 'origin');
  const listed = optionOf(cors, 'origins');
  if (listed !== undefined && listed.kind !== 'array') {
    return { kind: 'unknown', reason: '`origins` cannot be read', place: listed.place };
  }
  if (listed !== undefined && (listed.items.length > 0 || listed.rest !== null)) {
    // From version 6 on a single origin beside the list is one of the list.
    const more = cors.major >= 6 && option !== undefined && truthiness(option) !== false ? [option] : [];
    return dialect.fromList({ ...listed, items: [...more, ...listed.items] }, credentials, names);
  }
  if (option === undefined) {
    if (dialect.defaultOrigin === undefined) return undefined;
    return single({ kind: 'literal', text: dialect.defaultOrigin, place }, credentials);
  }
  if (dialect.omitsEmpty && truthiness(option) === false) return undefined;
  return single(headerValue(option, names), credentials);
}

/** `*` with credentials gives back whatever origin asks. */
function single(value: Value, credentials: boolean | undefined): Value {
  const { place } = value;
  if (value.kind === 'literal' && value.text !== '*') return value;
  if (value.kind === 'absent' || credentials === false) return value;
  if (value.kind !== 'literal' || credentials === undefined) {
    return { kind: 'unknown', reason: 'it depends on `origin` and `credentials`', place };
  }
  const policy: OriginPolicy = { place, entries: [{ kind: 'any', how: "`origin: '*'` with `credentials`", place }] };
  return {
    kind: 'choice',
    place,
    options: [
      { when: { kind: 'origin-admitted', policy }, value: { kind: 'request-origin', place } },
      { when: ALWAYS, value },
    ],
  };
}

const ALWAYS: Condition = { kind: 'always' };

/** The Vary that is set where there is none. */
function varyValue(
  cors: HttpCors,
  own: Value | undefined,
  made: Value | undefined,
  credentials: boolean | undefined,
): Value | undefined {
  const origin = own ?? made;
  const { major, place, names } = cors;
  const { vary } = corsDialect(major);
  const option = optionOf(cors, 'vary');
  const isGiven = option !== undefined && truthiness(option) !== false;
  if (vary === 'none') return undefined;
  const given = isGiven ? headerValue(option, names) : undefined;
  if (vary === 'by-value' || vary === 'by-set-value') {
    if (given !== undefined) return given;
    return origin === undefined ? (vary === 'by-value' ? text(place) : undefined) : varyBy(origin, vary, place);
  }
  const appended = isVarying(cors, made, credentials);
  if (appended === undefined) return { kind: 'unknown', reason: 'it depends on the origin that is sent', place };
  if (given === undefined) return appended ? text(place) : undefined;
  if (!appended) return given;
  return { kind: 'template', parts: [given, { kind: 'literal', text: ', Origin', place }], place };
}

function text(place: Place): Value {
  return { kind: 'literal', text: 'Origin', place };
}

/** Versions 3 to 5: `Origin` wherever the origin that is sent is not `*`. */
function varyBy(origin: Value, vary: 'by-value' | 'by-set-value', place: Place): Value {
  switch (origin.kind) {
    case 'literal':
      if (origin.text === '' && vary === 'by-set-value') return { kind: 'absent', place };
      return origin.text === '*' ? { kind: 'absent', place } : text(place);
    case 'absent':
      return vary === 'by-value' ? text(place) : { kind: 'absent', place };
    case 'choice':
      return {
        kind: 'choice',
        place,
        options: [
          ...origin.options.map(({ when, value }) => ({ when, value: varyBy(value, vary, place) })),
          ...(vary === 'by-value' ? [{ when: ALWAYS, value: text(place) }] : []),
        ],
      };
    case 'request-origin':
      if (vary === 'by-value') return text(place);
      return {
        kind: 'choice',
        place,
        options: [
          {
            when: { kind: 'origin-admitted', policy: { place, entries: [{ kind: 'any', how: '', place }] } },
            value: text(place),
          },
        ],
      };
    default:
      return { kind: 'unknown', reason: 'it depends on the origin that is sent', place };
  }
}

/** Version 6: whether `Origin` is added to Vary, which the configuration decides and not the request. */
function isVarying(cors: HttpCors, origin: Value | undefined, credentials: boolean | undefined): boolean | undefined {
  const listed = optionOf(cors, 'origins');
  const items = listed?.kind === 'array' ? listed.items : [];
  const option = optionOf(cors, 'origin');
  const all = option === undefined || truthiness(option) === false ? items : [option, ...items];
  if (listed?.kind === 'array' && listed.rest !== null) return undefined;
  if (all.some((item) => item.kind !== 'string') || origin?.kind === 'unknown') return undefined;
  const texts = all.map((item) => (item.kind === 'string' ? item.value : ''));
  if (items.length > 1 || texts.some((one) => one !== '*' && one.includes('*'))) return true;
  const isAny = texts.includes('*');
  const isStar = origin?.kind === 'literal' && origin.text === '*';
  if (isAny && !isStar) return true;
  return isStar ? credentials : cors.major >= 7 && items.length > 0 ? undefined : false;
}

/** From version 6 on `Origin` is appended to a Vary that the handler has set. */
function appendedVary(
  headers: readonly Header[],
  cors: HttpCors,
  origin: Value | undefined,
  credentials: boolean | undefined,
): readonly Header[] {
  if (corsDialect(cors.major).vary !== 'appended') return headers;
  return headers.map((header): Header => {
    if (header.name !== 'Vary') return header;
    const appended = isVarying(cors, origin, credentials);
    if (appended === false) return header;
    const { place } = header;
    if (appended === undefined)
      return { ...header, value: { kind: 'unknown', reason: 'it depends on the origin', place } };
    return {
      ...header,
      value: { kind: 'template', parts: [header.value, { kind: 'literal', text: ', Origin', place }], place },
    };
  });
}
