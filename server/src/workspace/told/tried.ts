import { actualRequest, type Call, preflightRequest } from '../../cors/call';
import type { Request } from '../../cors/http';
import type { PredictedHeader, PredictedResponse, Prediction } from '../../cors/prediction';
import { stepUrl } from '../../cors/verdict';
import { canonical, curl } from './curl';
import type { EndpointRef, Locate, TriedCall, TriedHeader, TriedLeg, TryResult } from './types';

/** A prediction with the requests that were played. */
export function toTried(call: Call, prediction: Prediction, endpoint: EndpointRef | null, locate: Locate): TryResult {
  const { preflight, response, verdict, step, reason } = prediction;
  return {
    call: toTriedCall(call),
    endpoint,
    preflight: leg(preflightRequest(call), preflight, locate),
    actual: leg(actualRequest(call), response, locate),
    verdict,
    step,
    stepUrl: step === 'same-origin' ? null : (stepUrl(step) ?? null),
    reason,
  };
}

function toTriedCall({ origin, method, scheme, host, path, headers, credentials, ending }: Call): TriedCall {
  return {
    origin,
    method,
    url: host === undefined ? path : `${scheme}://${host}${path}`,
    headers: headers.map(([name, value]) => ({ name, value })),
    credentials,
    status: ending === 'success' ? null : ending,
  };
}

function leg(request: Request, response: PredictedResponse | undefined, locate: Locate): TriedLeg | null {
  if (response === undefined) return null;
  const { method, origin, headers } = request;
  const sent = [...headers].map(([name, value]) => ({ name: canonical(name), value }));
  return {
    request: { method, headers: origin === undefined ? sent : [{ name: 'Origin', value: origin }, ...sent] },
    curl: curl(request),
    status: response.status ?? null,
    answeredBy: response.answeredBy,
    headers: response.headers.map((header) => predictedHeader(header, locate)),
  };
}

/** A header with whoever set it. */
export function predictedHeader({ name, value, header }: PredictedHeader, locate: Locate): TriedHeader {
  const { layer, implied, place } = header;
  return { name, value: value ?? null, layer, implied: implied === true, location: locate(place) };
}
