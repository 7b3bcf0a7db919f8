import type { TSESTree } from '@typescript-eslint/types';
import { resolveAlias } from './aliases';
import { evaluateExpression } from './evaluate';
import { type Exports, exportsOf } from './exports';
import { type GuardWays, guardWaysOf, onlyWay } from './guards';
import type { Machine } from './machine';
import { memberOf } from './members';
import { createModuleCache, type ModuleCache, type SourceModule } from './module';
import { type PathOptions, type Paths, pathsOf } from './paths';
import { type ModuleHost, resolveModule } from './resolve';
import { type Answering, type Returns, returnsOf } from './returns';
import type { Variable } from './scope';
import { enclosingFunction } from './tree';
import {
  type Branch,
  type Condition,
  type Context,
  choose,
  type Frame,
  type FunctionValue,
  type JsValue,
  type Property,
  placeOf,
  unknown,
  type Written,
  written,
} from './values';
import { bound } from './variables';

/** Reads the JavaScript of a workspace for as long as none of its files changes. Runs nothing of it; never throws. */
export interface Reader {
  /** A workspace file as a module; null when the host has no text for it. Needs `prepare()`. */
  module(path: string): SourceModule | null;
  /** The file that a relative specifier names; null for packages and what is not there. */
  resolve(from: SourceModule, specifier: string): string | null;
  /**
   * What is known of an expression. Names are followed through constants, patterns, and imports of other workspace
   * files, through any number of hops; functions that can be read are worked out for their arguments.
   */
  evaluate(node: TSESTree.Node, context: Context): JsValue;
  /** The value of an export (`default`, a name, or `*` for all of the module); `unknown` when there is no such export. */
  findExport(module: SourceModule, name: string): JsValue;
  /** The ways through a function, with the steps on each. */
  paths(fn: FunctionValue, options?: PathOptions): Paths;
  /** What a function may return or hand to its callback: see `returns.ts`. */
  returnsOf(fn: FunctionValue, answering?: Answering): Returns;
  /** What a function gives back for these arguments, without running it; null when it is too much to follow. */
  apply(fn: FunctionValue, args: readonly JsValue[], at: Written): JsValue | null;
  /**
   * The conditions that stand between a node and the function it is in; empty when there are none, null when they
   * cannot be told (a loop, a `catch`).
   */
  guards(node: TSESTree.Node, context: Context): readonly Condition[] | null;
  /** The same where there may be several ways to the node, with the ways past it; null when they cannot be told. */
  guardWays(node: TSESTree.Node, context: Context): GuardWays | null;
  /** The value of a function with its parameters known, so that its paths are those of one call. */
  bind(fn: FunctionValue, args: readonly JsValue[]): FunctionValue;
}

/** Functions inside functions inside functions are followed to this depth. */
const DEEPEST_CALL = 6;
/** Expressions nested deeper than this are not followed. */
const DEEPEST_EXPRESSION = 250;
/** Longer functions are programs, not settings. */
const LONGEST_FUNCTION = 3000;
/** One analysis follows at most this many calls, so that no file can make it run for long. */
const MOST_CALLS = 2000;
/** Nor does it work out more expressions than this inside the functions that it follows. */
const MOST_EXPRESSIONS = 100_000;

/**
 * @param host gives the texts of workspace files
 * @param cache keeps parsed files between readers; without one the reader has its own
 * @param changed tells of a variable why the object in it may be changed in ways that are not followed, for a reader
 * that must not miss any; without it, only the changes that are followed count
 */
export function createReader(
  host: ModuleHost,
  cache: ModuleCache = createModuleCache(),
  changed?: (variable: Variable, module: SourceModule) => string | undefined,
): Reader {
  const modules = new Map<string, SourceModule | null>();
  const resolutions = new Map<string, string | null>();
  const tables = new Map<SourceModule, Exports>();
  const values = new WeakMap<TSESTree.Node, JsValue>();
  const pending = new Set<TSESTree.Node>();
  const exporting = new Set<string>();
  let callDepth = 0;
  let expressionDepth = 0;
  let calls = 0;
  let expressions = 0;

  const machine: Machine = { evaluate, apply, exported, imported, ...(changed === undefined ? {} : { changed }) };

  function moduleAt(path: string): SourceModule | null {
    const known = modules.get(path);
    if (known !== undefined) return known;
    const text = host.readFile(path);
    const module = text === null ? null : cache.get(path, text);
    modules.set(path, module);
    return module;
  }

  function resolve(from: SourceModule, specifier: string): string | null {
    const key = `${from.path}\0${specifier}`;
    const known = resolutions.get(key);
    if (known !== undefined) return known;
    const path = resolveModule(host, from.path, specifier) ?? resolveAlias(host, from.path, specifier);
    resolutions.set(key, path);
    return path;
  }

  function evaluate(node: TSESTree.Node, context: Context): JsValue {
    // Parents are set by the index, and everything that looks upwards needs them.
    void context.module.index;
    if (expressionDepth > DEEPEST_EXPRESSION) return unknown(written(context.module, node), 'it is nested too deeply');
    const isFixed = context.frame === null;
    if (!isFixed && ++expressions > MOST_EXPRESSIONS)
      return unknown(written(context.module, node), 'it takes too long to follow');
    if (isFixed) {
      const known = values.get(node);
      if (known !== undefined) return known;
      if (pending.has(node)) return unknown(written(context.module, node), 'it refers to itself');
      pending.add(node);
    }
    expressionDepth++;
    try {
      const value = evaluateExpression(machine, node, context);
      if (isFixed) values.set(node, value);
      return value;
    } finally {
      expressionDepth--;
      if (isFixed) pending.delete(node);
    }
  }

  function bind(fn: FunctionValue, args: readonly JsValue[]): FunctionValue {
    const { module } = fn.context;
    let frame: Frame | null = fn.context.frame;
    for (const [i, param] of fn.function.params.entries()) {
      const pattern = param.type === 'TSParameterProperty' ? param.parameter : param;
      const value: JsValue = args[i] ?? { kind: 'undefined', ...written(module, pattern) };
      frame = bound(machine, pattern, value, { module, frame });
    }
    return { ...fn, context: { module, frame } };
  }

  function apply(callee: FunctionValue, args: readonly JsValue[], at: Written): JsValue | null {
    if (callDepth >= DEEPEST_CALL || calls >= MOST_CALLS || callee.function.generator) return null;
    const [start, end] = callee.function.range;
    if (end - start > LONGEST_FUNCTION) return null;
    callDepth++;
    calls++;
    try {
      const bound = bind(callee, args);
      const { body } = callee.function;
      if (body && body.type !== 'BlockStatement') return evaluate(body, bound.context);
      const { paths, complete } = pathsOf(machine, callee.function, bound.context);
      if (!complete) return null;
      const branches = paths.flatMap(({ end, conditions, uncertain, catches }): Branch[] => {
        if (end.kind === 'throw') return [];
        const value: JsValue =
          uncertain !== null
            ? unknown(at, uncertain)
            : end.kind === 'return' && end.argument
              ? evaluate(end.argument, end.context)
              : { kind: 'undefined', ...at };
        return [{ when: conditions, value, ...(catches === null ? {} : { catches: true as const }) }];
      });
      return branches.length === 0 ? unknown(at, 'it never returns') : choose(at, branches);
    } finally {
      callDepth--;
    }
  }

  function tableOf(module: SourceModule): Exports {
    const known = tables.get(module);
    if (known !== undefined) return known;
    const table = exportsOf(module);
    tables.set(module, table);
    return table;
  }

  function imported(from: SourceModule, specifier: string, name: string, at: Written): JsValue {
    const path = resolve(from, specifier);
    const module = path === null ? null : moduleAt(path);
    return module === null ? { kind: 'import', specifier, exported: name, ...at } : exported(module, name, at);
  }

  function exported(module: SourceModule, name: string, at: Written): JsValue {
    const key = `${module.path}\0${name}`;
    if (exporting.has(key)) return unknown(at, 'the files import each other');
    exporting.add(key);
    try {
      return exportedOnce(module, name, at);
    } finally {
      exporting.delete(key);
    }
  }

  function exportedOnce(module: SourceModule, name: string, at: Written): JsValue {
    const { named, stars, whole } = tableOf(module);
    if (name === '*') return wholeOf(module, at);
    const entry = named.get(name);
    if (entry !== undefined) return valueOfEntry(module, entry);
    if (whole !== null) {
      const all = evaluate(whole, { module, frame: null });
      return name === 'default' ? all : memberOf(all, name, at);
    }
    for (const star of stars) {
      const value = imported(module, star, name, at);
      const isMissing = value.kind === 'import' || (value.kind === 'unknown' && value.reason === NO_EXPORT);
      if (!isMissing) return value;
    }
    return unknown(at, NO_EXPORT);
  }

  function valueOfEntry(
    module: SourceModule,
    entry: Exports['named'] extends ReadonlyMap<string, infer E> ? E : never,
  ): JsValue {
    const context: Context = { module, frame: null };
    const at = written(module, entry.node);
    switch (entry.kind) {
      case 'node':
        return evaluate(entry.node, context);
      case 'from':
        return imported(module, entry.specifier, entry.name, at);
      case 'name':
        return entry.node.type === 'Identifier'
          ? evaluate(entry.node, context)
          : unknown(at, 'its name cannot be read');
    }
  }

  /** All of a module: what `module.exports` holds, or an object of its ES exports. */
  function wholeOf(module: SourceModule, at: Written): JsValue {
    const { named, stars, whole } = tableOf(module);
    const all = whole === null ? null : evaluate(whole, { module, frame: null });
    if (all !== null && (all.kind !== 'object' || named.size === 0)) return all;
    if (all === null && named.size === 0 && stars.length === 0)
      return unknown(at, 'the file that it comes from exports nothing');
    const properties = new Map<string, Property>(
      (all?.kind === 'object' ? all.properties : []).map((one) => [one.key, one]),
    );
    for (const [key, entry] of named) {
      const place = placeOf(module, entry.node);
      properties.set(key, {
        key,
        keyPlace: place,
        place,
        node: entry.node,
        module,
        get value() {
          return valueOfEntry(module, entry);
        },
      });
    }
    const rest = stars.length > 0 ? unknown(at, 'it passes on what another file exports') : null;
    return { kind: 'object', properties: [...properties.values()], rest, ...written(module, module.program) };
  }

  function guardWays(node: TSESTree.Node, context: Context): GuardWays | null {
    // Reading the index links each node to what it stands in.
    void context.module.index;
    return guardWaysOf(machine, node, enclosingFunction(node), context);
  }

  return {
    module: moduleAt,
    resolve,
    evaluate,
    apply,
    guards: (node, context) => onlyWay(guardWays(node, context)),
    guardWays,
    bind,
    findExport: (module, name) => exported(module, name, written(module, module.program)),
    paths: (fn, options) => pathsOf(machine, fn.function, fn.context, options),
    returnsOf: (fn, answering) => returnsOf(machine, fn, answering ?? null),
  };
}

const NO_EXPORT = 'the file that it comes from does not export it';
