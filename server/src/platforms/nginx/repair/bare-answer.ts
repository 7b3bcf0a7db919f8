import { type Browser, openBrowser } from '../../../cors/browser';
import { type Call, needsPreflight } from '../../../cors/call';
import { frontEndOf } from '../../../cors/frontEnd';
import type { Edit } from '../../../cors/repair';
import { homeOf, type Level, type Step } from '../config/level';
import type { NginxEndpoint } from '../endpoints/endpoints';
import { effectiveHeaders } from '../evaluate/header-lines';
import { isCors } from '../inspect/cors-lines';
import { removeDirective } from './lines';
import { isOptionsAnswer } from './preflight';
import type { Workshop } from './workshop';

type If = Extract<Step, { readonly kind: 'if' }>;

/**
 * Takes out the `if` that answers OPTIONS without any CORS header, so that preflights reach the application behind.
 * Undefined where that one is not known to let these methods and headers pass.
 */
export function handOnPreflight(
  workshop: Workshop,
  endpoint: NginxEndpoint,
  methods: readonly string[],
  headers: readonly string[],
): Edit[] | undefined {
  const answer = bareAnswer(homeOf(endpoint.level));
  const source = answer && workshop.source(answer.node);
  if (answer === undefined || source === undefined || endpoint.behind === undefined) {
    return undefined;
  }
  return answersAll(openBrowser(endpoint.behind), methods, headers)
    ? [removeDirective(source, answer.node.directive)]
    : undefined;
}

/** The `if` of the location, or else of what is around it, that does nothing but answer OPTIONS without CORS headers. */
function bareAnswer(home: Level): If | undefined {
  for (let level: Level | undefined = home; level !== undefined; level = level.parent) {
    const answer = level.program.find((step): step is If => step.kind === 'if' && isOptionsAnswer(step));
    if (answer !== undefined) {
      const { own, program } = answer.level;
      const isAll = program.length === 1 && [...own.keys()].every((name) => name === 'add_header');
      return isAll && !effectiveHeaders(answer.level, {}).some(isCors) ? answer : undefined;
    }
  }
  return undefined;
}

function answersAll(browser: Browser, methods: readonly string[], headers: readonly string[]): boolean {
  const front = frontEndOf(browser);
  const sent = headers.map((name) => [name, 'application/json'] as const);
  const asked = methods.map((method): Call => ({ ...front.plain(front.origin), method, headers: sent }));
  const calls = [...front.calls, ...asked].filter(needsPreflight);
  return (
    calls.length > 0 &&
    calls.every((call) => browser.fetch(call).every(({ preflight }) => preflight?.verdict.result === 'allowed'))
  );
}
