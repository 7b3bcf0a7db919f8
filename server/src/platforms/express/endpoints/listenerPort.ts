import { branchesOf, type CallValue, type JsValue, property } from '../../../javascript';
import type { ListenerPort } from '../../../lint/types';

/** `3000`, `'3000'`, `process.env.PORT || 3000`, what a schema makes of it; undefined for what cannot be told. */
export function portIn(value: JsValue | undefined): ListenerPort | undefined {
  if (value === undefined) return undefined;
  const fixed = numberIn(value);
  if (fixed !== undefined) return { kind: 'fixed', port: fixed };
  if (value.kind === 'environment') return { kind: 'environment', name: value.name, fallback: undefined };
  if (value.kind === 'member') return checkedVariable(value.object, value.property);
  // `Number(process.env.PORT)`, `parseInt(process.env.PORT || '3000', 10)`
  if (value.kind === 'call' && value.callee.kind === 'import' && CONVERTERS.test(value.callee.exported)) {
    return portIn(value.arguments[0]);
  }
  if (value.kind !== 'choice') return undefined;
  const ways = branchesOf(value).map((branch) => portIn(branch.value));
  const variable = ways.find((way) => way?.kind === 'environment');
  const others = ways.filter((way) => way !== variable);
  const [other] = others;
  if (variable?.kind !== 'environment') return undefined;
  // `process.env.PORT || (isProduction ? 80 : 5000)`: which of them stands in is not known.
  return { ...variable, fallback: others.length === 1 && other?.kind === 'fixed' ? other.port : undefined };
}

const CONVERTERS = /^(?:Number|parseInt|normalizePort)$/;

function numberIn(value: JsValue): number | undefined {
  const text = value.kind === 'number' ? String(value.value) : value.kind === 'string' ? value.value : '';
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port > 0 && port < 65_536 ? port : undefined;
}

/**
 * A variable of the environment out of the object that a schema makes of all of them: zod's
 * `z.object({ PORT: z.coerce.number().default(3000) }).parse(process.env)` (`safeParse(…).data`), and envalid's
 * `cleanEnv(process.env, { PORT: port({ default: 3000 }) })`.
 */
function checkedVariable(checked: JsValue, name: string): ListenerPort | undefined {
  const call = checked.kind === 'member' && checked.property === 'data' ? checked.object : checked;
  if (call.kind !== 'call' || !isEnvironment(call.arguments[0])) return undefined;
  const { callee } = call;
  if (callee.kind === 'import') {
    if (callee.specifier !== 'envalid' || callee.exported !== 'cleanEnv') return undefined;
    const check = propertyOf(call.arguments[1], name);
    return check && variable(name, check.kind === 'call' ? propertyOf(check.arguments[0], 'default') : undefined);
  }
  if (callee.kind !== 'member' || !/^(?:parse|safeParse)$/.test(callee.property)) return undefined;
  const shape = chainOf(callee.object).find(isZodObject)?.arguments[0];
  const check = propertyOf(shape, name);
  return check && variable(name, chainOf(check).find(isDefault)?.arguments[0]);
}

function variable(name: string, fallback: JsValue | undefined): ListenerPort {
  return { kind: 'environment', name, fallback: fallback && numberIn(fallback) };
}

/** `z.object(…).strict().refine(…)`: the calls of a chain, the last one first. */
function chainOf(value: JsValue): CallValue[] {
  if (value.kind === 'member') return chainOf(value.object);
  if (value.kind !== 'call') return [];
  return [value, ...(value.callee.kind === 'member' ? chainOf(value.callee.object) : [])];
}

function isZodObject({ callee }: CallValue): boolean {
  if (callee.kind === 'import') return ZOD.test(callee.specifier) && OBJECT.test(callee.exported);
  if (callee.kind !== 'member' || !OBJECT.test(callee.property)) return false;
  return callee.object.kind === 'import' && ZOD.test(callee.object.specifier);
}

const ZOD = /^zod(?:\/|$)/;
const OBJECT = /^(?:object|strictObject|looseObject)$/;

function isDefault({ callee }: CallValue): boolean {
  return callee.kind === 'member' && /^(?:default|prefault)$/.test(callee.property);
}

function isEnvironment(value: JsValue | undefined): boolean {
  return value?.kind === 'import' && value.exported === 'env' && /^(?:node:)?process$/.test(value.specifier);
}

/** The value of an object's property; undefined for what is no object. */
export function propertyOf(value: JsValue | undefined, key: string): JsValue | undefined {
  return value?.kind === 'object' ? property(value, key)?.value : undefined;
}
