import type { TSESTree } from '@typescript-eslint/types';
import { isFunction } from './tree';
import type { Context, Frame, FunctionValue, JsValue } from './values';

/** What a variable, or a function's `this`, holds on the way that is followed; null when that is not followed step by step. */
export function lookUp(frame: Frame | null, variable: Frame['variable']): JsValue | null {
  for (let one = frame; one !== null; one = one.outer) if (one.variable === variable) return one.value;
  return null;
}

/**
 * A method as it is called on an object: its `this` is that object. Functions that do not speak of `this`, arrow
 * functions and objects that are not known stay as they are.
 */
export function calledOn(fn: FunctionValue, receiver: JsValue): FunctionValue {
  const { function: node, module, context } = fn;
  const isOwner = node.type !== 'ArrowFunctionExpression' && receiver.kind === 'object';
  if (!isOwner || !module.text.slice(node.range[0], node.range[1]).includes('this')) return fn;
  return { ...fn, context: { ...context, frame: { variable: node, value: receiver, outer: context.frame } } };
}

/** What `this` is at its place; null where the function whose `this` it is is not followed as a method of an object. */
export function thisAt(node: TSESTree.ThisExpression, { frame }: Context): JsValue | null {
  let up: TSESTree.Node | undefined = node.parent;
  while (up && (!isFunction(up) || up.type === 'ArrowFunctionExpression')) {
    // A property of a class has an object of its own.
    if (up.type === 'ClassBody') return null;
    up = up.parent;
  }
  return isFunction(up) ? lookUp(frame, up) : null;
}
