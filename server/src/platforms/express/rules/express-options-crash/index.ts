import type { Exchange } from '../../../../cors/browser';
import { samePlace } from '../../../../cors/place';
import { refusedPreflights } from '../../../../cors/preflightFault';
import type { Edit } from '../../../../cors/repair';
import {
  type Branch,
  branchesOf,
  type JsValue,
  type Property,
  snippet,
  truthiness,
  wordsOf,
} from '../../../../javascript';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject, Severity } from '../../../../lint/types';
import type { ExpressAnalysis } from '../../analysis';
import type { Handler } from '../../app/handlerKind';
import { matchPath } from '../../app/pathPattern';
import { registrationsOf } from '../../app/registered';
import { optionsIn } from '../../cors/corsCalls';
import { type CorsOptions, corsVariants, sourceOf } from '../../cors/corsOptions';
import type { ExpressEndpoint } from '../../endpoints/endpoints';

type Fault =
  /** The package fails on it. */
  | { readonly kind: 'nothing'; readonly written: string }
  | { readonly kind: 'environment'; readonly name: string }
  /** Node.js refuses to send it. */
  | { readonly kind: 'no-status'; readonly written: string }
  /** A status that no browser takes for a yes. */
  | { readonly kind: 'status'; readonly status: number };

interface Data {
  readonly option: string;
  readonly fault: Fault;
  readonly words: string | null;
  readonly property: Property;
  readonly edits: readonly Edit[];
}

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-options-crash',
    title: 'An option that makes every preflight fail',
    severity: 'error',
    category: 'broken',
    tags: ['option', 'preflight'],
    reference: 'https://github.com/expressjs/cors#configuration-options',
    replaces: ['preflight-not-answered', 'preflight-redirected'],
  },
  check(subject, report) {
    for (const options of optionsIn(subject.analysis)) {
      for (const [property, branch, fault] of faultsOf(options, subject.analysis.text)) {
        const words = wordsOf(branch.when);
        const { place } = branch.value;
        const data: Data = { option: property.key, fault, words, property, edits: statusEdit(fault, branch.value) };
        const severity = severityOf(fault, words);
        const exchanges = words === null ? failedPreflights(subject, options) : [];
        for (const exchange of exchanges) report({ place, data, severity, exchange });
        if (exchanges.length === 0) report({ place, data, severity });
      }
    }
  },
  message({ option, fault, words }) {
    const when = words === null ? '' : ` when ${words}`;
    switch (fault.kind) {
      case 'nothing':
        return `\`${option}\` is ${fault.written}${when}, which replaces the cors package's default: every preflight fails with 500, and browsers never send the request. Leave the option out.`;
      case 'environment':
        return `When ${fault.name} is unset, \`${option}\` is undefined and every preflight fails with 500. Give it a value to fall back on.`;
      case 'no-status':
        return `\`${option}\` is ${fault.written}${when}, which Node.js cannot send as a status: every preflight fails. Write 204.`;
      case 'status':
        return `Preflights are answered with ${fault.status}${when}, and browsers want a status from 200 to 299: they never send the request. Write 204.`;
    }
  },
  fixes({ fault, words, property, edits }) {
    if (edits.length > 0) return [{ title: 'Write 204', preferred: true, edits }];
    if (fault.kind !== 'nothing' || words !== null) return [];
    const repair = { kind: 'remove', place: property.place } as const;
    return [{ title: `Leave \`${property.key}\` out`, preferred: true, repair }];
  },
});

function severityOf(fault: Fault, words: string | null): Severity {
  if (fault.kind === 'environment') return 'info';
  return words === null ? 'error' : 'warning';
}

function faultsOf(options: CorsOptions, text: string): readonly [Property, Branch, Fault][] {
  const found: [Property, Branch, Fault][] = [];
  const look = (property: Property | undefined, judge: (value: JsValue) => Fault | undefined) => {
    for (const branch of property ? branchesOf(property.value) : []) {
      const fault = judge(branch.value) ?? unsetIn(branch.value, text);
      if (property && fault) found.push([property, branch, fault]);
    }
  };
  look(options.option('methods'), nothing);
  // A preflight that goes on is answered by somebody else.
  const goesOn = options.option('preflightContinue');
  if (goesOn === undefined || truthiness(goesOn.value) === false)
    look(options.option('optionsSuccessStatus'), (value) => nothing(value) ?? statusFault(value));
  return found;
}

function nothing(value: JsValue): Fault | undefined {
  return value.kind === 'undefined' || value.kind === 'null' ? { kind: 'nothing', written: snippet(value) } : undefined;
}

/** A variable of the environment that nothing else in the file looks at. */
function unsetIn(value: JsValue, text: string): Fault | undefined {
  if (value.kind !== 'environment' || text.split(`process.env.${value.name}`).length > 2) return undefined;
  return { kind: 'environment', name: value.name };
}

function statusFault(value: JsValue): Fault | undefined {
  if (value.kind !== 'number' && value.kind !== 'string' && value.kind !== 'boolean') return undefined;
  // Node.js: `statusCode |= 0`, and whatever is not from 100 to 999 then is refused (lib/_http_server.js).
  const status = Number(value.value) | 0;
  if (status < 100 || status > 999) return { kind: 'no-status', written: snippet(value) };
  return status >= 200 && status <= 299 ? undefined : { kind: 'status', status };
}

function statusEdit(fault: Fault, { node, place }: JsValue): readonly Edit[] {
  if (fault.kind !== 'status' && fault.kind !== 'no-status') return [];
  return node.type === 'Literal' && node.range[0] === place.start ? [{ ...place, text: '204' }] : [];
}

/** The preflights that are refused behind the `cors(…)` with these options: one for each endpoint. */
function failedPreflights(
  { analysis, browserFor }: PlatformSubject<ExpressAnalysis>,
  options: CorsOptions,
): readonly Exchange[] {
  return analysis.routes.flatMap((endpoint) => {
    if (!isUnder(analysis, endpoint, options)) return [];
    return refusedPreflights(browserFor(endpoint)).flatMap(({ exchange, leg }) =>
      leg.verdict.step === 'preflight/status' || leg.response.source.answeredBy.kind === 'error' ? [exchange] : [],
    );
  });
}

/** Whether a request for the endpoint meets a `cors(…)` with these options, in its app or on its own route. */
function isUnder({ application }: ExpressAnalysis, endpoint: ExpressEndpoint, { object }: CorsOptions): boolean {
  const isIt = ({ handler }: { readonly handler: Handler }) =>
    handler.kind === 'cors' &&
    corsVariants(sourceOf(handler.call)).some(
      ({ setup }) =>
        setup.kind === 'options' &&
        setup.options.object !== null &&
        object !== null &&
        samePlace(setup.options.object.place, object.place),
    );
  const layers = registrationsOf(application, endpoint.app).flatMap((one) => ('opaque' in one ? [] : [one]));
  return [...layers, ...endpoint.through].some(
    (layer) =>
      layer.handlers.some(isIt) &&
      (endpoint.through.includes(layer) ||
        Boolean(matchPath(layer.path, endpoint.path, layer.method !== 'use', application.version))),
  );
}
