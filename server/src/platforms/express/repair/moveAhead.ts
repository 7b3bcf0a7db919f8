import type { TSESTree } from '@typescript-eslint/types';
import type { Edit } from '../../../cors/repair';
import type { SourceModule } from '../../../javascript';
import type { Layer } from '../app/registration';
import { insert, statementOf, textOf, wholeLines } from './nodes';
import { styleOf } from './style';

/** Moves one layer's statement in front of another's, where both are statements of one block. */
export function moveAhead(layer: Layer, target: Layer): readonly Edit[] | undefined {
  const { module } = layer;
  if (target.module.path !== module.path) return undefined;
  const statement = statementOf(layer.call);
  const before = statementOf(target.call);
  if (!statement || !before || statement.parent !== before.parent || statement.range[0] < before.range[0])
    return undefined;
  if (!isDeclaredBefore(module, layer.call, before.range[0])) return undefined;
  const lines = wholeLines(module, statement);
  const targetLines = wholeLines(module, before);
  if (lines === null || targetLines === null) return moveWithin(module, statement, before);
  const text = lines.text.endsWith('\n') ? lines.text : `${lines.text}${styleOf(module).newline}`;
  return [insert(module, targetLines.start, text), { file: module.path, start: lines.start, end: lines.end, text: '' }];
}

/** The same for statements that share their lines: the text alone moves, where semicolons tell them apart. */
function moveWithin(
  module: SourceModule,
  statement: TSESTree.Node,
  before: TSESTree.Node,
): readonly Edit[] | undefined {
  const text = textOf(module, statement);
  if (!text.endsWith(';') || text.includes('\n')) return undefined;
  const [start, end] = statement.range;
  const blanks = /^[ \t]*/.exec(module.text.slice(end))?.[0].length ?? 0;
  return [insert(module, before.range[0], `${text} `), { file: module.path, start, end: end + blanks, text: '' }];
}

/** Whether every name that a piece of code uses is there at an offset: nothing that it needs is declared later. */
export function isDeclaredBefore(
  module: SourceModule,
  { range: [start, end] }: TSESTree.Node,
  offset: number,
): boolean {
  return module.index.of('Identifier').every((name) => {
    if (name.range[0] < start || name.range[1] > end) return true;
    const definition = module.scopes.variable(name)?.defs[0];
    if (definition === undefined) return true;
    const declaredAt = definition.name.range[0];
    return (
      declaredAt < offset ||
      (declaredAt >= start && declaredAt < end) ||
      String(definition.type) === 'FunctionName' ||
      String(definition.type) === 'ImportBinding'
    );
  });
}
