import { hasHole } from '../syntax/holes';
import type { Directive } from '../syntax/tree';
import { faultInPattern } from './argument-faults';
import { again, headRange, type Refusal, refusal } from './refusal';
import { swallowedStatement } from './run-on';

/** What nginx has against the entries of a `map` (`ngx_http_map`). */
export function mapFaults(map: Directive, text: string): Refusal[] {
  const entries = map.block?.directives ?? [];
  const withHostNames = entries.some(({ name, args }) => name.value === 'hostnames' && args.length === 0);
  const seen = new Map<string, Directive>();
  const found: Refusal[] = [];
  for (const entry of entries) {
    const fault = entryFault(entry, seen, withHostNames, text);
    if (fault !== undefined) found.push(fault);
  }
  return found;
}

function entryFault(
  entry: Directive,
  seen: Map<string, Directive>,
  withHostNames: boolean,
  text: string,
): Refusal | undefined {
  const { name, args, block } = entry;
  if (block !== undefined || [name, ...args].some(({ raw }) => hasHole(raw))) return undefined;
  const key = name.value;
  if (args.length === 0 && (key === 'hostnames' || key === 'volatile')) return undefined;
  if (args.length !== 1) {
    const at = swallowedStatement(entry, text, () => true);
    const said = 'invalid number of the map parameters';
    if (at !== undefined) return refusal(said, { start: at - 1, end: at }, { kind: 'missing-semicolon', at });
    const words = args.every(({ quote }) => quote === 'none') ? args : [];
    return refusal(said, headRange(entry), words.length > 1 ? { kind: 'unquoted-value', words } : { kind: 'other' });
  }
  if (key === 'include') return undefined;
  if (key.startsWith('~')) return faultInPattern(name, key.replace(/^~\*?/, ''));
  // Names with a star or a leading dot meet in ways of their own.
  if (withHostNames && key !== 'default') return undefined;
  const folded = key === 'default' ? 'default' : `=${key.replace(/^\\/, '').toLowerCase()}`;
  const first = seen.get(folded);
  if (first === undefined) {
    seen.set(folded, entry);
    return undefined;
  }
  return again(
    key === 'default'
      ? 'duplicate default map parameter'
      : `conflicting parameter "${key.replace(/^\\/, '').toLowerCase()}"`,
    first,
    entry,
  );
}
