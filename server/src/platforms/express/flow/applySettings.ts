import type { Header } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { Value } from '../../../cors/value';
import { branchesOf, type JsValue } from '../../../javascript';
import { toValue } from '../request/headerValue';
import type { Roles } from '../request/names';
import { holdsFor, requestValue } from '../request/requestValue';
import { statusOfError } from './applyNext';
import { undecidedFlow } from './assumptions';
import type { HowSet, Setting } from './effects';
import { appendHeader, type Flow, setHeader, setHeaderLines, vary } from './flow';
import { type FunctionRun, type Inner, MOST_STEPS } from './functionRun';

export function applySettings(
  run: FunctionRun,
  settings: readonly Setting[],
  how: HowSet,
  roles: Roles,
  start: Flow,
): readonly Inner[] {
  let flows: readonly Flow[] = [start];
  for (const setting of settings) {
    // Node refuses names that are no tokens.
    if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(setting.name))
      return flows.map((flow): Inner => ({ kind: 'error', flow, status: 500, isThrown: true }));
    const next: Flow[] = [];
    const failed: Inner[] = [];
    for (const flow of flows) {
      for (const { when, value } of branchesOf(setting.value)) {
        const held = when.map((condition) => holdsFor(run.reader, [condition], run.request, roles));
        if (held.includes(false)) continue;
        if (held.includes('throws')) {
          failed.push({ kind: 'error', flow, status: statusOfError(null, flow), isThrown: true });
          continue;
        }
        const undecided = when.filter((_, at) => held[at] === undefined);
        const here = undecidedFlow(flow, undecided, roles);
        if (here === null) continue;
        const put = putSetting(run, { ...setting, value }, how, roles, here);
        if (put === null) failed.push({ kind: 'error', flow: here, status: 500, isThrown: true });
        else next.push(put);
      }
    }
    if (failed.length > 0 && next.length === 0) return failed;
    flows = next.slice(0, MOST_STEPS);
  }
  return flows.map((flow): Inner => ({ kind: 'end', flow }));
}

function linesOf({ headers }: Flow, name: string): readonly Header[] {
  return headers.filter((one) => one.name.toLowerCase() === name.toLowerCase());
}

function isAppended(how: HowSet): boolean {
  return how === 'append' || how === 'append-node';
}

/** The flow with the header set; null when Node throws. */
function putSetting(run: FunctionRun, setting: Setting, by: HowSet, roles: Roles, flow: Flow): Flow | null {
  const { name, value, place } = setting;
  // Express appends to nothing by setting, and takes an empty header for none.
  const isNothing = linesOf(flow, name).every(({ value }) => value.kind === 'literal' && value.text === '');
  const how = by === 'append' && isNothing ? 'express' : by;
  const layer = 'the response';
  if (value.kind === 'array' && value.rest === null) {
    // Each item is a line of its own, and the item is what brings it.
    const lines = value.items.map((item): Header => {
      const own = value.items.length > 1 ? item.place : place;
      return { name, value: toValue(item, roles), place: own, layer };
    });
    return isAppended(how) ? lines.reduce(appendHeader, flow) : setHeaderLines(flow, name, lines);
  }
  const read = valueFor(run, value, roles);
  if (read === null) return null;
  if (read.kind === 'absent') {
    if (how === 'node' || how === 'append-node') return null;
    return (how === 'append' ? appendHeader : setHeader)(flow, {
      name,
      value: { kind: 'literal', text: 'undefined', place: value.place },
      place,
      layer,
    });
  }
  if (read.kind === 'literal' && HAS_CONTROLS.test(read.text)) return null;
  const header: Header = { name, value: perhaps(read, flow), place, layer };
  return isAppended(how) ? appendHeader(flow, header) : setHeader(flow, header);
}

/** What is set on a way that is perhaps not taken may be absent. */
function perhaps(value: Value, { unsure }: Flow): Value {
  if (unsure === null) return value;
  return { kind: 'choice', options: [{ when: { kind: 'unknown', reason: unsure }, value }], place: value.place };
}

/** Characters that Node refuses in a header's value. */
const HAS_CONTROLS = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * A header's value for this request: what depends on the request is worked out where that can be done; null where that
 * throws.
 */
function valueFor(run: FunctionRun, value: JsValue, roles: Roles): Value | null {
  const read = toValue(value, roles);
  const { place } = value;
  if (read.kind === 'request-origin' && run.request.origin === undefined) return { kind: 'absent', place };
  if (read.kind === 'request-header' && !run.request.headers.has(read.name)) return { kind: 'absent', place };
  if (read.kind !== 'unknown') return read;
  const outcome = requestValue(run.reader, value, run.request, roles);
  if (outcome === null) return read;
  if (outcome === 'throws') return null;
  if (outcome.is === undefined) return { kind: 'absent', place };
  if (typeof outcome.is !== 'string') return read;
  if (outcome.is === run.request.origin) return { kind: 'request-origin', place };
  return { kind: 'literal', text: outcome.is, place };
}

/** A number for this request; null where it is not known. */
export function numberFor(run: FunctionRun, value: JsValue, roles: Roles): number | null {
  if (value.kind === 'number') return value.value;
  const outcome = requestValue(run.reader, value, run.request, roles);
  return outcome !== null && outcome !== 'throws' && typeof outcome.is === 'number' ? outcome.is : null;
}

export function varyBy(field: JsValue, place: Place, flow: Flow): Flow {
  const layer = 'the response';
  const fields = field.kind === 'array' ? field.items : [field];
  return fields.reduce<Flow>((after, one) => vary(after, { name: 'Vary', value: toValue(one), place, layer }), flow);
}
