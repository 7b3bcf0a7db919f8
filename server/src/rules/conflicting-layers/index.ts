import type { Endpoint } from '../../cors/endpoint';
import { type LayerConflict, layerConflicts } from '../../cors/layerConflict';
import { ALLOW_ORIGIN } from '../../cors/names';
import type { Value } from '../../cors/value';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';
import type { Proposal, Severity } from '../../lint/types';

interface Data {
  readonly endpoint: Endpoint;
  readonly conflict: LayerConflict;
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'conflicting-layers',
    title: 'The proxy and the application behind it disagree',
    severity: 'error',
    category: 'broken',
    tags: ['origin', 'credentials', 'preflight', 'proxy'],
    reference: 'https://fetch.spec.whatwg.org/#cors-preflight-fetch-0',
    replaces: ['missing-origin', 'preflight-incomplete'],
  },
  check({ endpoint, browser }, report) {
    for (const conflict of layerConflicts(browser)) {
      const { place, exchange, behind } = conflict;
      report({
        place,
        data: { endpoint, conflict },
        severity: severityOf(conflict),
        exchange,
        related: behind ? [{ place: behind.value.place, message: `${behind.layer} ${says(conflict)}` }] : [],
      });
    }
  },
  message({ endpoint, conflict }) {
    const { kind, name, exchange, front } = conflict;
    const { origin, method } = exchange.call;
    const when = whenWords(exchange.when);
    const isOrigin = name.toLowerCase() === ALLOW_ORIGIN;
    const call = `${method} ${endpoint.path}`;
    switch (kind) {
      case 'withheld':
        return `The application's ${name} is kept back here and none is sent instead${when}: browsers refuse ${isOrigin ? `${call} to pages at ${origin}` : `${call} with credentials`}. Pass it on, or send one here.`;
      case 'replaced':
        return `The application lets ${origin} in, and ${words(front?.value)} goes out in place of its header${when}: pages there are refused. Let both layers name the same origins.`;
      case 'preflight-refused':
        return exchange.call.credentials && front !== undefined && text(front.value) === '*'
          ? `The preflight is answered here with \`*\`${when}, and the application lets ${origin} in with credentials: browsers refuse such a ${method} before it is sent. Name the origin, and allow credentials, here too.`
          : `The preflight is answered here for ${words(front?.value)}${when}, and the application lets ${origin} in: browsers refuse its ${call} before it is sent. Let both layers name the same origins.`;
      case 'response-refused':
        return isOrigin
          ? `The preflight that is answered here lets ${origin} pass${when}, and the application's own response refuses it: the server does the work and the page never sees the answer. Let both layers name the same origins.`
          : `The preflight that is answered here allows credentials${when}, and the application's own response does not: browsers keep the answer to ${call} with credentials from the page. Let both layers say the same.`;
    }
  },
  fixes: ({ endpoint, conflict }) => FIXES[conflict.kind](conflict, endpoint),
});

function severityOf({ kind, exchange, isMeant }: LayerConflict): Severity {
  // Who keeps a header back may want no page of another origin to get in.
  if (kind === 'withheld' && !isMeant) return 'info';
  return kind === 'replaced' || exchange.when.length > 0 ? 'warning' : 'error';
}

function says({ kind, name, exchange }: LayerConflict): string {
  if (kind === 'response-refused') return 'answers the request itself';
  return name.toLowerCase() === ALLOW_ORIGIN ? `lets ${exchange.call.origin} in` : 'allows credentials';
}

function words(value: Value | undefined): string {
  const only = value && text(value);
  return only === undefined ? 'a list of origins' : `\`${only}\``;
}

function text(value: Value): string | undefined {
  return value.kind === 'literal' ? value.text : undefined;
}

type Fixes = (conflict: LayerConflict, endpoint: Endpoint) => readonly Proposal[];

/** What the line in front can become. Never preferred where it is a policy that somebody chose. */
const FIXES: Readonly<Record<LayerConflict['kind'], Fixes>> = {
  withheld: ({ place, name, behind, isMeant }, endpoint) => {
    const value = behind && text(behind.value);
    const pass: Proposal = {
      title: `Pass the application's ${name} on`,
      preferred: isMeant,
      repair: { kind: 'remove', place },
    };
    return value === undefined
      ? [pass]
      : [
          pass,
          { title: `Send \`${value}\` here`, preferred: false, repair: { kind: 'set-header', endpoint, name, value } },
        ];
  },
  replaced: (conflict, endpoint) => asBehind(conflict, endpoint, false),
  'preflight-refused': (conflict, endpoint) => asBehind(conflict, endpoint, true),
  'response-refused': (conflict, endpoint) =>
    conflict.name.toLowerCase() === ALLOW_ORIGIN
      ? asBehind(conflict, endpoint, true)
      : [
          {
            title: 'Do not allow credentials in the preflight',
            preferred: true,
            repair: { kind: 'remove', place: conflict.place },
          },
        ],
};

/** The origins in front become those of the application. */
function asBehind({ front, behind, place, named }: LayerConflict, endpoint: Endpoint, preferred: boolean): Proposal[] {
  const [only, ...others] = named;
  const value = behind && (text(behind.value) ?? (others.length === 0 ? only : undefined));
  if (front === undefined || value === '*') return [];
  if (value !== undefined && text(front.value) !== undefined)
    return [
      {
        title: `Write \`${value}\`, as the application does`,
        preferred,
        repair: { kind: 'replace-value', place, text: value },
      },
    ];
  return [
    {
      title: "Let the application's origins in",
      preferred,
      repair: { kind: 'allow-list', endpoint, place: front.place, origins: named },
    },
  ];
}
