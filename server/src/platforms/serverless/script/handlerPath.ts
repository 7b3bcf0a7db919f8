import type { JsValue } from '../../../javascript';

/**
 * The handler that `` `${handlerPath(__dirname)}/handler.main` `` names, seen from the configuration's folder: the
 * framework's own TypeScript template has a helper that makes a path of `__dirname`, whatever it is called.
 *
 * @param file the configuration
 * @returns undefined for anything else, and for a file outside the configuration's folder
 */
export function handlerPath(value: JsValue, file: string): string | undefined {
  const text = value.kind === 'template' ? textOf(value.module.text, value.place) : undefined;
  const found = text === undefined ? null : /^`\$\{(?:[\w.]+\(__dirname\)|__dirname)\}(\/[\w./-]+)`$/.exec(text);
  if (found === null) return undefined;
  const home = folderOf(file);
  const folder = folderOf(value.module.path);
  if (folder !== home && !folder.startsWith(home === '' ? '' : `${home}/`)) return undefined;
  return `${folder.slice(home === '' ? 0 : home.length + 1)}${found[1]}`.replace(/^\//, '');
}

function textOf(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  return text.slice(start, end);
}

function folderOf(file: string): string {
  const path = file.replaceAll('\\', '/');
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
