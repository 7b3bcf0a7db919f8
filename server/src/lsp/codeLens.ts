import type { CancellationToken, CodeLens, CodeLensParams } from 'vscode-languageserver';
import { policySummary } from '../cors/effectivePolicy';
import type { Endpoint } from '../cors/endpoint';
import type { Place } from '../cors/place';
import { endpointId } from '../workspace/told/endpointInfo';
import { check, isCurrent } from './check';
import { policyOf } from './policies';
import { CLIENT_COMMANDS } from './protocol';
import type { Session } from './session';
import { settle, signalOf } from './turns';

/**
 * `textDocument/codeLens`: what each endpoint of the document does for front ends, above it; and what middleware that
 * several share does for them, above `app.use(cors(…))`.
 */
export async function codeLens(
  session: Session,
  { textDocument: { uri } }: CodeLensParams,
  token: CancellationToken,
): Promise<CodeLens[]> {
  await settle();
  if (token.isCancellationRequested) return [];
  const { settings } = await session.folders.of(session.names.toFile(uri, session.documents.get(uri)?.languageId));
  if (!settings.codeLens) return [];
  const checked = await check(session, uri, signalOf(token));
  if (token.isCancellationRequested || checked === undefined || !isCurrent(session, checked)) return [];
  const canTry = session.client.commands.has(CLIENT_COMMANDS.tryEndpoint);
  const lens = (place: Place, title: string, endpoint: Endpoint): CodeLens => ({
    range: checked.positions.range(place),
    command: canTry
      ? { title, command: CLIENT_COMMANDS.tryEndpoint, arguments: [{ uri, endpoint: endpointId(endpoint) }] }
      : { title, command: '' },
  });
  const lenses: CodeLens[] = [];
  const shared = createShared();
  for (const { analysis, callers } of await checked.workspace.analyses(checked.file)) {
    for (const endpoint of analysis.endpoints) {
      if (token.isCancellationRequested) return [];
      const policy = policyOf(endpoint, callers);
      if (!policy.isForOthers) continue;
      const summary = policySummary(policy);
      if (endpoint.place.file === checked.file) lenses.push(lens(endpoint.place, `CORS: ${summary}`, endpoint));
      for (const place of policy.preflight.flatMap(({ at }) => at)) {
        if (place.file === checked.file && endpoint.isOwn?.(place) === false) shared.add(place, summary, endpoint);
      }
    }
  }
  for (const { place, summary, endpoints } of shared.all()) {
    const [first] = endpoints;
    if (first !== undefined) lenses.push(lens(place, sharedTitle(endpoints.size, summary), first));
  }
  return lenses;
}

function sharedTitle(count: number, summary: string): string {
  return `CORS of ${count === 1 ? 'one endpoint' : `${count} endpoints`}: ${summary}`;
}

/** The endpoints that one place answers the preflights of, apart by what they do for front ends. */
interface Shared {
  readonly place: Place;
  readonly summary: string;
  readonly endpoints: Set<Endpoint>;
}

/** Routers may give endpoints of one place many policies; the most usual ones tell enough. */
const MOST_AT_ONE_PLACE = 2;

function createShared() {
  const byPlace = new Map<number, Map<string, Shared>>();
  return {
    add(place: Place, summary: string, endpoint: Endpoint): void {
      const here = byPlace.get(place.start) ?? new Map<string, Shared>();
      byPlace.set(place.start, here);
      const known = here.get(summary);
      if (known) known.endpoints.add(endpoint);
      else here.set(summary, { place, summary, endpoints: new Set([endpoint]) });
    },
    all: (): Shared[] =>
      [...byPlace.values()].flatMap((here) =>
        [...here.values()].sort((a, b) => b.endpoints.size - a.endpoints.size).slice(0, MOST_AT_ONE_PLACE),
      ),
  };
}
