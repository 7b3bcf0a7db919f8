import {
  type CallValue,
  isFunction,
  type JsValue,
  property,
  type Reader,
  type SourceModule,
  staticName,
  unwrap,
} from '../../../javascript';

/** One thing that a middy handler was told, in order: `use(…)`, `before(…)`, `after(…)`, `onError(…)`. */
export interface MiddyCall {
  readonly method: 'use' | 'before' | 'after' | 'onError';
  readonly value: JsValue;
  /** Where it is handed over; undefined where that is not seen. */
  readonly argument: Argument | undefined;
}

/** A middleware as it is written between the parentheses or as an item of a list. */
export interface Argument {
  readonly node: JsValue['node'];
  readonly module: SourceModule;
}

export interface MiddyChain {
  /** Undefined while none is given: middy then answers nothing. */
  readonly handler: JsValue | undefined;
  readonly calls: readonly MiddyCall[];
  /** Why there may be more to it; undefined when it was read whole. */
  readonly open: string | undefined;
}

const METHODS: ReadonlySet<string> = new Set(['use', 'before', 'after', 'onError']);

/** `middy(handler).use(…)` with all that is chained to it; undefined when the call is none. */
export function middyChain(reader: Reader, call: CallValue): MiddyChain | undefined {
  const chain = chained(call, 0);
  return chain && withStatements(reader, call, chain);
}

function chained(value: JsValue, depth: number): MiddyChain | undefined {
  if (value.kind !== 'call' || depth > 60) return undefined;
  const { callee } = value;
  if (isMiddy(callee)) return started(value);
  if (callee.kind !== 'member') return undefined;
  const inner = chained(callee.object, depth + 1);
  return inner && continued(inner, callee.property, value);
}

function isMiddy(callee: JsValue): boolean {
  return (
    callee.kind === 'import' &&
    callee.specifier === '@middy/core' &&
    ['default', '*', 'middy'].includes(callee.exported)
  );
}

function started({ arguments: [first, second] }: CallValue): MiddyChain {
  const settings = first?.kind === 'object' ? first : second;
  const streams = settings?.kind === 'object' && property(settings, 'streamifyResponse') !== undefined;
  const isRead = settings === undefined || (settings.kind === 'object' && settings.rest === null && !streams);
  return {
    handler: first?.kind === 'object' ? undefined : first,
    calls: [],
    open: isRead ? undefined : 'the settings of middy cannot be read',
  };
}

function continued(chain: MiddyChain, method: string, { arguments: [first], call, module }: CallValue): MiddyChain {
  if (method === 'handler') return { ...chain, handler: first };
  if ((method === 'use' || method === 'before' || method === 'after' || method === 'onError') && first) {
    const node = call.arguments[0];
    return { ...chain, calls: [...chain.calls, ...listed(method, first, node && { node, module })] };
  }
  return { ...chain, open: chain.open ?? `\`${method}\` is not known of middy` };
}

/** `use([a, b])` is `use(a).use(b)`. */
function listed(method: MiddyCall['method'], value: JsValue, argument: Argument | undefined): readonly MiddyCall[] {
  if (method !== 'use' || value.kind !== 'array' || value.rest !== null) return [{ method, value, argument }];
  const { node, module } = value;
  const written = node.type === 'ArrayExpression' && node.elements.length === value.items.length ? node.elements : [];
  return value.items.map((item, i) => {
    const element = written[i];
    const isPlain = element !== null && element !== undefined && element.type !== 'SpreadElement';
    return { method, value: item, argument: isPlain ? { node: element, module } : undefined };
  });
}

/** What later statements tell the handler: `handler.use(…);` */
function withStatements(reader: Reader, { call, module }: CallValue, chain: MiddyChain): MiddyChain {
  const { parent } = call;
  if (parent?.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier') return chain;
  let result = chain;
  for (const { identifier, init } of module.scopes.variable(parent.id)?.references ?? []) {
    if (identifier.parent?.type === 'CallExpression' && identifier.parent.callee !== identifier) {
      return { ...result, open: 'the handler is handed to something that may change it' };
    }
    if (init || identifier.parent?.type !== 'MemberExpression' || identifier.parent.object !== identifier) continue;
    if (!METHODS.has(staticName(identifier.parent) ?? '') && staticName(identifier.parent) !== 'handler') continue;
    let node = identifier.parent.parent;
    while (node.parent?.type === 'MemberExpression' && node.parent.parent.type === 'CallExpression') {
      node = node.parent.parent;
    }
    const value = reader.evaluate(node, { module, frame: null });
    const statement = node.parent;
    const later = chained(value, 0);
    if (statement?.type !== 'ExpressionStatement' || statement.parent.type !== 'Program' || later === undefined) {
      return { ...result, open: 'what is done to the handler later cannot be followed' };
    }
    result = {
      handler: later.handler ?? result.handler,
      calls: [...result.calls, ...later.calls.slice(chain.calls.length)],
      open: result.open ?? later.open,
    };
  }
  return result;
}

/**
 * Whether a function given to middy leaves the response alone: it does not speak of it and returns nothing. What it
 * returns would be the answer.
 */
export function isBystander(value: JsValue): boolean {
  if (value.kind !== 'function') return false;
  const { function: fn, module } = value;
  const text = module.text.slice(fn.range[0], fn.range[1]);
  if (/\bresponse\b|\bearlyResponse\b|\binternal\b|\bnext\b/.test(text) || fn.body === null || fn.body === undefined) {
    return false;
  }
  if (fn.body.type !== 'BlockStatement') return isLogging(fn.body);
  return !module.index.of('ReturnStatement').some(({ argument, range: [start, end], parent }) => {
    if (argument === null || start < fn.range[0] || end > fn.range[1]) return false;
    let up: typeof parent | undefined = parent;
    while (up !== undefined && !isFunction(up)) up = up.parent;
    return up === fn;
  });
}

function isLogging(outer: JsValue['node']): boolean {
  const node = unwrap(outer);
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  return node.callee.object.type === 'Identifier' && node.callee.object.name === 'console';
}
