import { simpleCall } from '../../../../cors/browser';
import { actualRequest } from '../../../../cors/call';
import type { Endpoint, HeaderSetting } from '../../../../cors/endpoint';
import { frontEndOf } from '../../../../cors/frontEnd';
import { linesOf } from '../../../../cors/headerList';
import { ALLOW_ORIGIN } from '../../../../cors/names';
import { samePlace } from '../../../../cors/place';
import type { Edit } from '../../../../cors/repair';
import { unwrap } from '../../../../javascript';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject } from '../../../../lint/types';
import type { ExpressAnalysis } from '../../analysis';
import { headerCallAt } from '../../repair/handMade';
import { insert, statementOf, textOf } from '../../repair/nodes';

interface Data {
  readonly written: string;
  readonly status: number;
  readonly edits: readonly Edit[];
}

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-undefined-header',
    title: 'A header set to undefined for requests without Origin',
    severity: 'warning',
    category: 'broken',
    tags: ['origin', 'errors'],
    reference: 'https://nodejs.org/api/http.html#responsesetheadername-value',
  },
  check(subject, report) {
    const { module, settings } = subject.analysis;
    for (const setting of settings) {
      if (setting.name.toLowerCase() !== ALLOW_ORIGIN || setting.value.kind !== 'request-origin') continue;
      const found = headerCallAt(module, setting.place);
      // Express's `set` and `header` make a text of it.
      if (found?.method !== 'setHeader') continue;
      const status = failureWithoutOrigin(subject, setting);
      if (status === undefined) continue;
      const written = textOf(module, unwrap(found.value));
      report({
        place: setting.value.place,
        data: { written, status, edits: guarded(subject.analysis, found, written) },
      });
    }
  },
  message: ({ written, status }) =>
    `\`${written}\` is undefined for requests without an Origin header (same-origin pages, curl, health checks): Node.js refuses to set it, and they get ${status}. Set the header only where there is an origin.`,
  fixes: ({ edits }) =>
    edits.length === 0 ? [] : [{ title: 'Set it only where there is an origin', preferred: true, edits }],
});

/** The status of a request without Origin, where the same request with one gets the header from this very line. */
function failureWithoutOrigin(
  { analysis, browserFor }: PlatformSubject<ExpressAnalysis>,
  setting: HeaderSetting,
): number | undefined {
  for (const endpoint of analysis.endpoints) {
    const browser = browserFor(endpoint);
    const { origin } = frontEndOf(browser);
    const request = actualRequest(simpleCall(endpoint, origin, { method: methodOf(endpoint) }));
    const isSent = browser
      .send(request)
      .some((response) => linesOf(response, ALLOW_ORIGIN).some(({ header }) => samePlace(header.place, setting.place)));
    if (!isSent) continue;
    const answers = browser.send({ ...request, origin: undefined });
    const [first] = answers;
    const fails = answers.every(
      ({ status, source }) => status !== undefined && status >= 500 && source.open === undefined,
    );
    if (first?.status !== undefined && fails) return first.status;
  }
  return undefined;
}

function methodOf({ methods }: Endpoint): string {
  return methods?.[0] ?? 'GET';
}

/** `if (value)` in front of the statement. */
function guarded(
  { module }: ExpressAnalysis,
  { call }: NonNullable<ReturnType<typeof headerCallAt>>,
  written: string,
): readonly Edit[] {
  const statement = statementOf(call);
  if (statement?.type !== 'ExpressionStatement' || statement.expression !== call) return [];
  const isInBlock = statement.parent.type === 'BlockStatement' || statement.parent.type === 'Program';
  // Whatever is more than a look at the request is not written twice.
  if (!isInBlock || !/^[\w$.?]+(?:\[?\(?(?:'[\w-]+'|"[\w-]+")\)?\]?)?$/.test(written)) return [];
  return [insert(module, statement.range[0], `if (${written}) `)];
}
