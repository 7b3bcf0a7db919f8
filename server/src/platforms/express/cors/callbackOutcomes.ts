import type { Request } from '../../../cors/http';
import type { Condition, FunctionNode, FunctionValue, JsValue, Paths, Reader, Step } from '../../../javascript';
import { type Flow, given } from '../flow/flow';
import { isCaught } from '../request/caught';
import { readError } from '../request/errorValue';
import { isCatchMissed, throws } from '../request/exceptions';
import { truth } from '../request/outcome';
import { holdsFor, requestValue } from '../request/requestValue';
import { type Asked, isAboutQuestion } from './asked';

/** What a Node-style function `(question, callback)` comes to for one request. */
export type CallbackOutcome =
  | {
      readonly kind: 'value';
      readonly value: JsValue;
      readonly flow: Flow;
      /** Nothing catches what the callback throws, called with this. */
      readonly isDeferred?: true;
    }
  | { readonly kind: 'error'; readonly flow: Flow; readonly error?: JsValue | null }
  /** The callback is never called on this way. */
  | { readonly kind: 'hang'; readonly flow: Flow }
  | { readonly kind: 'unknown'; readonly reason: string; readonly flow: Flow };

/** The ways that the function can call back for this request; ways that its tests rule out are left out. */
export function callbackOutcomes(
  reader: Reader,
  fn: FunctionValue,
  asked: Asked,
  request: Request,
  flow: Flow,
): readonly CallbackOutcome[] {
  const names = asked.names(fn);
  const { paths, complete } = pathsOf(reader, fn);
  const outcomes: CallbackOutcome[] = complete
    ? []
    : [{ kind: 'unknown', reason: 'it has too many ways through it', flow }];
  for (const path of paths) {
    if (isCatchMissed(reader, path, request, names)) continue;
    const undecided: Condition[] = [];
    let taken = true;
    let thrown = false;
    let steps = path.steps;
    for (const [i, condition] of path.conditions.entries()) {
      const holds = holdsFor(reader, [condition], request, names);
      if (holds === false) taken = false;
      if (holds === undefined) undecided.push(condition);
      if (holds === 'throws') {
        thrown = true;
        taken &&= !isCaught(condition.of.node);
        steps = steps.slice(0, path.stepsBefore[i]);
      }
      if (holds === false || thrown) break;
    }
    const thrower = taken ? steps.find((step) => throws(reader, step, request, names)) : undefined;
    if (thrower !== undefined) {
      thrown = true;
      taken = !isCaught(thrower.node);
    }
    const about = undecided.find((condition) => isAboutQuestion(condition.of, fn));
    const here = taken ? given(flow, about ? [] : undecided) : null;
    if (here === null) continue;
    if (about) {
      // Which way the request goes is not known, and so is nothing that lies behind.
      if (!outcomes.some((outcome) => outcome.kind === 'unknown')) {
        outcomes.push({ kind: 'unknown', reason: `it depends on whether ${about.words}`, flow });
      }
      continue;
    }
    if (thrown) {
      // Nobody looks at the promise of an `async` function.
      outcomes.push({ kind: fn.function.async ? 'hang' : 'error', flow: here });
      continue;
    }
    for (const end of asked.ends(reader, fn, path)) {
      if (end.kind === 'value' && end.isDeferred && requestValue(reader, end.value, request, names) === 'throws') {
        outcomes.push({ kind: 'hang', flow: here });
        continue;
      }
      const failed =
        end.kind === 'value' && end.unless ? truth(requestValue(reader, end.unless, request, names)) : false;
      if (failed !== false)
        outcomes.push({
          kind: 'error',
          flow: here,
          error: end.kind === 'value' ? readError(end.unless ?? null) : null,
        });
      if (failed !== true && failed !== 'throws') outcomes.push({ ...end, flow: here });
    }
  }
  return outcomes.length > 0 ? outcomes : [{ kind: 'unknown', reason: 'no way through it was found', flow }];
}

/** What does not depend on the request is worked out once. */
const pathsByReader = new WeakMap<Reader, WeakMap<FunctionNode, Paths>>();

function pathsOf(reader: Reader, fn: FunctionValue): Paths {
  const known = pathsByReader.get(reader) ?? new WeakMap<FunctionNode, Paths>();
  pathsByReader.set(reader, known);
  const before = fn.context.frame === null ? known.get(fn.function) : undefined;
  if (before !== undefined) return before;
  const paths = reader.paths(fn, { harmless: (step) => isHarmless(step, fn) });
  if (fn.context.frame === null) known.set(fn.function, paths);
  return paths;
}

/** Calls of the callback do not throw, and neither do those of the console. */
function isHarmless({ node }: Step, fn: FunctionValue): boolean {
  if (node.type === 'AssignmentExpression') return true;
  if (node.type !== 'CallExpression') return false;
  const { callee } = node;
  if (callee.type === 'MemberExpression')
    return callee.object.type === 'Identifier' && callee.object.name === 'console';
  const parameter = fn.function.params[1];
  return callee.type === 'Identifier' && parameter?.type === 'Identifier' && parameter.name === callee.name;
}
