import type { Exchange } from '../cors/browser';
import type { Call } from '../cors/call';
import type { Request } from '../cors/http';
import type { ResolvedHeader, ResolvedResponse } from '../cors/resolve';
import type { Verdict } from '../cors/verdict';

/** Where something was written, for people and programs: from the working directory, lines from 1. */
export interface Written {
  readonly file: string;
  readonly line: number;
}

export interface HeaderEvidence extends Written {
  readonly name: string;
  /** Null when it cannot be told. */
  readonly value: string | null;
  readonly known: boolean;
}

export interface ResponseEvidence {
  /** Null when it cannot be told. */
  readonly status: number | null;
  readonly headers: readonly HeaderEvidence[];
}

export interface RequestEvidence {
  readonly method: string;
  readonly scheme: string;
  /** Null stands for the host that reaches the endpoint. */
  readonly host: string | null;
  readonly path: string;
  readonly origin: string | null;
  readonly credentials: boolean;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** The proof of a finding: the request and the response that decided, and what the browser makes of them. */
export interface Evidence {
  readonly request: RequestEvidence;
  readonly response: ResponseEvidence;
  readonly verdict: Verdict['result'];
  /** The step of the Fetch standard that decided. */
  readonly step: string;
  readonly reason: string;
  /** The circumstances in which it goes this way; empty when it always does. */
  readonly when: readonly string[];
}

export type Locate = (header: ResolvedHeader) => Written;

/** The leg of an exchange that its verdict rests on. */
export function evidenceOf(exchange: Exchange, locate: Locate): Evidence {
  const { call, preflight, actual, verdict, when } = exchange;
  const leg = preflight !== undefined && preflight.verdict === verdict ? preflight : actual;
  return {
    request: requestEvidence(leg.request, call),
    response: responseEvidence(leg.response, locate),
    verdict: verdict.result,
    step: verdict.step,
    reason: verdict.reason,
    when,
  };
}

export function responseEvidence(response: ResolvedResponse, locate: Locate): ResponseEvidence {
  return {
    status: response.status ?? null,
    headers: response.headers.map((header) => ({
      name: header.name,
      value: header.text ?? null,
      known: header.text !== undefined,
      ...locate(header),
    })),
  };
}

function requestEvidence(request: Request, call: Call): RequestEvidence {
  return {
    method: request.method,
    scheme: request.scheme,
    host: request.host ?? null,
    path: request.path,
    origin: request.origin ?? null,
    credentials: call.credentials,
    headers: [...request.headers].map(([name, value]) => ({ name, value })),
  };
}
