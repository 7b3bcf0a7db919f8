import type { App, Apps } from './apps';
import { type ExpressVersion, matchPath, type PathMatch } from './pathPattern';
import type { Layer } from './registration';

/** What registrations are read with. */
interface Known {
  readonly apps: Apps;
  readonly version: ExpressVersion;
}

/** A layer, or why something that an app is handed to is not read. */
type Registered = Layer | { readonly opaque: string };

/** What an app has registered, and how each of them meets one path. */
interface Met {
  readonly registrations: readonly Registered[];
  readonly matches: readonly PathMatch[];
}

interface Spread {
  readonly all: readonly Registered[];
  readonly byPath: Map<string, Met>;
}

/** Registrations are spread out once for each app, and meet each path once. */
const spread = new WeakMap<App, Spread>();
/** More paths than this, and they are forgotten. */
const MOST_PATHS = 1000;

/** The registrations of an app with those of the functions that it is handed to in their places. */
export function registrationsOf(known: Known, app: App): readonly Registered[] {
  return spreadOf(known, app).all;
}

/** The same, with what each makes of a path: a route wants the whole of it, a mount its beginning. */
export function registrationsAt(known: Known, app: App, path: string): Met {
  const { all, byPath } = spreadOf(known, app);
  const before = byPath.get(path);
  if (before) return before;
  const matches = all.map((one) =>
    'opaque' in one ? null : matchPath(one.path, path, one.method !== 'use', known.version),
  );
  const met = { registrations: all, matches };
  if (byPath.size >= MOST_PATHS) byPath.clear();
  byPath.set(path, met);
  return met;
}

function spreadOf(known: Known, app: App): Spread {
  const before = spread.get(app);
  if (before) return before;
  const made = { all: spreadOut(known.apps, app, 0), byPath: new Map<string, Met>() };
  spread.set(app, made);
  return made;
}

function spreadOut(apps: Apps, app: App, depth: number): readonly Registered[] {
  return app.registrations.flatMap((registration): readonly Registered[] => {
    if (registration.kind === 'layer') return [registration];
    const inner = registration.key === null ? null : apps.byKey(registration.key);
    if (registration.key === null || depth > 5) return [{ opaque: registration.reason }];
    return inner === null ? [] : spreadOut(apps, inner, depth + 1);
  });
}
