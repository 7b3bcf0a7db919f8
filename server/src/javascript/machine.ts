import type { TSESTree } from '@typescript-eslint/types';
import type { SourceModule } from './module';
import type { Variable } from './scope';
import type { Context, FunctionValue, JsValue, Written } from './values';

/** What the parts of the evaluator ask of each other. `reader.ts` puts them together. */
export interface Machine {
  /** The value of an expression. Never throws; what cannot be told is `unknown` with the reason. */
  evaluate(node: TSESTree.Node, context: Context): JsValue;
  /** What a function gives back for these arguments, without running it; null when it is too much to follow. */
  apply(callee: FunctionValue, args: readonly JsValue[], at: Written): JsValue | null;
  /** The value that a file exports under a name (`*` for all of it). */
  exported(module: SourceModule, name: string, at: Written): JsValue;
  /** The value of an export of whatever a specifier names: a workspace file's, or an `import` of a package. */
  imported(from: SourceModule, specifier: string, name: string, at: Written): JsValue;
  /** Why the object that a variable holds may be another one than was read; undefined when it is not. */
  changed?(variable: Variable, module: SourceModule): string | undefined;
}
