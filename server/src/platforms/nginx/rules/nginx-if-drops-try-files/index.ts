import type { Exchange } from '../../../../cors/browser';
import { frontEndOf } from '../../../../cors/frontEnd';
import type { Request } from '../../../../cors/http';
import { knownExchange } from '../../../../cors/known';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject, Proposal } from '../../../../lint/types';
import type { NginxAnalysis } from '../../analysis';
import { homeOf, type Level } from '../../config/level';
import { headPlace, type Node, placeOf } from '../../config/node';
import type { NginxEndpoint } from '../../endpoints/endpoints';
import { contentOf } from '../../evaluate/content';
import { dissolveIfs } from '../../repair/dissolve-ifs';
import { openWorkshop } from '../../repair/workshop';

interface Data {
  readonly subject: PlatformSubject<NginxAnalysis>;
  readonly endpoint: NginxEndpoint;
  readonly tryFiles: Node;
  readonly request: Request;
  readonly status: number;
}

/** An `if` that matches puts a configuration in the location's place that has no `try_files` and inherits none. */
export const rule = platformRule<NginxAnalysis, Data>({
  meta: {
    id: 'nginx-if-drops-try-files',
    title: 'An `if` that switches `try_files` off',
    severity: 'warning',
    category: 'broken',
    tags: ['nginx', 'if', 'try_files'],
    reference: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#try_files',
    replaces: ['missing-origin-on-error'],
  },

  check(subject, report) {
    for (const endpoint of subject.analysis.endpoints) {
      const home = homeOf(endpoint.level);
      const tryFiles = home.own.get('try_files')?.at(-1);
      if (endpoint.partial !== undefined || tryFiles === undefined || !finds(tryFiles)) continue;
      for (const { level, exchange, status } of takenWithoutFile(subject, endpoint)) {
        if (level.node === undefined) continue;
        const { request } = exchange.actual;
        report({
          place: headPlace(level.node),
          data: { subject, endpoint, tryFiles, request, status },
          exchange,
          related: [{ place: placeOf(tryFiles), message: 'is void when the `if` matches' }],
        });
      }
    }
  },

  message: ({ tryFiles, request, status }) =>
    `This \`if\` matches a ${request.method} from ${request.origin ?? 'a page'}, and a location whose \`if\` matches has no \`try_files\`: where there is no such file, other origins get a ${status} in place of ${fallbackOf(tryFiles)}. Set the headers in the location, with a map for what depends on the origin.`,

  fixes: ({ subject, endpoint }): Proposal[] => {
    const edits = dissolveIfs(openWorkshop(subject.analysis, subject.host), endpoint);
    return edits === undefined
      ? []
      : [{ title: 'Set the headers in the location, with a map', preferred: true, edits }];
  },
});

/** Whether it finds anything that nginx would not find without it. */
function finds({ args }: Node): boolean {
  const last = args.at(-1)?.value ?? '';
  return !last.startsWith('=') || args.slice(0, -1).some(({ value }) => value !== '$uri' && value !== '$uri/');
}

function fallbackOf({ args }: Node): string {
  const last = args.at(-1)?.value ?? '';
  return last.startsWith('=') ? `what \`try_files\` would find` : `\`${last}\``;
}

interface Taken {
  readonly level: Level;
  readonly exchange: Exchange;
  readonly status: number;
}

/** The `if`s that a front end's request ends in, where a file that is not there makes an error. */
function* takenWithoutFile({ browserFor }: PlatformSubject<NginxAnalysis>, endpoint: NginxEndpoint): Generator<Taken> {
  if (!homeOf(endpoint.level).program.some(({ kind }) => kind === 'if')) return;
  const browser = browserFor(endpoint);
  const { origin, plain } = frontEndOf(browser);
  for (const method of ['GET', 'POST']) {
    const call = { ...plain(origin), method, ending: 404 };
    const exchange = knownExchange(browser.fetch(call), ({ actual }) => (actual.response.status ?? 0) >= 400);
    if (!exchange) continue;
    const { request, response } = exchange.actual;
    const level = levelOf(endpoint, request);
    if (level && response.status !== undefined) yield { level, exchange, status: response.status };
  }
}

/** The `if` that the request certainly ends in, with nothing but files to answer from. */
function levelOf(endpoint: NginxEndpoint, request: Request): Level | undefined {
  const runs = endpoint.trace(request).map(({ run }) => run);
  const level = runs[0]?.level;
  const certain = runs.every((run) => run.level === level && contentOf(run).kind === 'files' && !run.errorPageUsed);
  return certain && level?.kind === 'if' && level.parent === homeOf(endpoint.level) ? level : undefined;
}
