import type { Place } from '../../../cors/place';
import { type JsValue, placeOf, type Reader, type SourceModule, staticName } from '../../../javascript';
import { keyOfNode, keyOfValue, makerOf } from './appKeys';
import { layerOf, METHODS, targetOf } from './layers';
import { compareOrders, createOrders } from './orders';
import type { Registration } from './registration';
import { splicesOf } from './splices';

/** An app or a router, with all that a file registers with it, in the order in which it runs. */
export interface App {
  readonly key: string;
  /** `app`: made by `express()`; `router`; `parameter`: given from elsewhere, so what comes before is not known. */
  readonly kind: 'app' | 'router' | 'parameter' | 'foreign';
  readonly place: Place;
  readonly registrations: readonly Registration[];
  /** Set when registrations stand in functions whose order is not known. */
  readonly isOrderUnknown: boolean;
}

/** The apps and routers of every file that one reader reads. */
export interface Apps {
  /** The apps and routers that a file makes, is given, or adds to. */
  inModule(module: SourceModule): readonly App[];
  /** An app by its key, wherever it is made; null when nothing is registered with it. */
  byKey(key: string): App | null;
  keyOf(value: JsValue): string | null;
}

/** Finds apps file by file, when they are asked for. */
export function findApps(reader: Reader): Apps {
  const known = new Map<string, readonly App[]>();
  const inModule = (module: SourceModule): readonly App[] => {
    const apps = known.get(module.path);
    if (apps) return apps;
    known.set(module.path, []);
    const found = appsIn(reader, module);
    known.set(module.path, found);
    return found;
  };
  return {
    inModule,
    keyOf: keyOfValue,
    byKey(key) {
      const path = key.slice(0, key.lastIndexOf('#'));
      const module = reader.module(path);
      return module === null ? null : (inModule(module).find((app) => app.key === key) ?? null);
    },
  };
}

function appsIn(reader: Reader, module: SourceModule): readonly App[] {
  const found = new Map<string, { place: Place; registrations: Registration[] }>();
  const orders = createOrders(module);
  const add = (key: string, place: Place, registration: Registration): void => {
    const app = found.get(key);
    if (app) app.registrations.push(registration);
    else found.set(key, { place, registrations: [registration] });
  };
  for (const call of module.index.of('CallExpression')) {
    const { callee } = call;
    const name = callee.type === 'MemberExpression' ? staticName(callee) : null;
    if (callee.type === 'MemberExpression' && name !== null && METHODS.has(name)) {
      const target = targetOf(callee.object);
      const key = keyOfNode(reader, target.object, module);
      const layer = key === null ? null : layerOf(reader, module, call, callee, name, target.route, orders);
      if (key !== null && layer !== null) add(key, placeOf(module, target.object), layer);
      continue;
    }
    for (const splice of splicesOf(reader, module, call, orders)) add(splice.onto, splice.place, splice.registration);
  }
  addUnused(reader, module, found);
  return [...found].map(([key, { place, registrations }]) => {
    const sorted = [...registrations].sort((a, b) => compareOrders(a.order, b.order));
    const homes = new Set(registrations.map(({ order }) => orders.homeOf(order)));
    return { key, kind: kindOf(key, module), place, registrations: sorted, isOrderUnknown: homes.size > 1 };
  });
}

/** Apps that nothing is registered with still answer: with 404. */
function addUnused(
  reader: Reader,
  module: SourceModule,
  found: Map<string, { place: Place; registrations: Registration[] }>,
): void {
  for (const call of module.index.of('CallExpression')) {
    if (call.arguments.length > 0 || call.callee.type !== 'Identifier') continue;
    const value = reader.evaluate(call, { module, frame: null });
    if (value.kind !== 'call' || makerOf(value.callee) !== 'app') continue;
    const key = keyOfValue(value);
    if (key !== null && !found.has(key)) found.set(key, { place: placeOf(module, call), registrations: [] });
  }
}

/** `Router(…)`, `express.Router(…)`, `require('express').Router(…)`. */
const MADE_ROUTER = /^(?:new\s+)?(?:require\(\s*['"`]express['"`]\s*\)\s*\.\s*|[\w$.]+\.)?[\w$]*[rR]outer\b/;

function kindOf(key: string, module: SourceModule): App['kind'] {
  const path = key.slice(0, key.lastIndexOf('#'));
  if (path !== module.path) return 'foreign';
  const position = key.slice(key.lastIndexOf('#') + 1);
  if (/^\d+$/.test(position)) {
    const made = module.text.slice(Number(position), Number(position) + 60);
    return MADE_ROUTER.test(made) ? 'router' : 'app';
  }
  return position.startsWith('t') ? 'app' : position.startsWith('p') ? 'parameter' : 'foreign';
}
