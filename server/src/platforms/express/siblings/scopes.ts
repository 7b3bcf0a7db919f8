import { matchPath } from '../app/pathPattern';
import type { CorsPart, OpaquePart, Part, RoutePart, Scope } from './app';

/** Whether hooks of a part run for what belongs to a scope: they go inwards, never out. */
export function reaches({ scope }: Part, of: Scope | undefined): boolean {
  return scope?.ids.every((id, i) => of?.ids[i] === id) ?? true;
}

/**
 * What an OPTIONS for a path meets in Fastify. With CORS every context gets a route `OPTIONS *` under its prefix
 * (@fastify/cors, index.js): the longest prefix is taken, and the hooks of its context run. A route of the app's own
 * for OPTIONS goes before those.
 * @returns null when nothing takes it
 */
export function partsForOptions(parts: readonly Part[], path: string): readonly Part[] | null {
  const taking = optionsRoute(parts, path) ?? wildcard(parts, path);
  return taking === null ? null : parts.filter((part) => part.kind === 'opaque' || reaches(part, taking.scope));
}

function optionsRoute(parts: readonly Part[], path: string): RoutePart | null {
  return (
    parts
      .filter((part) => part.kind === 'route')
      .find(
        (route) =>
          route.methods?.includes('OPTIONS') !== false &&
          matchPath({ kind: 'text', text: route.path }, path, true, null) !== null,
      ) ?? null
  );
}

function wildcard(parts: readonly Part[], path: string): CorsPart | null {
  const prefixOf = (part: CorsPart) => part.scope?.prefix ?? '';
  const [first] = parts
    .filter((part) => part.kind === 'cors')
    .filter((part) => path.startsWith(prefixOf(part)))
    .sort((a, b) => prefixOf(b).length - prefixOf(a).length);
  return first ?? null;
}

/** The app as a whole is not told of what one of its contexts sets up for itself. */
export function outermost(parts: readonly Part[]): readonly Part[] {
  return parts.map((part) => (part.scope?.ids.length ? { ...INSIDE, scope: part.scope } : part));
}

const INSIDE: OpaquePart = { kind: 'opaque', reason: 'a plugin sets things up for itself' };
