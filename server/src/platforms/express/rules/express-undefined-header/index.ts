import type { TSESTree } from '@typescript-eslint/types';
import { type Exchange, simpleCall } from '../../../../cors/browser';
import { actualRequest } from '../../../../cors/call';
import type { Endpoint, HeaderSetting } from '../../../../cors/endpoint';
import { frontEndOf } from '../../../../cors/frontEnd';
import { linesOf } from '../../../../cors/headerList';
import { ALLOW_ORIGIN } from '../../../../cors/names';
import { samePlace } from '../../../../cors/place';
import { type Edit, PLACEHOLDER_ORIGIN } from '../../../../cors/repair';
import { isFunction, type SourceModule, staticName, unwrap } from '../../../../javascript';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject } from '../../../../lint/types';
import type { ExpressAnalysis } from '../../analysis';
import { allowListByHand, type HeaderCall, headerCallAt, requestName } from '../../repair/handMade';
import { insert, replace, statementOf, textOf } from '../../repair/nodes';

type Data =
  /** There is no such value without an Origin header. */
  | { readonly kind: 'sometimes'; readonly written: string; readonly status: number; readonly edits: readonly Edit[] }
  /** There is no such value at all: Node.js writes the names of headers in lower case. */
  | {
      readonly kind: 'always';
      readonly written: string;
      readonly meant: string;
      readonly edits: readonly Edit[];
      readonly list: readonly Edit[];
    };

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-undefined-header',
    title: 'A header set to undefined',
    severity: 'warning',
    category: 'broken',
    tags: ['origin', 'errors'],
    reference: 'https://nodejs.org/api/http.html#responsesetheadername-value',
    replaces: ['invalid-origin'],
  },
  check(subject, report) {
    const { module, settings } = subject.analysis;
    for (const setting of settings) {
      if (setting.name.toLowerCase() !== ALLOW_ORIGIN) continue;
      const found = headerCallAt(module, setting.place);
      const capital = found && capitalHeader(module, found);
      const exchange = capital && undefinedExchange(subject, setting, found.method);
      if (exchange) {
        const written = textOf(module, capital);
        const { object, property } = capital;
        const meant = textOf(module, object) + written.slice(object.range[1] - capital.range[0]).toLowerCase();
        const edits = [replace(module, property, textOf(module, property).toLowerCase())];
        const list = isChecked(found.call)
          ? []
          : (allowListByHand(module, setting.place, [PLACEHOLDER_ORIGIN], true) ?? []);
        const place = { file: module.path, start: capital.range[0], end: capital.range[1] };
        report({ place, severity: 'error', exchange, data: { kind: 'always', written, meant, edits, list } });
      }
      if (setting.value.kind !== 'request-origin') continue;
      // Express's `set` and `header` make a text of it.
      if (found?.method !== 'setHeader') continue;
      const status = failureWithoutOrigin(subject, setting);
      if (status === undefined) continue;
      const written = textOf(module, unwrap(found.value));
      report({
        place: setting.value.place,
        data: { kind: 'sometimes', written, status, edits: guarded(subject.analysis, found, written) },
      });
    }
  },
  message: (data) =>
    data.kind === 'always'
      ? `\`${data.written}\` is always undefined: Node.js writes the names of request headers in lower case. No page gets in; write \`${data.meant}\`.`
      : `\`${data.written}\` is undefined for requests without an Origin header (same-origin pages, curl, health checks): Node.js refuses to set it, and they get ${data.status}. Set the header only where there is an origin.`,
  fixes(data) {
    const title = data.kind === 'always' ? `Write \`${data.meant}\`` : 'Set it only where there is an origin';
    const proposals = [{ title, preferred: true, edits: data.edits }];
    // Where nothing checks the origin, the right name would let every page in.
    if (data.kind === 'always')
      proposals.push({ title: `Let in \`${PLACEHOLDER_ORIGIN}\` alone`, preferred: false, edits: data.list });
    return proposals.filter(({ edits }) => edits.length > 0);
  },
});

/** Whether a condition of its own function stands ahead of a call. */
function isChecked(call: TSESTree.Node): boolean {
  for (let up: TSESTree.Node | undefined = call; up && !isFunction(up); up = up.parent) {
    if (up.type === 'IfStatement') return true;
  }
  return false;
}

/** `req.headers.Origin`, as a header's value or as what a constant given to it holds. */
function capitalHeader(module: SourceModule, { call, value }: HeaderCall): TSESTree.MemberExpression | undefined {
  const given = unwrap(value);
  const definition = given.type === 'Identifier' ? module.scopes.variable(given)?.defs[0]?.node : undefined;
  const init =
    definition?.type === 'VariableDeclarator' && definition.id.type === 'Identifier' ? definition.init : null;
  const read = init ? unwrap(init) : given;
  if (read.type !== 'MemberExpression' || !/[A-Z]/.test(staticName(read) ?? '')) return undefined;
  const headers = unwrap(read.object);
  if (headers.type !== 'MemberExpression' || staticName(headers) !== 'headers') return undefined;
  return textOf(module, headers.object) === requestName(call) ? read : undefined;
}

/**
 * A call that shows it: the text `undefined` goes out from this very line or, where Node.js refuses to set it, every
 * request fails.
 */
function undefinedExchange(
  { analysis, browserFor }: PlatformSubject<ExpressAnalysis>,
  setting: HeaderSetting,
  method: string,
): Exchange | undefined {
  for (const endpoint of analysis.endpoints) {
    const browser = browserFor(endpoint);
    const { origin } = frontEndOf(browser);
    const exchanges = browser.fetch(simpleCall(endpoint, origin, { method: methodOf(endpoint) }));
    const shows = ({ actual: { response } }: Exchange): boolean =>
      method === 'setHeader'
        ? (response.status ?? 0) >= 500 && response.open === undefined
        : linesOf(response, ALLOW_ORIGIN).some(({ header }) => samePlace(header.place, setting.place));
    if (exchanges.every(shows)) return exchanges[0];
  }
  return undefined;
}

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
function guarded({ module }: ExpressAnalysis, { call }: HeaderCall, written: string): readonly Edit[] {
  const statement = statementOf(call);
  if (statement?.type !== 'ExpressionStatement' || statement.expression !== call) return [];
  const isInBlock = statement.parent.type === 'BlockStatement' || statement.parent.type === 'Program';
  // Whatever is more than a look at the request is not written twice.
  if (!isInBlock || !/^[\w$.?]+(?:\[?\(?(?:'[\w-]+'|"[\w-]+")\)?\]?)?$/.test(written)) return [];
  return [insert(module, statement.range[0], `if (${written}) `)];
}
