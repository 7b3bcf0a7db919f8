import type { TSESTree } from '@typescript-eslint/types';
import type { CallValue, JsValue, Reader, SourceModule } from '../../../../javascript';

/** A class of the workspace, in the file where it is written. */
export interface ClassAt {
  readonly module: SourceModule;
  readonly node: TSESTree.ClassDeclaration | TSESTree.ClassExpression;
}

/** Compositions of compositions are followed to this depth. */
const DEEPEST = 4;

/** The class that a value is; null for anything else. */
export function classOf({ module, node }: JsValue): ClassAt | null {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression' ? { module, node } : null;
}

/** A decorator: what it is called in @nestjs/*, or null for one that is not read, with its arguments. */
export interface Decorator {
  readonly name: string | null;
  readonly call: CallValue | null;
  readonly node: TSESTree.Decorator;
}

/**
 * The decorators of a class or a method, `applyDecorators(…)` taken apart. Those that a function of the workspace makes
 * are what that function gives back.
 */
export function decoratorsOf(
  reader: Reader,
  module: SourceModule,
  { decorators }: { readonly decorators?: readonly TSESTree.Decorator[] },
): readonly Decorator[] {
  return (decorators ?? []).flatMap((node) =>
    read(reader, reader.evaluate(node.expression, { module, frame: null }), node, 0),
  );
}

function read(reader: Reader, value: JsValue, node: TSESTree.Decorator, depth: number): readonly Decorator[] {
  if (value.kind !== 'call' || depth > DEEPEST) return [{ name: null, call: null, node }];
  const { callee } = value;
  if (callee.kind !== 'import' || !callee.specifier.startsWith('@nestjs/')) return [{ name: null, call: null, node }];
  if (callee.exported === 'applyDecorators')
    return value.arguments.flatMap((one) => read(reader, one, node, depth + 1));
  return [{ name: callee.exported, call: value, node }];
}

/** What code does to the response's headers: nothing, perhaps something, or something about CORS. */
export type Touch = 'none' | 'unread' | 'cors';

/** Words of code that may touch the response's headers. */
const WRITES =
  /(?:set|append|remove)Headers?\b|\.(?:set|headers?|append|vary)\s*\(|writeHead|getResponse\b|@(?:Res|Response|Next)\(|[(,]\s*res(?:ponse)?\s*[,)]/i;
const CORS_WORDS = /access-control|\bcors\b|\bvary\b/i;

/**
 * What a guard, an interceptor, a filter or a middleware does to headers: nothing where it comes from Nest itself, or
 * where it is a class or a function of the workspace that speaks of none.
 */
export function touchOf(value: JsValue): Touch {
  const made = value.kind === 'new' ? value.callee : value;
  const text = textOf(made);
  if (text !== null) return touchIn(text);
  const maker = made.kind === 'call' ? made.callee : made;
  const root = maker.kind === 'member' ? maker.object : maker;
  return root.kind === 'import' && root.specifier.startsWith('@nestjs/') ? 'none' : 'unread';
}

/** The same for code as it is written. */
export function touchIn(text: string): Touch {
  if (CORS_WORDS.test(text)) return 'cors';
  return WRITES.test(text) ? 'unread' : 'none';
}

/** What several of them do together. */
export function allTouch(touches: readonly Touch[]): Touch {
  if (touches.includes('cors')) return 'cors';
  return touches.includes('unread') ? 'unread' : 'none';
}

function textOf(value: JsValue): string | null {
  const written = classOf(value);
  if (written !== null) return written.module.text.slice(...written.node.range);
  return value.kind === 'function' ? value.module.text.slice(...value.function.range) : null;
}
