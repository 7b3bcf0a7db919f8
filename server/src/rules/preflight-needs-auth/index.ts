import type { Endpoint } from '../../cors/endpoint';
import type { Answerer } from '../../cors/http';
import { callersOf, refusedPreflights } from '../../cors/preflightFault';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly endpoint: Endpoint;
  readonly gate: Answerer;
  readonly status: number | undefined;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'preflight-needs-auth',
    title: 'Authentication or a limit in front of the preflight',
    severity: 'error',
    category: 'broken',
    tags: ['preflight', 'authentication'],
    reference: 'https://fetch.spec.whatwg.org/#cors-protocol-and-credentials',
  },
  check({ endpoint, browser }, report) {
    for (const refused of refusedPreflights(browser)) {
      const { fault, exchange, leg, announced } = refused;
      if (fault !== 'gate') continue;
      const gate = leg.response.source.answeredBy;
      const { when } = exchange;
      report({
        place: gate.place,
        data: { endpoint, gate, status: leg.response.status, when },
        severity: announced || when.length > 0 ? 'warning' : 'error',
        exchange,
        related: [{ place: endpoint.place, message: `stands before ${endpoint.label}` }, ...callersOf(refused)],
      });
    }
  },
  message: ({ gate, status, when }) =>
    `${capital(gate.what)} answers the preflight${status === undefined ? '' : ` with ${status}`}${whenWords(when)}: ${reason(gate)}, so browsers never send the request itself. Let OPTIONS through.`,
  fixes: ({ endpoint, gate }) => [
    {
      title: 'Let the preflight through',
      preferred: true,
      repair: { kind: 'exempt-preflight', endpoint, place: gate.place },
    },
  ],
});

function reason({ kind }: Answerer): string {
  if (kind === 'authentication') return 'a preflight carries no credentials';
  return kind === 'rate-limit' ? 'a preflight counts like a request' : 'a preflight is an OPTIONS request';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
