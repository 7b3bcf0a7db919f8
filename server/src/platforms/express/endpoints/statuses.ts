import type { Request } from '../../../cors/http';

/** The status of an answer that sets none: 200, or the one that the request is to end with. */
export function okOr(request: Request): number {
  return request.ending === 'success' ? 200 : request.ending;
}

/** The status of an error that carries none: 500, or the error that the request is to end with. */
export function errorStatus(request: Request): number {
  return request.ending === 'success' || request.ending < 400 ? 500 : request.ending;
}
