import type { Header } from '../../../cors/http';
import type { Roles } from '../request/names';
import { applySettings, numberFor } from './applySettings';
import type { Effect } from './effects';
import { type Flow, vary } from './flow';
import type { FunctionRun, Inner } from './functionRun';

export function applyAnswer(
  run: FunctionRun,
  effect: Extract<Effect, { kind: 'answer' }>,
  roles: Roles,
  flow: Flow,
): readonly Inner[] {
  const set = applySettings(run, effect.headers, 'node', roles, flow);
  return set.map((one): Inner => {
    if (one.kind !== 'end') return one;
    const { place } = effect;
    const { request } = run;
    if (effect.how === 'redirect') {
      const accept: Header = {
        name: 'Vary',
        value: { kind: 'literal', text: 'Accept', place },
        place,
        layer: 'Express',
        implied: true,
      };
      const status = effect.status === null ? 302 : (numberFor(run, effect.status, roles) ?? undefined);
      return {
        kind: 'answer',
        flow: vary(one.flow, accept),
        by: { kind: 'redirect', what: 'the redirect', place },
        status,
      };
    }
    const status = effect.status === null ? statusOf(one.flow) : (numberFor(run, effect.status, roles) ?? undefined);
    const kind = request.method === 'OPTIONS' ? 'preflight' : 'handler';
    return { kind: 'answer', flow: one.flow, by: { kind: kindOf(status, kind), what: 'the handler', place }, status };
  });
}

function statusOf(flow: Flow): number | undefined {
  return flow.status === 'unknown' ? undefined : (flow.status ?? 200);
}

function kindOf(status: number | undefined, otherwise: 'preflight' | 'handler') {
  if (status === 401 || status === 403) return 'authentication' as const;
  if (status === 429) return 'rate-limit' as const;
  if (status === 405) return 'method-gate' as const;
  return otherwise;
}
