import { type Call, unsafeHeaderNames } from '../../../../cors/call';
import { frontEndOf, preflightNeeds } from '../../../../cors/frontEnd';
import { SAFELISTED_METHODS } from '../../../../cors/names';
import { type RefusedPreflight, refusedPreflights } from '../../../../cors/preflightFault';
import { whenWords } from '../../../../cors/words';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject } from '../../../../lint/types';
import type { ExpressAnalysis } from '../../analysis';
import type { Layer } from '../../app/registration';
import type { ExpressEndpoint } from '../../endpoints/endpoints';

interface Data {
  readonly endpoint: ExpressEndpoint;
  readonly call: Call;
  readonly verb: string;
  readonly status: number | undefined;
  readonly when: readonly string[];
}

/** A route with a `cors(…)` of its own whose preflight is refused. */
interface Bare {
  readonly endpoint: ExpressEndpoint;
  readonly layer: Layer;
  readonly site: Layer['handlers'][number];
  readonly refused: RefusedPreflight;
}

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-preflight-route-only',
    title: '`cors()` on a route that OPTIONS does not reach',
    severity: 'error',
    category: 'broken',
    tags: ['preflight', 'middleware'],
    reference: 'https://github.com/expressjs/cors#enabling-cors-pre-flight',
    replaces: ['preflight-not-answered', 'preflight-incomplete'],
  },
  check(subject, report) {
    // Several methods of one path lack the same line.
    const byPath = new Map<string, { readonly first: Bare; readonly others: Bare[] }>();
    for (const bare of bareRoutes(subject)) {
      const key = `${bare.endpoint.app.key} ${bare.endpoint.path}`;
      const known = byPath.get(key);
      if (known) known.others.push(bare);
      else byPath.set(key, { first: bare, others: [] });
    }
    for (const { first, others } of byPath.values()) {
      const { endpoint, layer, site, refused } = first;
      const { exchange, leg } = refused;
      report({
        place: site.place,
        data: {
          endpoint,
          call: exchange.call,
          verb: layer.method,
          status: leg.response.status,
          when: exchange.when,
        },
        severity: exchange.when.length > 0 ? 'warning' : 'error',
        exchange,
        related: others.map((other) => ({
          place: other.site.place,
          message: `${other.endpoint.label} waits for the same preflight`,
        })),
      });
    }
  },
  message: ({ endpoint, call, verb, status, when }) =>
    `This \`cors()\` runs for ${verb.toUpperCase()} only: OPTIONS ${endpoint.path} passes it by and gets ${answer(status)}${whenWords(when)}. ${cause(call)} makes browsers send that preflight first, so the request itself is never sent. Register \`cors()\` for OPTIONS too.`,
  fixes: ({ endpoint, call }) => [
    {
      title: 'Register `cors()` for OPTIONS too',
      preferred: true,
      repair: { kind: 'answer-preflight', endpoint, ...preflightNeeds(endpoint, [call]) },
    },
  ],
});

function bareRoutes({ analysis, browserFor }: PlatformSubject<ExpressAnalysis>): readonly Bare[] {
  return analysis.routes.flatMap((endpoint): Bare[] => {
    const layer = endpoint.through.at(-1);
    if (layer === undefined || layer.method === 'use' || layer.method === 'all') return [];
    if (layer.module.path !== analysis.module.path) return [];
    const site = layer.handlers.find(({ handler }) => handler.kind === 'cors');
    if (site === undefined) return [];
    const browser = browserFor(endpoint);
    const front = frontEndOf(browser);
    const refused = refusedPreflights(browser).find(
      ({ fault, announced, exchange }) =>
        (fault === 'unanswered' || fault === 'incomplete') &&
        !announced &&
        exchange.actual.verdict.result === 'allowed' &&
        front.calls.some(({ method }) => method === exchange.call.method),
    );
    return refused === undefined ? [] : [{ endpoint, layer, site, refused }];
  });
}

/** What of the call needs a preflight, to begin a sentence. */
function cause(call: Call): string {
  if (!SAFELISTED_METHODS.has(call.method)) return call.method;
  const names = unsafeHeaderNames(call);
  return names.includes('content-type') ? 'A JSON body' : `The header ${names[0] ?? ''}`;
}

function answer(status: number | undefined): string {
  if (status === undefined) return 'no CORS headers';
  return status >= 200 && status <= 299 ? `${status} without CORS headers` : `${status}`;
}
