import type { JsValue, Reader, SourceModule } from '../../../javascript';
import type { SiblingApp } from './app';
import { type HonoApp, honoAppsIn, isMadeApp } from './honoApp';
import { honoEnding } from './honoErrors';
import { type Mount, mountsIn, partsOfApp } from './honoParts';
import { receiverKey } from './receivers';

/** Hono: middleware runs for the paths that it is given, in the order in which everything is registered. */
export function honoApps(reader: Reader, module: SourceModule): readonly SiblingApp[] {
  if (!/hono/.test(module.text) || !/cors|access-control/i.test(module.text)) return [];
  const apps = honoAppsIn(reader, module);
  const mounts = apps.flatMap((app) => mountsIn(reader, app));
  return apps.flatMap((app): SiblingApp[] => {
    const above = mounts.filter(({ key }) => key === app.key);
    // What is read with the app above it is not told twice.
    if (above.length > 0 && above.every(isReadWithOther)) return [];
    const isMade = isMadeApp(app.value);
    const ending = honoEnding(reader);
    const parts = partsOfApp(reader, app, ending);
    if (!parts.some((part) => part.kind === 'cors' || (isMade && part.kind === 'hand' && part.sets === 'cors')))
      return [];
    const partial = !isMade
      ? 'the app comes from another place'
      : above.length > 0
        ? 'it is mounted under another app'
        : null;
    return [
      {
        label: 'the Hono app',
        place: app.place,
        partial,
        path: '/',
        parts,
        isOrdered: true,
        optionsPass: partial === null && isAlone(reader, module, app) ? 'to-not-found' : 'to-unknown',
        errorStatus: 500,
        isClosed: false,
        closing: ending,
      },
    ];
  });
}

function isReadWithOther({ isRead, by }: Mount): boolean {
  return isRead && isMadeApp(by.value);
}

/** What serves or shows an app, and registers nothing on it. */
const SERVING = /(?:^|\.)(?:serve|fire|handle|route|showRoutes|inspectRoutes|testClient|log)$/;

/** Whether everything that is registered on the app can be seen: it leaves the file only to be served. */
function isAlone(reader: Reader, module: SourceModule, app: HonoApp): boolean {
  if (/\bexports?\b/.test(module.text)) return false;
  if (app.calls.some(({ call: { name } }) => name === 'notFound' || name === 'mount')) return false;
  return module.index.of('CallExpression').every((call) => {
    const given = call.arguments.filter(({ type }) => type === 'Identifier');
    const isGiven = given.some((argument) => {
      const value: JsValue = reader.evaluate(argument, { module, frame: null });
      return receiverKey(value, module, argument) === app.key;
    });
    return !isGiven || SERVING.test(module.text.slice(...call.callee.range));
  });
}
