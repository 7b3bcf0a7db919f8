import type { SourceModule } from '../../../javascript';
import type { FrontCall } from '../frontCall';
import { isScriptType } from '../scripts';
import { isFetching, LOADS, usesCredentials } from './corsSettings';
import { type Attribute, type Tag, tagsIn } from './tags';

/**
 * What the tags of a page or of a component's template ask for with CORS: `<img crossorigin src="…">`, and
 * `<script type="module" src="…">` with or without the attribute. An attribute that is bound to an expression says
 * nothing.
 */
export function taggedIn(module: SourceModule, markup: string): readonly FrontCall[] {
  if (!/\bcrossorigin\b|\bmodule\b/i.test(markup)) return [];
  const isPage = /\.html?$/i.test(module.path);
  // What stands in a template of a page is not loaded; a component's own script is put together at build time.
  return tagsIn(markup, isPage ? ['template'] : []).flatMap((tag) =>
    isPage || tag.name !== 'script' ? (callOf(module, tag) ?? []) : [],
  );
}

function callOf(module: SourceModule, { name, attributes }: Tag): FrontCall | undefined {
  const by = LOADS.get(name);
  const source = by === undefined ? undefined : attributes.get(by);
  const mode = attributes.get('crossorigin') ?? ofModule(name, attributes);
  if (source === undefined || mode === undefined || !isSent(name, attributes)) return undefined;
  const address = source.value.trim().replaceAll('&amp;', '&');
  if (address === '' || isFilledIn(address) || isFilledIn(mode.value)) return undefined;
  const place = { file: module.path, start: mode.start, end: mode.end };
  return {
    place,
    node: module.program,
    url: {
      kind: 'string',
      value: address,
      module,
      node: module.program,
      place: { file: module.path, start: source.start, end: source.end },
    },
    base: undefined,
    method: 'GET',
    headers: [],
    credentials: usesCredentials(attributes.get('crossorigin')?.value ?? ''),
    noCors: undefined,
    reads: [],
  };
}

/** https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-module-script-tree: of mode `cors` always. */
function ofModule(name: string, attributes: Tag['attributes']): Attribute | undefined {
  const type = attributes.get('type');
  return name === 'script' && type !== undefined && /^module$/i.test(type.value) ? type : undefined;
}

function isSent(name: string, attributes: Tag['attributes']): boolean {
  if (name === 'link') return isFetching(attributes.get('rel')?.value ?? '');
  if (name === 'script') return isScriptType(attributes.get('type')?.value ?? '') && !attributes.has('nomodule');
  return true;
}

/** `{{ url }}`, `{url}`, `<%= url %>`, `%PUBLIC_URL%`, `${url}`: what is written is not what is asked for. */
function isFilledIn(text: string): boolean {
  return /[{}<]|%(?![\da-f]{2})/i.test(text);
}
