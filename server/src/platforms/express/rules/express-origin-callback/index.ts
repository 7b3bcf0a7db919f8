import type { Place } from '../../../../cors/place';
import {
  branchesOf,
  type FunctionValue,
  functionName,
  placeOf,
  type SourceModule,
  wordsOf,
} from '../../../../javascript';
import { platformRule } from '../../../../lint/defineRule';
import type { ExpressAnalysis } from '../../analysis';
import { corsCallsIn } from '../../corsCalls';
import { corsVariants, sourceOf } from '../../corsOptions';
import { endsOf } from '../../originCallback';

interface Data {
  readonly returns: boolean;
  readonly isAsync: boolean;
  /** When the way is taken; null when every way is like that. */
  readonly words: string | null;
}

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-origin-callback',
    title: 'An origin function that does not call back',
    severity: 'error',
    category: 'broken',
    tags: ['origin', 'callback'],
    reference: 'https://github.com/expressjs/cors#configuring-cors-w-dynamic-origin',
  },
  check({ analysis }, report) {
    const { reader } = analysis;
    for (const fn of functionsIn(analysis)) {
      const { paths, complete } = reader.paths(fn);
      if (!complete || paths.some((path) => path.uncertain !== null)) continue;
      const silent = paths.filter((path) => endsOf(reader, fn, path).some((end) => end.kind === 'hang'));
      const [first] = silent;
      if (first === undefined) continue;
      const isAll = silent.length === paths.length;
      const returns = first.end.kind === 'return' && first.end.argument !== null;
      const data: Data = { returns, isAsync: fn.function.async, words: isAll ? null : wordsOf(first.conditions) };
      report({ place: headOf(fn), data });
    }
  },
  message({ returns, isAsync, words }) {
    const when = words === null ? '' : ` when ${words}`;
    const instead = returns ? (isAsync ? ' and its promise is dropped' : ' and what it returns is dropped') : '';
    return `The function never calls its callback${when}${instead}: the request hangs until the browser gives up. Call \`callback(null, allowed)\` on every way out.`;
  },
});

/** The functions of the file that the cors package asks: `origin` options and delegates. */
function functionsIn(analysis: ExpressAnalysis): readonly FunctionValue[] {
  return corsCallsIn(analysis).flatMap(({ value }) =>
    corsVariants(sourceOf(value)).flatMap(({ setup }): readonly FunctionValue[] => {
      if (setup.kind === 'delegate') return [setup.fn];
      if (setup.kind !== 'options') return [];
      const origin = setup.options.option('origin')?.value;
      return origin ? branchesOf(origin).flatMap(({ value: one }) => (one.kind === 'function' ? [one] : [])) : [];
    }),
  );
}

/** The function's name, or its parameters. */
function headOf(fn: FunctionValue): Place {
  const { module } = fn;
  const node = fn.function;
  if (functionName(node) !== null && node.type !== 'ArrowFunctionExpression' && node.id)
    return placeOf(module, node.id);
  return untilBody(module, node.range[0], node.body?.range[0] ?? node.range[1]);
}

function untilBody(module: SourceModule, start: number, end: number): Place {
  const head = module.text.slice(start, end).replace(/\s*(?:=>)?\s*$/, '');
  return { file: module.path, start, end: start + head.length };
}
