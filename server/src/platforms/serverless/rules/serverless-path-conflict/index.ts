import type { Browser, Exchange } from '../../../../cors/browser';
import { frontEndOf, withCredentials } from '../../../../cors/frontEnd';
import { parseOrigin } from '../../../../cors/origin';
import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import type { Proposal, Related } from '../../../../lint/types';
import { entryPlace, placeOf } from '../../../../yaml/places';
import { entryOf, type YamlNode } from '../../../../yaml/tree';
import type { ServerlessAnalysis } from '../../analysis';
import { replaceCors, shareCors } from '../../edits/shareCors';
import type { ServerlessEndpoint } from '../../endpoints/endpoint';
import { type CorsEvent, hasCors } from '../../gateway/corsEvent';
import { credentials } from '../../gateway/restCors';
import type { RestEvent } from '../../service/rest';
import type { Service } from '../../service/service';
import { type AskedOrigins, differ, mergedOrigins, ownOrigins } from '../../service/sharedPaths';

type Data = WithoutCors | DifferentOrigins;

/** A method of the path that no `cors` speaks for. */
interface WithoutCors {
  readonly kind: 'without';
  readonly path: string;
  readonly method: string;
  readonly refused: readonly string[];
  readonly edits: readonly Edit[] | undefined;
}

/** Blocks of one path that ask for different origins. */
interface DifferentOrigins {
  readonly kind: 'origins';
  readonly path: string;
  /** The method whose block loses, and what that asks for. */
  readonly method: string;
  readonly own: AskedOrigins;
  readonly merged: AskedOrigins;
  readonly withCredentials: boolean;
  readonly fixes: readonly { readonly title: string; readonly edits: readonly Edit[] }[];
}

type RestEndpoint = Extract<ServerlessEndpoint, { readonly kind: 'rest' }>;

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-path-conflict',
    title: 'Events on one path whose CORS differs',
    severity: 'warning',
    category: 'fragile',
    tags: ['preflight', 'origin', 'methods'],
    reference: 'https://www.serverless.com/framework/docs/providers/aws/events/apigateway#enabling-cors',
    replaces: ['method-not-allowed', 'wildcard-with-credentials', 'conflicting-policies'],
  },
  check({ analysis, browserFor }, report) {
    const { service } = analysis;
    if (service === undefined || service.partial !== undefined) return;
    for (const endpoints of sharedPaths(analysis)) {
      const events = endpoints[0]?.siblings.filter(hasCors) ?? [];
      const last = events.at(-1);
      if (last === undefined || events.some(({ cors }) => cors.kind === 'unknown')) continue;
      if (analysis.resources?.overrides.ofOptions(last.path ?? '') !== undefined) continue;
      for (const endpoint of endpoints) {
        if (endpoint.event.cors.kind !== 'none') continue;
        const found = withoutCors(endpoint, mergedOrigins(service, events, last), last, browserFor(endpoint));
        if (found !== undefined) report(found);
      }
      const found = differentOrigins(service, endpoints, events, last, browserFor);
      if (found !== undefined) report(found);
    }
  },
  message(data) {
    const { path } = data;
    if (data.kind === 'without') {
      return `All methods of /${path} share one preflight, which allows only those that have \`cors\`: browsers refuse ${listed(data.refused)}. Give this event the same \`cors\`.`;
    }
    const { method, own, merged } = data;
    return `All methods of /${path} share one preflight, and together the blocks come to ${words(merged)}, where ${method} asks for ${words(own)}${consequence(data)}. Give the events one and the same \`cors\`.`;
  },
  fixes(data): readonly Proposal[] {
    if (data.kind === 'origins') return data.fixes.map((fix) => ({ ...fix, preferred: false }));
    return data.edits === undefined
      ? []
      : [{ title: 'Give this event the same `cors`', preferred: true, edits: data.edits }];
  },
});

/** The endpoints of each path that several events share, and whose preflight `cors` answers. */
function sharedPaths({ endpoints }: ServerlessAnalysis): RestEndpoint[][] {
  const paths = new Map<readonly RestEvent[], RestEndpoint[]>();
  for (const endpoint of endpoints) {
    if (endpoint.kind !== 'rest' || endpoint.siblings.length < 2 || endpoint.optionsEvent !== undefined) continue;
    const known = paths.get(endpoint.siblings);
    if (known === undefined) paths.set(endpoint.siblings, [endpoint]);
    else known.push(endpoint);
  }
  return [...paths.values()];
}

/** GET, HEAD and POST pass any preflight that succeeds, so only other methods need `cors` of their own. */
function withoutCors({ event }: RestEndpoint, merged: AskedOrigins, last: CorsEvent, browser: Browser) {
  const { plain, origin: any } = frontEndOf(browser);
  const [origin = any] = pagesOf(merged);
  const methods = event.method === 'ANY' ? ['PUT', 'PATCH', 'DELETE'] : [event.method ?? 'GET'];
  const refused = methods.flatMap((method): Exchange[] => {
    const [exchange, ...others] = browser.fetch({ ...plain(origin), method });
    return others.length === 0 && exchange?.preflight?.verdict.step === 'preflight/method' ? [exchange] : [];
  });
  const [exchange] = refused;
  if (exchange === undefined) return undefined;
  const data: WithoutCors = {
    kind: 'without',
    path: event.path ?? '',
    method: event.method ?? '',
    refused: refused.map(({ call }) => call.method),
    edits: shareCors(last, event),
  };
  return { place: placeOf(methodOf(event)), data, exchange, related: [makesPreflight(last)] };
}

function makesPreflight({ cors }: CorsEvent): Related {
  return { place: entryPlace(cors.entry), message: 'this `cors` makes the preflight of the path' };
}

function methodOf({ map, pathNode }: RestEvent): YamlNode {
  return entryOf(map, 'method')?.value ?? pathNode;
}

function differentOrigins(
  service: Service,
  endpoints: readonly RestEndpoint[],
  events: readonly CorsEvent[],
  last: CorsEvent,
  browserFor: (endpoint: RestEndpoint) => Browser,
) {
  const merged = mergedOrigins(service, events, last);
  const losers = events.filter((event) => differ(ownOrigins(service, event), merged));
  const loser = losers.find((event) => event !== last) ?? losers[0];
  const other = events.find((event) => loser && differ(ownOrigins(service, event), ownOrigins(service, loser)));
  if (loser === undefined || other === undefined) return undefined;
  const blamed = loser === last ? loser : last;
  const own = ownOrigins(service, loser);
  const endpoint = endpoints.find(({ event }) => event === loser);
  const sends = events.some((event) => event.cors.kind === 'map' && allowsCredentials(event));
  // A block that is at fault by itself is told of by the rule for that.
  const isOwnFault = events.some((event) => isStar(ownOrigins(service, event)) && allowsCredentials(event));
  const exchange = endpoint && !isOwnFault ? refusedPage(browserFor(endpoint), own, sends) : undefined;
  const data: DifferentOrigins = {
    kind: 'origins',
    path: loser.path ?? '',
    method: loser.method ?? '',
    own,
    merged,
    withCredentials: sends && isStar(merged),
    fixes: [fixWith(other === blamed ? loser : other, events), fixWith(blamed, events)].flatMap((fix) => fix ?? []),
  };
  return {
    place: originPlace(blamed),
    data,
    related: [{ place: originPlace(blamed === loser ? other : loser), message: 'this block asks for something else' }],
    ...(exchange === undefined ? {} : { exchange }),
  };
}

function originPlace({ cors }: CorsEvent) {
  const setting = cors.kind === 'map' ? (cors.settings.get('origins') ?? cors.settings.get('origin')) : undefined;
  return entryPlace(setting?.entry ?? cors.entry);
}

function isStar(asked: AskedOrigins): boolean {
  return asked.kind === 'one' && asked.origin === '*';
}

function allowsCredentials({ cors }: CorsEvent): boolean {
  const value = cors.kind === 'map' ? cors.settings.get('allowCredentials')?.value : undefined;
  return value?.kind === 'node' && credentials(value.node).kind === 'literal';
}

/** A page that the block means to let in, and that the preflight of the path refuses. */
function refusedPage(browser: Browser, own: AskedOrigins, sends: boolean): Exchange | undefined {
  const { plain, origin } = frontEndOf(browser);
  for (const page of [...pagesOf(own), origin]) {
    const call = { ...plain(page), headers: [['Authorization', 'Bearer token']] as const };
    for (const one of sends ? [call, withCredentials(call)] : [call]) {
      const [exchange, ...others] = browser.fetch(one);
      if (others.length === 0 && exchange?.preflight?.verdict.result === 'blocked') return exchange;
    }
  }
  return undefined;
}

/** Pages that are let in by name. */
function pagesOf(asked: AskedOrigins): string[] {
  return textsOf(asked).filter((text) => parseOrigin(text) !== undefined);
}

function textsOf(asked: AskedOrigins): readonly string[] {
  if (asked.kind === 'one') return [asked.origin];
  return asked.kind === 'list' ? asked.origins : [];
}

/** One event's `cors` for all. */
function fixWith(from: CorsEvent, events: readonly CorsEvent[]): DifferentOrigins['fixes'][number] | undefined {
  const edits: Edit[] = [];
  for (const event of events) {
    if (event === from || event.cors.entry.value === from.cors.entry.value) continue;
    const made = replaceCors(from, event);
    if (made === undefined) return undefined;
    for (const one of made) {
      if (!edits.some(({ start, end, text }) => start === one.start && end === one.end && text === one.text))
        edits.push(one);
    }
  }
  return edits.length === 0 ? undefined : { title: `Use the \`cors\` of ${from.method} for all`, edits };
}

function words(asked: AskedOrigins): string {
  if (asked.kind === 'one') return `\`${asked.origin}\``;
  if (asked.kind === 'written') return 'other origins';
  const [first, second, ...others] = asked.origins;
  if (second === undefined) return `\`${first}\``;
  return others.length === 0 ? `\`${first}\` and \`${second}\`` : `\`${first}\` and ${others.length + 1} more`;
}

function consequence({ own, merged, withCredentials: sends }: DifferentOrigins): string {
  if (sends) return ': browsers refuse requests with credentials';
  if (isStar(merged)) return ': every page gets past the preflight';
  const lost = textsOf(own).filter((origin) => !textsOf(merged).includes(origin));
  if (isStar(own)) return ': browsers refuse what other pages send after a preflight';
  return lost.length === 0
    ? ': more pages get past the preflight than it lets in'
    : `: browsers refuse what pages at ${lost[0]} send after a preflight`;
}

function listed(methods: readonly string[]): string {
  const last = methods.at(-1) ?? '';
  return methods.length < 2 ? last : `${methods.slice(0, -1).join(', ')} and ${last}`;
}
