import type { TSESTree } from '@typescript-eslint/types';
import { closest, type JsValue, type Reader, type SourceModule, staticName, unwrap } from '../../../javascript';

/** Names that a parameter or a property has when it is an app. */
export const APP_NAME = /^_?(?:app|server|router|api|express|application|expressApp|\w*(?:App|Router|Server))$/;

/** Express's own names for what makes an app or a router. */
export function makerOf(callee: JsValue): 'app' | 'router' | null {
  if (callee.kind !== 'import' || callee.specifier !== 'express') return null;
  if (callee.exported === '*' || callee.exported === 'default' || callee.exported === 'express') return 'app';
  return callee.exported === 'Router' ? 'router' : null;
}

/** A key for values that are apps or routers, the same for the same one; null for all others. */
export function keyOfValue(value: JsValue): string | null {
  switch (value.kind) {
    case 'call':
    case 'new':
      return makerOf(value.callee) === null ? null : `${value.module.path}#${value.node.range[0]}`;
    case 'parameter':
      return isAppParameter(value) ? `${value.module.path}#p${value.function.range[0]}.${value.index}` : null;
    case 'member': {
      if (value.object.kind !== 'parameter' || !APP_NAME.test(value.property)) return null;
      const { object } = value;
      return `${object.module.path}#p${object.function.range[0]}.${object.index}.${value.property}`;
    }
    case 'import':
      return /^\.{1,2}\//.test(value.specifier) && APP_NAME.test(value.exported)
        ? `${value.module.path}#i${value.specifier}.${value.exported}`
        : null;
    default:
      return null;
  }
}

function isAppParameter(value: Extract<JsValue, { kind: 'parameter' }>): boolean {
  const param = value.function.params[value.index];
  const name = param?.type === 'Identifier' ? param : null;
  if (name === null) return false;
  const type = name.typeAnnotation?.typeAnnotation;
  if (type && /\b(?:Express|Application|I?Router)\b/.test(value.module.text.slice(...type.range))) return true;
  return APP_NAME.test(name.name);
}

/** As `keyOfValue`, for a node: `this.app` that is set elsewhere still stands for one thing in its class. */
export function keyOfNode(reader: Reader, outer: TSESTree.Node, module: SourceModule): string | null {
  const node = unwrap(outer);
  const key = keyOfValue(reader.evaluate(node, { module, frame: null }));
  if (key !== null) return key;
  if (node.type !== 'MemberExpression' || node.object.type !== 'ThisExpression') return null;
  const name = staticName(node);
  const owner = closest(node, 'ClassBody');
  return name !== null && owner && APP_NAME.test(name) ? `${module.path}#t${owner.range[0]}.${name}` : null;
}
