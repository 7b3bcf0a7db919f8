import { type JsValue, property, type Reader } from '../../../../javascript';
import type { OptionsPass, Part } from '../app';
import type { MethodCall } from '../receivers';
import { allTouch, touchOf } from './classes';
import { type NestModules, readModules } from './modules';
import { routesOf } from './routes';

/** What an app serves behind CORS. */
export interface Served {
  readonly parts: readonly Part[];
  readonly optionsPass: OptionsPass;
}

export const NOTHING_READ: Served = { parts: [], optionsPass: 'to-unknown' };

const AROUND = new Set(['useGlobalGuards', 'useGlobalInterceptors', 'useGlobalFilters']);

/**
 * The routes of the controllers of an app's modules, behind what runs around all of them.
 * @param root what `NestFactory.create` is given
 * @param calls what is called on the app
 */
export function servedBy(reader: Reader, root: JsValue | undefined, calls: readonly MethodCall[]): Served {
  if (root === undefined) return NOTHING_READ;
  const modules = readModules(reader, root);
  const prefix = prefixOf(reader, calls);
  const around = calls.filter(({ name }) => AROUND.has(name));
  const setting = {
    prefix: prefix ?? '',
    arePathsKnown: prefix !== null && modules.arePathsKnown && !calls.some(({ name }) => name === 'enableVersioning'),
    hasGuards: modules.hasGuards || around.some(({ name }) => name === 'useGlobalGuards'),
  };
  const routes = modules.controllers.flatMap((controller) => routesOf(reader, controller, setting));
  if (routes.length === 0) return NOTHING_READ;
  const isWhole = modules.unread === null && setting.arePathsKnown && !routes.some((route) => route.isPathUnknown);
  return {
    parts: [...unreadOf(reader, modules, around), ...routes],
    optionsPass: isWhole ? 'to-not-found' : 'to-unknown',
  };
}

function unreadOf(reader: Reader, { unread, touch }: NestModules, around: readonly MethodCall[]): readonly Part[] {
  const touches = around.flatMap(({ call, module }) =>
    call.arguments.map((argument) => touchOf(reader.evaluate(argument, { module, frame: null }))),
  );
  const all = allTouch([touch, ...touches]);
  if (all === 'cors') return [{ kind: 'opaque', reason: AROUND_UNREAD, overrides: true }];
  const reason = unread ?? (all === 'none' ? null : AROUND_UNREAD);
  return reason === null ? [] : [{ kind: 'opaque', reason }];
}

const AROUND_UNREAD = 'what runs around every handler is not read';

/** What `setGlobalPrefix(…)` puts in front of every path: '' for nothing; null when it is not known, or not for all. */
function prefixOf(reader: Reader, calls: readonly MethodCall[]): string | null {
  const [first, ...others] = calls.filter(({ name }) => name === 'setGlobalPrefix');
  if (first === undefined) return '';
  const [prefix, options] = first.call.arguments.map((argument) =>
    reader.evaluate(argument, { module: first.module, frame: null }),
  );
  if (others.length > 0 || prefix?.kind !== 'string') return null;
  if (options === undefined) return prefix.value;
  const isForAll = options.kind === 'object' && options.rest === null && property(options, 'exclude') === undefined;
  return isForAll ? prefix.value : null;
}
