import { ALLOW_ORIGIN } from '../../../cors/names';
import type { Edit } from '../../../cors/repair';
import type { HandlerResponse } from '../reading';
import type { MiddyCall, MiddyChain } from './chain';
import { lastFirst } from './order';
import { coreMajor, middlewares, type StackOptions } from './stack';

/**
 * The edits that let the errors which `@middy/http-error-handler` answers have the headers of `@middy/http-cors`, where
 * the order alone keeps them from it. From version 2 of middy on `httpCors` has to stand in front of the error handler,
 * in version 1 behind it: as running both with each other shows. Undefined where anything else that touches responses
 * stands between the two.
 */
export function reordered(
  chain: MiddyChain,
  responses: readonly HandlerResponse[],
  options: StackOptions,
): readonly Edit[] | undefined {
  const core = coreMajor(chain, options);
  if (core === undefined || chain.open !== undefined || !responses.some(isBareError)) return undefined;
  const kinds = chain.calls.map((call) => kindOf(call, options, core));
  const [early, late] = core === 1 ? (['cors', 'errors'] as const) : (['errors', 'cors'] as const);
  const from = kinds.indexOf(early);
  const to = kinds.indexOf(late, from + 1);
  if (from === -1 || to === -1) return undefined;
  if (kinds.slice(from + 1, to).some((kind) => kind !== 'nothing')) return undefined;
  return lastFirst(chain.calls.slice(from, to + 1));
}

/** What the error handler made, read whole and without an origin. */
function isBareError({ error, object, open, headers }: HandlerResponse): boolean {
  const hasOrigin = headers.some(({ name }) => name.toLowerCase() === ALLOW_ORIGIN);
  return error && object === undefined && open === undefined && !hasOrigin;
}

function kindOf(call: MiddyCall, options: StackOptions, core: ReturnType<typeof coreMajor>): string {
  const [only, ...others] = middlewares(call, core, options);
  if (only === undefined) return 'nothing';
  return others.length > 0 ? 'several' : only.kind;
}
