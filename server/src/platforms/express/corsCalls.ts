import type { TSESTree } from '@typescript-eslint/types';
import { type CallValue, type Property, property } from '../../javascript';
import type { ExpressAnalysis } from './analysis';
import { type CorsOptions, corsVariants, sourceOf } from './corsOptions';
import { isCorsCall } from './handlerKind';

/** A `cors(…)` of the cors package in a file. */
export interface CorsCall {
  readonly node: TSESTree.CallExpression;
  readonly value: CallValue;
}

const found = new WeakMap<ExpressAnalysis, readonly CorsCall[]>();

/** Every call of the cors package that is written in the file, in order; a local function named `cors` is none. */
export function corsCallsIn(analysis: ExpressAnalysis): readonly CorsCall[] {
  const before = found.get(analysis);
  if (before) return before;
  const { module, reader } = analysis;
  const calls = /['"]cors['"]/.test(module.text)
    ? module.index.of('CallExpression').flatMap((node): CorsCall[] => {
        if (
          node.callee.type !== 'Identifier' &&
          node.callee.type !== 'CallExpression' &&
          node.callee.type !== 'MemberExpression'
        )
          return [];
        const value = reader.evaluate(node, { module, frame: null });
        return isCorsCall(value) && value.node === node ? [{ node, value }] : [];
      })
    : [];
  found.set(analysis, calls);
  return calls;
}

/** The options that the file's `cors(…)` calls are given, each object once. */
export function optionsIn(analysis: ExpressAnalysis): readonly CorsOptions[] {
  const seen = new Map<string, CorsOptions>();
  for (const { value } of corsCallsIn(analysis)) {
    for (const { setup } of corsVariants(sourceOf(value))) {
      if (setup.kind !== 'options' || setup.options.object === null) continue;
      const { place } = setup.options.object;
      const key = `${place.file}:${place.start}`;
      if (!seen.has(key)) seen.set(key, setup.options);
    }
  }
  return [...seen.values()];
}

/** The `origin` options of the file's `cors(…)` calls. */
export function originOptionsIn(analysis: ExpressAnalysis): readonly Property[] {
  return optionsIn(analysis).flatMap((options) => {
    const origin = options.object && property(options.object, 'origin');
    return origin ? [origin] : [];
  });
}
