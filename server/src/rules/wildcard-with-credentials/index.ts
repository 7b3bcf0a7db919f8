import { calledBy } from '../../cors/caller';
import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf, responsesOf, withCredentials } from '../../cors/frontEnd';
import { get } from '../../cors/headerList';
import { knownExchange } from '../../cors/known';
import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from '../../cors/names';
import { refusedCredentials } from '../../cors/refusedCredentials';
import { PLACEHOLDER_ORIGIN } from '../../cors/repair';
import type { ResolvedHeader, ResolvedResponse } from '../../cors/resolve';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly endpoint: Endpoint;
  readonly origin: ResolvedHeader;
  /** Undefined where it is not sent, and a page calls with credentials all the same. */
  readonly credentials: ResolvedHeader | undefined;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'wildcard-with-credentials',
    title: '`*` together with credentials',
    severity: 'error',
    category: 'broken',
    tags: ['origin', 'credentials'],
    cwe: 'CWE-942',
    reference: 'https://fetch.spec.whatwg.org/#cors-protocol-and-credentials',
  },
  check({ endpoint, browser }, report) {
    const front = frontEndOf(browser);
    for (const call of [front.plain(PLACEHOLDER_ORIGIN), ...front.calls].map(withCredentials)) {
      const exchange = knownExchange(browser.fetch(call), ({ verdict }) => verdict.step === STEP);
      const pair =
        exchange &&
        responsesOf(exchange)
          .map(wildcardAndCredentials)
          .find((found) => found !== undefined);
      if (!exchange || !pair) continue;
      const { origin, credentials } = pair;
      const { when } = exchange;
      const [blamed, other] = origin.header.implied ? [credentials, origin] : [origin, credentials];
      report({
        place: blamed.valuePlace,
        data: { endpoint, origin, credentials, when },
        severity: when.length > 0 ? 'warning' : 'error',
        exchange,
        related: [{ place: other.valuePlace, message: `${other.name} is set here` }],
      });
      return;
    }
    for (const { fault, caller, exchange, origin } of refusedCredentials(browser)) {
      if (fault !== 'wildcard') continue;
      const { when } = exchange;
      report({
        place: origin.valuePlace,
        data: { endpoint, origin, credentials: undefined, when },
        severity: when.length > 0 ? 'warning' : 'error',
        exchange,
        related: [calledBy(caller)],
      });
    }
  },
  message: ({ endpoint, credentials, when }) =>
    credentials === undefined
      ? `A page calls ${endpoint.path} with credentials${whenWords(when)}, and is answered with \`*\`: browsers keep the answer from the page. Name the page's origin and send Access-Control-Allow-Credentials: true, or call without credentials.`
      : `\`*\` is sent together with Access-Control-Allow-Credentials: true${whenWords(when)}: browsers refuse every request with credentials. Name the origins, or drop the credentials.`,
  fixes({ endpoint, origin, credentials }) {
    const list = { kind: 'allow-list', endpoint, place: origin.header.place, origins: [PLACEHOLDER_ORIGIN] } as const;
    // Whether this server may be called with the user's sessions is for its owner to say.
    if (credentials === undefined) {
      const title = 'Let in only a list of origins, with credentials';
      return [{ title, preferred: false, repair: { ...list, credentials: true } }];
    }
    return [
      { title: 'Let in only a list of origins', preferred: false, repair: list },
      {
        title: 'Do not allow credentials',
        preferred: false,
        repair: { kind: 'remove', place: credentials.header.place },
      },
    ];
  },
});

const STEP = 'cors-check/wildcard-with-credentials';

function wildcardAndCredentials(
  response: ResolvedResponse,
): { origin: ResolvedHeader; credentials: ResolvedHeader } | undefined {
  const origin = only(response, ALLOW_ORIGIN, '*');
  const credentials = only(response, ALLOW_CREDENTIALS, 'true');
  return origin && credentials && { origin, credentials };
}

function only(response: ResolvedResponse, name: string, text: string): ResolvedHeader | undefined {
  const got = get(response, name);
  return got.kind === 'value' && got.text === text ? got.headers[0] : undefined;
}
