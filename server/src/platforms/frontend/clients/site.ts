import type { TSESTree } from '@typescript-eslint/types';
import type { Context, JsValue, ObjectValue, Reader } from '../../../javascript';
import { property } from '../../../javascript';
import type { FrontCall } from '../frontCall';

/** Where calls are read: in a module, and inside a function whose arguments may be known. */
export interface Site {
  readonly reader: Reader;
  readonly context: Context;
}

/** Reads one kind of call; undefined for what is none, or cannot be told. */
export type CallReader = (site: Site, node: TSESTree.CallExpression, args: readonly JsValue[]) => FrontCall | undefined;

export function evaluateAt({ reader, context }: Site, node: TSESTree.Node): JsValue {
  return reader.evaluate(node, context);
}

/** The arguments of a call; undefined when a spread may bring more. */
export function argumentsOf(
  site: Site,
  node: TSESTree.CallExpression | TSESTree.NewExpression,
): readonly JsValue[] | undefined {
  const args = node.arguments.flatMap((argument) =>
    argument.type === 'SpreadElement' ? [] : [evaluateAt(site, argument)],
  );
  return args.length < node.arguments.length ? undefined : args;
}

/** Whether a value is a global of that name: `fetch`, `window.fetch`, `globalThis.fetch`. */
export function isGlobal(value: JsValue, name: string): boolean {
  if (value.kind === 'import') return value.specifier === 'globalThis' && value.exported === name;
  return (
    value.kind === 'member' &&
    value.property === name &&
    ['window', 'self', 'globalThis'].some((each) => isGlobal(value.object, each))
  );
}

/** The options of a call: an object, `null` where none are given, undefined where they cannot be read. */
export function optionsOf(value: JsValue | undefined): ObjectValue | null | undefined {
  if (value === undefined || value.kind === 'undefined' || value.kind === 'null') return null;
  return value.kind === 'object' ? value : undefined;
}

/** The option of the first of these that has it; undefined when none has. */
export function given(key: string, ...from: readonly (ObjectValue | null)[]): JsValue | undefined {
  for (const object of from) {
    const value = object === null ? undefined : property(object, key)?.value;
    if (value !== undefined && value.kind !== 'undefined') return value;
  }
  return undefined;
}

/** The method that options name, or the default; undefined when it cannot be told. */
export function methodOf(value: JsValue | undefined, hasMore: boolean, otherwise: string): string | undefined {
  if (value === undefined) return hasMore ? undefined : otherwise;
  return value.kind === 'string' ? value.value : undefined;
}

export function isTrue(value: JsValue | undefined): boolean {
  return value?.kind === 'boolean' && value.value;
}

export function isText(value: JsValue | undefined, text: string): boolean {
  return value?.kind === 'string' && value.value === text;
}
