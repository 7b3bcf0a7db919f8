import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import { addEntry, addLines, deleteEntry, linesOf } from '../../../../yaml/edits/entry';
import { asMap, mapOf } from '../../../../yaml/edits/maps';
import { indentStep } from '../../../../yaml/edits/text';
import { placeOf } from '../../../../yaml/places';
import { deref, entryOf, type YamlEntry, type YamlMap } from '../../../../yaml/tree';
import type { ServerlessAnalysis } from '../../analysis';
import type { RestCors } from '../../service/rest';
import type { Service, ServiceEvent, ServiceFunction } from '../../service/service';

interface Data {
  /** Where it stands and where it belongs, in words. */
  readonly where: string;
  readonly instead: string;
  /** What comes of it: something lacks the key, nothing does, or that cannot be told. */
  readonly harm: 'refused' | 'none' | 'unknown';
  readonly move: { readonly title: string; readonly edits: readonly Edit[] } | undefined;
  readonly remove: readonly Edit[] | undefined;
}

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-cors-misplaced',
    title: '`cors` where the framework does not read it',
    severity: 'error',
    category: 'broken',
    tags: ['option', 'preflight'],
    reference: 'https://www.serverless.com/framework/docs/providers/aws/events/apigateway#enabling-cors',
  },
  check({ analysis }, report) {
    const { service } = analysis;
    if (service === undefined) return;
    for (const found of misplaced(service, analysis)) {
      if (isOff(found.entry)) continue;
      const data = { ...found, remove: removal(service, found.entry) };
      report({ place: placeOf(found.entry.key), data, ...(found.harm === 'refused' ? {} : { severity: 'info' }) });
    }
  },
  message: ({ where, instead, harm }) =>
    harm === 'refused'
      ? `\`cors\` ${where} is not read: no preflight is answered, and browsers refuse the requests. ${instead}`
      : `\`cors\` ${where} is not read. ${instead}`,
  fixes: ({ move, remove, harm }) => [
    ...(move === undefined ? [] : [{ title: move.title, preferred: true, edits: move.edits }]),
    ...(remove === undefined ? [] : [{ title: 'Delete it', preferred: harm === 'none', edits: remove }]),
  ],
});

type Found = Pick<Data, 'where' | 'instead' | 'move'> & { readonly entry: YamlEntry };
type Misplaced = Found & Pick<Data, 'harm'>;

function* misplaced(service: Service, analysis: ServerlessAnalysis): Iterable<Misplaced> {
  const { root, provider } = service;
  const top = entryOf(root, 'cors');
  if (top !== undefined) yield inProvider(service, analysis, top, 'at the top of the file');
  const own = entryOf(provider, 'cors');
  if (own !== undefined) yield inProvider(service, analysis, own, 'under `provider`');
  const gateway = entryOf(service.resolver.certain(entryOf(provider, 'apiGateway')?.value), 'cors');
  if (gateway !== undefined) yield inProvider(service, analysis, gateway, 'under `provider.apiGateway`');
  for (const fn of service.functions) {
    for (const found of inFunction(service, fn)) yield judged(found, analysis, fn);
    yield* withoutSetting(fn);
  }
}

/** Says no more of a key than that it does nothing, where nothing is known that would have needed it. */
function judged(found: Found, analysis: ServerlessAnalysis, fn: ServiceFunction | undefined): Misplaced {
  const bare = bareMethods(analysis, fn);
  if (bare.some((method) => method !== 'ANY')) return { ...found, harm: 'refused' };
  // A function that gets OPTIONS too may answer preflights; what cannot be read may be what the key is for.
  if (bare.length > 0 || analysis.service?.partial !== undefined) return { ...found, harm: 'unknown' };
  const instead = answersBrowsers(analysis, fn)
    ? 'What it could be for has its own: delete it.'
    : 'It belongs to an event of an API or to `url`, and there is none: delete it.';
  return { ...found, harm: 'none', instead, move: undefined };
}

/** The methods of what takes requests of the function's, or of the whole service's, and has no `cors` in its place. */
function bareMethods({ rest, httpApi, urls }: ServerlessAnalysis, fn: ServiceFunction | undefined): string[] {
  const isBare = (one: { readonly fn: ServiceFunction; readonly cors: RestCors }): boolean =>
    (fn === undefined || one.fn === fn) && one.cors.kind === 'none';
  const routes = httpApi?.cors.kind === 'none' ? httpApi.routes.filter((one) => fn === undefined || one.fn === fn) : [];
  return [
    ...rest.filter(isBare).map(({ method }) => method ?? 'ANY'),
    ...urls.filter(isBare).map(() => 'ANY'),
    ...routes.map(({ method }) => (method === undefined || method === '*' ? 'ANY' : method)),
  ];
}

function answersBrowsers({ rest, httpApi, urls }: ServerlessAnalysis, fn: ServiceFunction | undefined): boolean {
  return [...rest, ...urls, ...(httpApi?.routes ?? [])].some((one) => fn === undefined || one.fn === fn);
}

const ROUTES = 'HTTP APIs have one setting for all routes: move it to `provider.httpApi`.';

/** Settings of the whole service: only the HTTP API has one place for all. */
function inProvider(service: Service, analysis: ServerlessAnalysis, entry: YamlEntry, where: string): Misplaced {
  const hasRest = analysis.rest.length > 0;
  const hasHttpApi = (analysis.httpApi?.routes.length ?? 0) > 0;
  if (hasHttpApi && !hasRest) {
    const instead = 'Move it to `provider.httpApi`.';
    return judged({ entry, where, instead, move: toHttpApi(service, entry) }, analysis, undefined);
  }
  const [event, ...others] = analysis.rest;
  const only = others.length === 0 ? event?.map : undefined;
  const instead = hasRest ? 'Put it into each `http` event.' : 'Put it where the events are.';
  const move = only === undefined ? undefined : into(service, entry, only, 'Move it into the `http` event');
  return judged({ entry, where, instead, move }, analysis, undefined);
}

function* inFunction(service: Service, fn: ServiceFunction): Iterable<Found> {
  const direct = entryOf(fn.map, 'cors');
  if (direct !== undefined) yield underFunction(service, fn, direct);
  for (const event of fn.events) {
    const cors = event.kind === 'httpApi' ? corsIn(event) : undefined;
    if (event.kind === 'cors') yield besideEvent(service, fn, event.entry, event.item);
    if (cors === undefined) continue;
    yield { entry: cors, where: 'of an `httpApi` event', instead: ROUTES, move: toHttpApi(service, cors) };
  }
}

/** Events that reach browsers and have no setting at all. */
function* withoutSetting(fn: ServiceFunction): Iterable<Misplaced> {
  for (const event of fn.events) {
    const entry = event.kind === 'alb' || event.kind === 'websocket' ? corsIn(event) : undefined;
    if (entry === undefined) continue;
    const base = { entry, where: `of \`${event.kind}\` events`, move: undefined };
    yield event.kind === 'alb'
      ? {
          ...base,
          instead: 'These events have no such setting: let the function answer preflights and send the headers.',
          harm: 'unknown',
        }
      : { ...base, instead: 'Browsers ask for no CORS headers to open a WebSocket: delete it.', harm: 'none' };
  }
}

function corsIn({ value }: ServiceEvent): YamlEntry | undefined {
  return entryOf(value.kind === 'node' ? value.node : undefined, 'cors');
}

function underFunction(service: Service, fn: ServiceFunction, entry: YamlEntry): Found {
  const where = 'under the function';
  const url = entryOf(fn.map, 'url');
  const [event, ...others] = fn.events.filter(({ kind }) => kind === 'http');
  const map = event?.value.kind === 'node' ? asMap(event.value.node) : undefined;
  if (url === undefined && others.length === 0 && map !== undefined) {
    const move = into(service, entry, map, 'Move it into the `http` event');
    return { entry, where, instead: 'Move it into the `http` event.', move };
  }
  const urlMap = asMap(url?.value);
  if (url !== undefined && event === undefined && urlMap !== undefined) {
    const move = into(service, entry, urlMap, 'Move it into `url`');
    return { entry, where, instead: 'Move it into `url`.', move };
  }
  if (event === undefined && fn.events.some(({ kind }) => kind === 'httpApi')) {
    return { entry, where, instead: 'Move it to `provider.httpApi`.', move: toHttpApi(service, entry) };
  }
  return { entry, where, instead: 'Put it into each event that needs it.', move: undefined };
}

function besideEvent(service: Service, fn: ServiceFunction, entry: YamlEntry, item: YamlMap): Found {
  const sibling = fn.events.find((event) => event.item === item && /^(?:http|httpApi)$/.test(event.kind));
  const where = sibling === undefined ? 'in the list of events' : `beside \`${sibling.kind}\``;
  if (sibling?.kind === 'httpApi') return { entry, where, instead: ROUTES, move: toHttpApi(service, entry) };
  const map = sibling?.value.kind === 'node' ? asMap(sibling.value.node) : undefined;
  const instead = sibling === undefined ? 'Put it into the event.' : 'Indent it so that it stands inside `http`.';
  const move = map === undefined ? undefined : into(service, entry, map, 'Move it into `http`');
  return { entry, where, instead, move };
}

/** Takes the entry out where it stands and writes it at the end of `target`. */
function into(service: Service, entry: YamlEntry, target: YamlMap, title: string): Data['move'] {
  const home = mapOf(service.root, entry);
  if (home === undefined || target.source !== home.source || entryOf(target, 'cors') !== undefined) return undefined;
  const out = deleteEntry(home, entry);
  const added = target.flow ? addEntry(target, 'cors', inline(entry)) : addLines(target, linesOf(entry));
  if (out === undefined || added === undefined) return undefined;
  return { title, edits: [...out, added] };
}

function inline(entry: YamlEntry): { readonly kind: 'inline'; readonly text: string } {
  const value = deref(entry.value) ?? entry.value;
  return { kind: 'inline', text: value.source.text.slice(entry.value.start, entry.value.end) };
}

function toHttpApi(service: Service, entry: YamlEntry): Data['move'] {
  const { provider } = service;
  const home = mapOf(service.root, entry);
  if (provider === undefined || home === undefined || provider.source !== home.source) return undefined;
  const title = 'Move it to `provider.httpApi`';
  const settings = entryOf(provider, 'httpApi');
  if (settings !== undefined) {
    const map = asMap(settings.value);
    return map === undefined ? undefined : into(service, entry, map, title);
  }
  const out = deleteEntry(home, entry);
  const step = ' '.repeat(indentStep(provider.source));
  const added = addLines(provider, [
    'httpApi:',
    ...linesOf(entry).map((line) => (line === '' ? '' : `${step}${line}`)),
  ]);
  return out === undefined || added === undefined ? undefined : { title, edits: [...out, added] };
}

function removal(service: Service, entry: YamlEntry): readonly Edit[] | undefined {
  const home = mapOf(service.root, entry);
  return home && deleteEntry(home, entry);
}

/** `cors: false` in the wrong place does what it says. */
function isOff({ value }: YamlEntry): boolean {
  const node = deref(value);
  return node?.kind === 'scalar' && (node.value === false || node.value === null);
}
