import type { CancellationToken } from 'vscode-languageserver';
import { type Call, normaliseMethod } from '../cors/call';
import type { Endpoint } from '../cors/endpoint';
import { parseUrl } from '../cors/origin';
import { explainOrigin } from '../cors/originProblem';
import { type Prediction, predict, predictOne } from '../cors/prediction';
import { PLACEHOLDER_ORIGIN } from '../cors/repair';
import { endpointId } from '../workspace/told/endpointInfo';
import { toTried } from '../workspace/told/tried';
import { type Catalogue, catalogues, refuse } from './catalogues';
import { endpointRef } from './endpointInfo';
import type { TryParams, TryResult } from './protocol';
import type { Session } from './session';

/** `corsLint/try` */
export async function tryRequest(session: Session, params: TryParams, token: CancellationToken): Promise<TryResult> {
  const found = await catalogues(session, params.uri, token);
  const all = found.flatMap(({ endpoints }) => endpoints.map(({ endpoint }) => endpoint));
  const named = params.endpoint === undefined ? undefined : all.find((each) => endpointId(each) === params.endpoint);
  if (params.endpoint !== undefined && named === undefined) {
    throw refuse('The file has changed, and this endpoint is no longer in it. Choose it again.');
  }
  const call = callFor(params, named, originOf(params, found));
  const prediction = named === undefined ? predictAll(found, call) : predictOne(named, call);
  const home = found.find(({ endpoints }) => endpoints.some(({ endpoint }) => endpoint === prediction.endpoint));
  const who = home?.endpoints.find(({ endpoint }) => endpoint === prediction.endpoint);
  const { locate } = home ?? found[0] ?? { locate: () => null };
  return toTried(call, prediction, who === undefined ? null : endpointRef(session, who, locate), locate);
}

/** The folders are servers of their own: the first whose answer is certain counts. */
function predictAll(found: readonly Catalogue[], call: Call): Prediction {
  const predictions = found.map(({ endpoints }) =>
    predict(
      endpoints.map(({ endpoint }) => endpoint),
      call,
    ),
  );
  return predictions.find(({ endpoint }) => endpoint !== undefined) ?? predictions[0] ?? predict([], call);
}

function originOf({ origin, uri }: TryParams, found: readonly Catalogue[]): string {
  if (origin === undefined) {
    const [first] = found;
    const file = uri === undefined ? first?.endpoints[0]?.endpoint.place.file : undefined;
    const settings = first?.workspace.settingsFor(
      file ?? first.endpoints[0]?.endpoint.place.file ?? first.workspace.root,
    );
    return settings?.origins[0] ?? PLACEHOLDER_ORIGIN;
  }
  const wrong = origin === 'null' ? undefined : explainOrigin(origin);
  if (wrong === undefined) return origin;
  const instead = wrong.corrected === undefined ? '' : ` Write ${wrong.corrected}.`;
  throw refuse(`The origin must be as a browser sends it, such as ${PLACEHOLDER_ORIGIN}, not "${origin}".${instead}`);
}

function callFor(params: TryParams, endpoint: Endpoint | undefined, origin: string): Call {
  const { url = endpoint?.path ?? '/', headers, credentials = false, status } = params;
  const method = params.method ?? endpoint?.methods?.[0] ?? 'GET';
  if (!TOKEN.test(method)) throw refuse(`"${method}" is not a method.`);
  if (status !== undefined && !(Number.isInteger(status) && status >= 100 && status <= 599)) {
    throw refuse(`${status} is not a status code.`);
  }
  const needed = method === 'GET' || method === 'HEAD' ? [] : (endpoint?.requestHeaders ?? []);
  return {
    origin,
    method: normaliseMethod(method),
    ...target(url),
    headers: (headers ?? needed).map(toHeader),
    credentials,
    ending: status === undefined || status === 200 ? 'success' : status,
  };
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function target(url: string): Pick<Call, 'scheme' | 'host' | 'path'> {
  if (url.startsWith('/')) return { scheme: 'https', path: url };
  const parsed = parseUrl(url);
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw refuse(`"${url}" is no address such as https://api.example.com/items, and no path such as /items.`);
  }
  const scheme = parsed.protocol === 'http:' ? 'http' : 'https';
  return { scheme, host: parsed.host, path: parsed.pathname + parsed.search };
}

/** Values for headers that are given by their name alone: the usual ones, that take a preflight. */
const USUAL_VALUES: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  authorization: 'Bearer token',
  accept: 'application/json',
};

function toHeader(given: string): readonly [string, string] {
  const [name = '', ...rest] = given.split(':');
  const trimmed = name.trim();
  if (!TOKEN.test(trimmed)) throw refuse(`"${given}" is no header: write its name, or "Name: value".`);
  const value = rest.length === 0 ? USUAL_VALUES[trimmed.toLowerCase()] : rest.join(':').trim();
  return [trimmed, value ?? '1'];
}
