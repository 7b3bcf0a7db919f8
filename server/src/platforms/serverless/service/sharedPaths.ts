import type { OriginPolicy } from '../../../cors/policy';
import type { Value } from '../../../cors/value';
import { textOf, type YamlEntry } from '../../../yaml/tree';
import type { CorsEvent } from '../gateway/corsEvent';
import { allowOrigin } from '../gateway/restCors';
import type { Service } from './service';

/** The origins that one `cors` block, or all blocks of a path together, ask for. */
export type AskedOrigins =
  | { readonly kind: 'one'; readonly origin: string }
  | { readonly kind: 'list'; readonly origins: readonly string[] }
  /** Text that is settled outside: alike only where it is written alike. */
  | { readonly kind: 'written'; readonly text: string };

/** What the event's block asks for when nothing else stands on its path. */
export function ownOrigins(service: Service, event: CorsEvent): AskedOrigins {
  return asked(service, [event], event);
}

/** What the framework makes of all blocks of a path. */
export function mergedOrigins(service: Service, events: readonly CorsEvent[], last: CorsEvent): AskedOrigins {
  return asked(service, events, last);
}

function asked(service: Service, events: readonly CorsEvent[], last: CorsEvent): AskedOrigins {
  const { value, policies } = allowOrigin(service, events, last);
  const known = value.kind === 'literal' ? { kind: 'one' as const, origin: value.text } : listed(value, policies);
  return known ?? { kind: 'written', text: events.map(written).join('\n') };
}

function listed(value: Value, [policy, ...others]: readonly OriginPolicy[]): AskedOrigins | undefined {
  if (value.kind !== 'choice' || policy === undefined || others.length > 0) return undefined;
  if (value.options.some(({ when }) => when.kind !== 'origin-admitted' && when.kind !== 'always')) return undefined;
  const texts = policy.entries.map((entry) => (entry.kind === 'exact' ? entry.text : shapeOf(entry)));
  return texts.some((text) => text === undefined)
    ? undefined
    : { kind: 'list', origins: texts.flatMap((text) => text ?? []).sort() };
}

function shapeOf(entry: OriginPolicy['entries'][number]): string | undefined {
  if (entry.kind === 'any') return '*';
  return entry.kind === 'match' && entry.test.kind === 'regex' ? entry.test.source : undefined;
}

/** The block's keys for origins as they are written. */
function written({ cors }: CorsEvent): string {
  if (cors.kind !== 'map') return textOf(cors.entry.value);
  return ['origin', 'origins']
    .flatMap((key) => cors.settings.get(key)?.entry ?? [])
    .map((entry: YamlEntry) => `${entry.key.value}: ${textOf(entry.value)}`)
    .join('\n');
}

export function sameOrigins(a: AskedOrigins, b: AskedOrigins): boolean {
  switch (a.kind) {
    case 'one':
      return b.kind === 'one' && a.origin === b.origin;
    case 'list':
      return (
        b.kind === 'list' && a.origins.length === b.origins.length && a.origins.every((o, i) => o === b.origins[i])
      );
    case 'written':
      return b.kind === 'written' && a.text === b.text;
  }
}

/** Whether two blocks certainly ask for different origins. */
export function differ(a: AskedOrigins, b: AskedOrigins): boolean {
  return a.kind !== 'written' && b.kind !== 'written' && !sameOrigins(a, b);
}
