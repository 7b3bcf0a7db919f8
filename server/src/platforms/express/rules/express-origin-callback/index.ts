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
import { type Asked, REQUEST_CALLBACK } from '../../cors/asked';
import { sourcesIn } from '../../cors/corsCalls';
import { corsVariants } from '../../cors/corsOptions';

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
    for (const { fn, asked } of functionsIn(analysis)) {
      const { paths, complete } = reader.paths(fn);
      if (!complete || paths.some((path) => path.uncertain !== null)) continue;
      const silent = paths.filter((path) => asked.ends(reader, fn, path).some((end) => end.kind === 'hang'));
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

interface AskedFunction {
  readonly fn: FunctionValue;
  readonly asked: Asked;
}

/** The functions that the CORS middleware of the file asks: `origin` options and delegates. */
function functionsIn(analysis: ExpressAnalysis): readonly AskedFunction[] {
  return sourcesIn(analysis).flatMap((source) =>
    corsVariants(source).flatMap(({ setup }): readonly AskedFunction[] => {
      if (setup.kind === 'delegate') return [{ fn: setup.fn, asked: REQUEST_CALLBACK }];
      if (setup.kind !== 'options') return [];
      const origin = setup.options.option('origin')?.value;
      const functions = origin ? branchesOf(origin).map(({ value }) => value) : [];
      return functions.flatMap((fn) => (fn.kind === 'function' ? [{ fn, asked: source.dialect.asked(fn) }] : []));
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
  const head = module.text.slice(start, end).trimEnd().replace(/=>$/, '').trimEnd();
  return { file: module.path, start, end: start + head.length };
}
