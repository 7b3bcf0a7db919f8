import type { Browser, Exchange } from '../../cors/browser';
import { frontEndOf } from '../../cors/frontEnd';
import { ALLOW_ORIGIN } from '../../cors/names';
import { type Place, samePlace } from '../../cors/place';
import { PLACEHOLDER_ORIGIN } from '../../cors/repair';
import { property } from '../../javascript';
import type { HandlerReading, HandlerResponse } from '../lambda/handler';

/**
 * Responses of a handler that were read whole and lack Access-Control-Allow-Origin. Where others of the handler have
 * it, errors without it are the matter of `missing-origin-on-error`.
 */
export function bareResponses(reading: HandlerReading | undefined): HandlerResponse[] {
  if (reading?.kind !== 'responses') return [];
  const whole = reading.responses.filter(({ open, object }) => open === undefined && object !== undefined);
  // Where an origin is refused, it gets no header, and that is as it should be.
  const bare = whole.filter((response) => !hasOrigin(response) && !response.byOrigin);
  const isMeant = reading.responses.some((response) => hasOrigin(response) || response.open !== undefined);
  return bare.filter(
    (response) => isReached(response) && (!isMeant || response.status === undefined || response.status < 400),
  );
}

/** A branch for OPTIONS alone is not reached: the gateway answers these. */
function isReached(response: HandlerResponse): boolean {
  return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].some((method) => {
    const request = { method, scheme: 'https', path: '/', origin: PLACEHOLDER_ORIGIN, headers: new Map() } as const;
    return response.taken({ ...request, ending: 'success' }) !== 'no';
  });
}

/** A visitor is sent on, to sign in for example: the address bar follows that, and no page reads anything of it. */
export function isRedirect({ status, headers }: HandlerResponse): boolean {
  const isOfRedirects = status !== undefined && status >= 300 && status < 400;
  return isOfRedirects && headers.some(({ name }) => name.toLowerCase() === 'location');
}

/** What to say of a redirect without the header. */
export function redirectMessage(label: string): string {
  return `${label} redirects without Access-Control-Allow-Origin. Visitors are sent on all the same, but a page that fetches it is refused: send the header if one does.`;
}

function hasOrigin({ headers }: HandlerResponse): boolean {
  return headers.some(({ name }) => name.toLowerCase() === ALLOW_ORIGIN);
}

/** The status, or the headers that lack it: what the eye looks for. */
export function blamedPlace({ object, place }: HandlerResponse): Place {
  const headers = object && property(object, 'headers');
  return headers?.keyPlace ?? (object && property(object, 'statusCode'))?.place ?? place;
}

/** The call that this response answers. */
export function exchangeOf(browser: Browser, { place, status }: HandlerResponse): Exchange | undefined {
  const front = frontEndOf(browser);
  const ending = status === undefined || status < 400 ? 'success' : status;
  return [...front.calls, front.plain(front.origin)]
    .flatMap((call) => browser.fetch({ ...call, ending }))
    .find(({ actual: { response, verdict } }) => {
      return verdict.step === 'cors-check/no-allow-origin' && samePlace(response.source.answeredBy.place, place);
    });
}
