import type { TSESTree } from '@typescript-eslint/types';
import {
  type JsValue,
  type ObjectValue,
  property,
  type Reader,
  type SourceModule,
  staticName,
} from '../../../../javascript';
import { allTouch, type ClassAt, classOf, decoratorsOf, type Touch, touchOf } from './classes';

/** What the module that an app is made of has, modules that it imports with it. */
export interface NestModules {
  readonly controllers: readonly ClassAt[];
  /** Set when there are modules that are not read. */
  readonly unread: string | null;
  /** What middleware and what runs around every handler do to headers. */
  readonly touch: Touch;
  /** Whether something refuses requests before handlers see them. */
  readonly hasGuards: boolean;
  /** Whether the paths of controllers are as they are written: RouterModule puts more in front. */
  readonly arePathsKnown: boolean;
}

/** An app of more modules than this is read in part. */
const MOST_MODULES = 250;

const ENHANCERS = /^APP_(?:GUARD|INTERCEPTOR|FILTER)$/;

/** Reads the modules from the root on (https://docs.nestjs.com/modules), each once. */
export function readModules(reader: Reader, root: JsValue): NestModules {
  const controllers: ClassAt[] = [];
  const seen = new Set<TSESTree.Node>();
  let unread: string | null = null;
  const touches: Touch[] = [];
  let hasGuards = false;
  let arePathsKnown = true;

  function addModule(outer: JsValue): void {
    const value = forwarded(reader, outer);
    const written = classOf(value);
    if (written !== null) addClass(written);
    else if (value.kind === 'object') addDynamic(value);
    else addOther(packageOf(value));
  }

  /** `{ module, controllers, imports }`, as `forRoot()` gives it. */
  function addDynamic(value: ObjectValue): void {
    const base = property(value, 'module')?.value;
    if (base !== undefined) addModule(base);
    addParts(value);
  }

  function addOther(from: ReturnType<typeof packageOf>): void {
    if (from === null || !from.specifier.startsWith('@nestjs/')) unread ??= 'a module of the app is not read';
    if (from?.exported === 'RouterModule') arePathsKnown = false;
  }

  function addClass({ module, node }: ClassAt): void {
    if (seen.has(node)) return;
    seen.add(node);
    if (seen.size > MOST_MODULES) {
      unread ??= 'the app has too many modules to read';
      return;
    }
    const made = decoratorsOf(reader, module, node).find(({ name }) => name === 'Module');
    const [options] = made?.call?.arguments ?? [];
    if (options?.kind === 'object') addParts(options);
    else if (options !== undefined || made === undefined) unread ??= 'a module of the app is not read';
    touches.push(middlewareTouch(reader, module, node));
  }

  function addParts(options: ObjectValue): void {
    if (options.rest !== null) unread ??= 'a module of the app is not read';
    for (const one of itemsAt(options, 'controllers')) {
      const written = classOf(one);
      if (written === null) unread ??= 'a controller of the app is not read';
      else if (!seen.has(written.node)) {
        seen.add(written.node);
        controllers.push(written);
      }
    }
    for (const enhancer of enhancersIn(reader, options)) {
      if (enhancer.kind === 'guard') hasGuards = true;
      touches.push(enhancer.touch);
    }
    for (const one of itemsAt(options, 'imports')) addModule(one);
  }

  function itemsAt(options: ObjectValue, key: string): readonly JsValue[] {
    const value = property(options, key)?.value;
    if (value === undefined || value.kind === 'undefined') return [];
    if (value.kind !== 'array' || value.rest !== null) unread ??= 'a module of the app is not read';
    return value.kind === 'array' ? value.items : [];
  }

  addModule(root);
  return { controllers, unread, touch: allTouch(touches), hasGuards, arePathsKnown };
}

/** `forwardRef(() => OtherModule)`. */
function forwarded(reader: Reader, value: JsValue): JsValue {
  if (value.kind !== 'call' || value.callee.kind !== 'import' || value.callee.exported !== 'forwardRef') return value;
  const [given] = value.arguments;
  return (given?.kind === 'function' ? reader.apply(given, [], value) : null) ?? value;
}

function packageOf(value: JsValue): { readonly specifier: string; readonly exported: string } | null {
  const maker = value.kind === 'call' ? value.callee : value;
  const root = maker.kind === 'member' ? maker.object : maker;
  return root.kind === 'import' ? root : null;
}

interface Enhancer {
  readonly kind: 'guard' | 'other';
  readonly touch: Touch;
}

/** `{ provide: APP_GUARD, useClass: RolesGuard }`. Services, which are classes by name, are not looked up. */
function enhancersIn(reader: Reader, options: ObjectValue): readonly Enhancer[] {
  const providers = property(options, 'providers');
  if (providers === undefined || !providers.module.text.includes('APP_')) return [];
  const { node, module } = providers;
  const list = node.type === 'Property' ? node.value : node;
  const elements = list.type === 'ArrayExpression' ? list.elements : [list];
  return elements.flatMap((element): Enhancer[] => {
    if (element === null || element.type === 'Identifier') return [];
    if (element.type !== 'ObjectExpression') return [{ kind: 'guard', touch: 'unread' }];
    const value = reader.evaluate(element, { module, frame: null });
    const provide = value.kind === 'object' ? property(value, 'provide')?.value : undefined;
    if (value.kind !== 'object' || provide?.kind !== 'import' || !ENHANCERS.test(provide.exported)) return [];
    const made = ['useClass', 'useExisting', 'useValue'].map((key) => property(value, key)?.value).find(Boolean);
    const kind = provide.exported === 'APP_GUARD' ? 'guard' : 'other';
    return [{ kind, touch: made === undefined ? 'unread' : touchOf(made) }];
  });
}

/** What `configure(consumer)` applies does to headers. */
function middlewareTouch(reader: Reader, module: SourceModule, { body }: ClassAt['node']): Touch {
  const method = body.body.find((member) => member.type === 'MethodDefinition' && staticName(member) === 'configure');
  if (method === undefined) return 'none';
  const [start, end] = method.range;
  const applied = module.index
    .of('CallExpression')
    .filter(({ range, callee }) => range[0] >= start && range[1] <= end && isApply(callee));
  if (applied.length === 0) return 'unread';
  const given = applied.flatMap((call) => call.arguments);
  return allTouch(given.map((argument) => touchOf(reader.evaluate(argument, { module, frame: null }))));
}

function isApply(callee: TSESTree.Expression): boolean {
  return callee.type === 'MemberExpression' && staticName(callee) === 'apply';
}
