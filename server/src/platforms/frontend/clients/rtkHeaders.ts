import type { TSESTree } from '@typescript-eslint/types';
import {
  enclosingFunction,
  type FunctionValue,
  type JsValue,
  placeOf,
  type Reader,
  staticName,
} from '../../../javascript';
import type { SentHeader } from '../frontCall';

/**
 * The headers that `prepareHeaders(headers, api)` sets. One that is set on a condition, or when other headers than those
 * that it was given may go out, is one that is perhaps sent.
 */
export function preparedHeaders(reader: Reader, prepare: JsValue | undefined): readonly SentHeader[] {
  if (prepare?.kind !== 'function') return [];
  const { function: fn, context } = prepare;
  const [param] = fn.params;
  if (param?.type !== 'Identifier') return [];
  const { module } = context;
  const inside = ({ range }: TSESTree.Node): boolean => fn.range[0] <= range[0] && range[1] <= fn.range[1];
  const returns = module.index.of('ReturnStatement').filter((node) => inside(node) && enclosingFunction(node) === fn);
  const isKept = handsBack(prepare, param.name, returns);
  return module.index.of('CallExpression').flatMap((call): SentHeader[] => {
    const { callee } = call;
    const [name, value] = call.arguments;
    if (!inside(call) || callee.type !== 'MemberExpression' || !/^(?:set|append)$/.test(staticName(callee) ?? ''))
      return [];
    if (callee.object.type !== 'Identifier' || callee.object.name !== param.name) return [];
    if (name === undefined || value === undefined || name.type === 'SpreadElement' || value.type === 'SpreadElement')
      return [];
    const key = reader.evaluate(name, context);
    if (key.kind !== 'string') return [];
    const isSure =
      isKept &&
      enclosingFunction(call) === fn &&
      reader.guards(call, context)?.length === 0 &&
      returns.every((early) => early.range[1] > call.range[0]);
    const set = reader.evaluate(value, context);
    const header: SentHeader = {
      name: key.value,
      namePlace: key.place,
      value: set.kind === 'string' ? set.value : undefined,
      valuePlace: set.place,
      place: placeOf(module, call),
    };
    return [isSure ? header : { ...header, perhaps: true }];
  });
}

/** Whether the headers that it was given go out: it returns them, or nothing. */
function handsBack(
  { function: fn }: FunctionValue,
  name: string,
  returns: readonly TSESTree.ReturnStatement[],
): boolean {
  const isGiven = (node: TSESTree.Node): boolean => node.type === 'Identifier' && node.name === name;
  // What `headers.set(…)` gives is nothing.
  const isCall = fn.body?.type === 'CallExpression';
  if (fn.body && fn.body.type !== 'BlockStatement') return isCall || isGiven(fn.body);
  return returns.every(({ argument }) => argument === null || isGiven(argument));
}
