import type { Answerer, Header, Response, Withheld } from '../../../cors/http';
import { ALLOW_ORIGIN } from '../../../cors/names';
import type { OriginPolicy } from '../../../cors/policy';
import type { Condition, Value } from '../../../cors/value';
import type { PlatformOptions } from '../../../lint/types';
import { type Level, unreadableAbove } from '../config/level';
import { placeOf } from '../config/node';
import { effectiveHeaders, type MoreStep, moreSteps } from './header-lines';
import { mapPolicy } from './map';
import { dependsOnOrigin } from './origin-test';
import { locationHeader } from './redirect';
import { notePolicy, type Run } from './run';
import { evaluate } from './variables';

/**
 * The statuses that `add_header` without `always` goes with.
 * https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header
 */
const PLAIN_STATUSES = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308]);

export interface Sending {
  /** Undefined when it cannot be told. */
  readonly status: number | undefined;
  readonly answeredBy: Answerer;
  /** Set when the response may carry headers that the configuration does not name. */
  readonly open?: string;
  /** The headers that an upstream has brought, those that are hidden left out. */
  readonly from?: readonly Header[];
  /** Those of them that were hidden and came from an application that is known. */
  readonly withheld?: readonly Withheld[];
}

/** The response as the header filters of the active location make it: headers-more first, then `add_header`. */
export function send(run: Run, sending: Sending, options: PlatformOptions): Response {
  const { answeredBy, open, from = [] } = sending;
  const status = run.errorStatus ?? sending.status;
  const { level } = run;
  if (run.main !== undefined) {
    return { status, answeredBy, headers: [] };
  }
  const location = locationHeader(run);
  const headers: Header[] = location === undefined ? [...from] : [location, ...from];
  run.status = status;
  run.sent = headers;
  const withheld = [...(sending.withheld ?? [])];
  for (const step of moreSteps(level)) {
    withheld.push(...applyMore(headers, step, status, run));
  }
  for (const line of effectiveHeaders(level, options)) {
    if (!line.always && status !== undefined && !PLAIN_STATUSES.has(status)) {
      continue;
    }
    const plain = guarded(line.name.value, evaluate(line.value, line.node.file, run).value, line.level, run);
    const value = line.always || status !== undefined ? plain : perhaps(plain);
    headers.push({ name: line.name.value, value, place: placeOf(line.node), layer: line.layer });
  }
  const reason = open ?? unreadableAbove(level) ?? codeInTheWay(level);
  return {
    status,
    answeredBy,
    headers,
    ...(withheld.length === 0 ? {} : { withheld }),
    ...(reason === undefined ? {} : { open: reason }),
  };
}

/** @returns the application's headers that it takes away */
function applyMore(headers: Header[], step: MoreStep, status: number | undefined, run: Run): Withheld[] {
  const { statuses } = step;
  if (statuses !== undefined && status !== undefined && !statuses.includes(status)) {
    return [];
  }
  const doubt = step.limited || (statuses !== undefined && status === undefined);
  const name = step.name.value.toLowerCase();
  const wild = name.endsWith('*');
  const same = (header: Header): boolean => {
    const other = header.name.toLowerCase();
    return wild ? other.startsWith(name.slice(0, -1)) : other === name;
  };
  const given = step.value && evaluate(step.value, step.node.file, run).value;
  // An empty value clears the header, and leaves it no place to come back to.
  const value = given?.kind === 'absent' ? undefined : given;
  if (doubt) {
    if (value !== undefined) {
      headers.push({ name: step.name.value, value: perhaps(value), place: placeOf(step.node), layer: step.layer });
    }
    return [];
  }
  // The new header takes the place of the first one that it replaces.
  const first = headers.findIndex(same);
  const kept = headers.filter((header) => !same(header));
  if (value !== undefined) {
    const shown = guarded(step.name.value, value, step.level, run);
    const header = { name: step.name.value, value: shown, place: placeOf(step.node), layer: step.layer };
    kept.splice(first === -1 ? kept.length : first, 0, header);
  }
  const lost = headers.filter((header) => header.isBehind === true && same(header));
  headers.splice(0, headers.length, ...kept);
  return lost.map((header) => ({ header, by: placeOf(step.node) }));
}

/** A header that is sent with some statuses or content types only, when these are not known. */
function perhaps(value: Value): Value {
  const when: Condition = { kind: 'unknown', reason: 'it is not sent with every status' };
  return { kind: 'choice', options: [{ when, value }], place: value.place };
}

/** Notes which origins a header lets in, and ties it to the `if` on the origin that made it count. */
function guarded(name: string, value: Value, level: Level, run: Run): Value {
  if (name.toLowerCase() !== ALLOW_ORIGIN) {
    return value;
  }
  const guard = run.guards.get(level);
  if (guard !== undefined) {
    return { kind: 'choice', options: [{ when: guard, value }], place: value.place };
  }
  for (const policy of policiesIn(value)) {
    notePolicy(run, policy);
  }
  return value;
}

/** The checks that a value makes on the origin. */
function policiesIn(value: Value): OriginPolicy[] {
  const whole = mapPolicy(value);
  if (whole !== undefined) {
    return [whole];
  }
  switch (value.kind) {
    case 'request-origin':
      return [{ place: value.place, entries: [{ kind: 'any', how: '`$http_origin`', place: value.place }] }];
    case 'choice':
      return value.options.flatMap(({ when, value: inner }) =>
        when.kind === 'origin-admitted'
          ? [when.policy]
          : when.kind === 'always' && inner.kind !== 'request-origin'
            ? policiesIn(inner)
            : anyOrigin(inner),
      );
    case 'template':
      return dependsOnOrigin(value) ? value.parts.flatMap(policiesIn) : [];
    default:
      return [];
  }
}

function anyOrigin(value: Value): OriginPolicy[] {
  return value.kind === 'request-origin'
    ? [{ place: value.place, entries: [{ kind: 'any', how: '`$http_origin`', place: value.place }] }]
    : [];
}

/** Directives by which code may change the headers. */
const HEADER_CODE = [
  'header_filter_by_lua',
  'header_filter_by_lua_block',
  'header_filter_by_lua_file',
  'js_header_filter',
];

function codeInTheWay(level: Level): string | undefined {
  for (let at: Level | undefined = level; at !== undefined; at = at.parent) {
    for (const name of HEADER_CODE) {
      if (at.own.has(name)) {
        return `\`${name}\` may change the headers`;
      }
    }
  }
  return undefined;
}
