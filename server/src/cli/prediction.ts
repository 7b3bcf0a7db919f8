import type { Call } from '../cors/call';
import type { Endpoint } from '../cors/endpoint';
import { type Prediction as Model, type PredictedResponse, predict as play } from '../cors/prediction';
import type { ResolvedHeader } from '../cors/resolve';
import type { Verdict } from '../cors/verdict';
import type { ResponseEvidence, Written } from './evidence';

/** What a browser would do with one call, as the command line prints it. */
export interface Prediction {
  /** The endpoint's label; null when none, or not only one, would answer. */
  readonly endpoint: string | null;
  /** Null when the call needs none, or when there is no endpoint. */
  readonly preflight: ResponseEvidence | null;
  /** What the server gives, or would give were the preflight to pass. */
  readonly response: ResponseEvidence | null;
  readonly verdict: Verdict['result'];
  readonly step: string;
  readonly reason: string;
}

type Locate = (header: Pick<ResolvedHeader, 'header'>) => Written;

/** Plays the call against what the file sets up. What cannot be told stays unknown. */
export function predict(endpoints: readonly Endpoint[], call: Call, locate: Locate): Prediction {
  return shown(play(endpoints, call), locate);
}

/** A prediction of the model's, with its headers' places as files and lines. */
export function shown({ endpoint, preflight, response, verdict, step, reason }: Model, locate: Locate): Prediction {
  return {
    endpoint: endpoint?.label ?? null,
    preflight: evidence(preflight, locate),
    response: evidence(response, locate),
    verdict,
    step,
    reason,
  };
}

function evidence(response: PredictedResponse | undefined, locate: Locate): ResponseEvidence | null {
  if (response === undefined) return null;
  return {
    status: response.status ?? null,
    headers: response.headers.map(({ name, value, header }) => ({
      name,
      value: value ?? null,
      known: value !== undefined,
      ...locate({ header }),
    })),
  };
}
