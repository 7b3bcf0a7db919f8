import type { Request, Response } from '../../server/src/cors/http';
import { type ResolvedHeader, resolveResponse } from '../../server/src/cors/resolve';
import type { Answer } from './nginx-world';

/** Predicted responses against those of the live nginx. */

/** A request with what nginx answered and what was predicted, to read. */
export function described(request: Request, { status, headers }: Answer, responses: readonly Response[]): string {
  const predicted = responses.map(
    (response) =>
      `${response.status} ${response.when ?? ''} ${response.open ?? ''} ${lines(response, request).map(shown).join(' | ')}`,
  );
  const more = [...request.headers].map(([name, value]) => `${name}: ${value}`).join(', ');
  return `${request.method} ${request.host} ${request.path} Origin: ${request.origin} ${more}
nginx: ${status} ${headers.filter((line) => COMPARED.test(line)).join(' | ')}
we: ${predicted.join('\n    ')}`;
}

const COMPARED = /^(?:access-control-|vary:|x-|location:)/i;

/** The headers that are compared, for the request. */
export function lines(response: Response, request: Request): readonly ResolvedHeader[] {
  return (resolveResponse(response, request)[0]?.headers ?? []).filter(({ name }) => COMPARED.test(`${name}:`));
}

function shown({ name, text }: ResolvedHeader): string {
  return `${name}: ${text}`;
}

/** Whether the prediction, as far as it is certain, is what nginx answered. */
export function agrees(response: Response, request: Request, { status, headers }: Answer): boolean {
  if (response.status !== undefined && response.status !== status) {
    return false;
  }
  const observed = headers.filter((line) => COMPARED.test(line));
  const predicted = lines(response, request);
  const known = predicted.filter(({ text }) => text !== undefined).map(shown);
  if (response.open === undefined) {
    return known.length === predicted.length
      ? JSON.stringify(known) === JSON.stringify(observed)
      : isPartOf(known, observed);
  }
  // headers-more replaces in place, and what an upstream brings may stand anywhere: the order is that of each name.
  const names = new Set(known.map(nameOf));
  return [...names].every((name) =>
    isPartOf(
      known.filter((line) => nameOf(line) === name),
      observed.filter((line) => nameOf(line) === name),
    ),
  );
}

function nameOf(line: string): string {
  return line.slice(0, line.indexOf(':')).toLowerCase();
}

function isPartOf(known: readonly string[], observed: readonly string[]): boolean {
  let at = 0;
  for (const line of observed) {
    if (line === known[at]) at += 1;
  }
  return at === known.length;
}
