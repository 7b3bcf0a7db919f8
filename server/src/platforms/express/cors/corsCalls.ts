import type { TSESTree } from '@typescript-eslint/types';
import { samePlace } from '../../../cors/place';
import type { CallValue, Property } from '../../../javascript';
import type { ExpressAnalysis } from '../analysis';
import { isCorsCall } from '../app/handlerKind';
import { CORS_PACKAGE } from './corsDialect';
import { type CorsOptions, type CorsSource, corsVariants, sourceOf } from './corsOptions';

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

/** The options that the cors package is given in the file, by `cors(…)` or through NestJS, each object once. */
export function optionsIn(analysis: ExpressAnalysis): readonly CorsOptions[] {
  return allOptionsIn(analysis).filter(({ dialect }) => dialect === CORS_PACKAGE);
}

/** The options of every CORS middleware that is set up in the file, each object once. */
export function allOptionsIn(analysis: ExpressAnalysis): readonly CorsOptions[] {
  const seen = new Map<string, CorsOptions>();
  for (const source of sourcesIn(analysis)) {
    for (const { setup } of corsVariants(source)) {
      if (setup.kind !== 'options' || setup.options.object === null) continue;
      const { place } = setup.options.object;
      const key = `${place.file}:${place.start}`;
      if (!seen.has(key)) seen.set(key, setup.options);
    }
  }
  return [...seen.values()];
}

/** Everything in the file that sets CORS up by options. */
export function sourcesIn(analysis: ExpressAnalysis): readonly CorsSource[] {
  const own = corsCallsIn(analysis).map(({ value }) => sourceOf(value));
  const isOwn = ({ place }: CorsSource) => own.some(({ place: known }) => samePlace(known, place));
  return [...own, ...analysis.siblings.sources.filter((source) => !isOwn(source))];
}

/** The `origin` options that the cors package is given. */
export function originOptionsIn(analysis: ExpressAnalysis): readonly Property[] {
  return optionsIn(analysis).flatMap((options) => options.option('origin') ?? []);
}
