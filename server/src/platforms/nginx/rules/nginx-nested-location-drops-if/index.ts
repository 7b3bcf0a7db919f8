import type { Exchange } from '../../../../cors/browser';
import { frontEndOf } from '../../../../cors/frontEnd';
import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject, Proposal } from '../../../../lint/types';
import type { NginxAnalysis } from '../../analysis';
import { describeLevel, type Level } from '../../config/level';
import { headPlace, type Node } from '../../config/node';
import { readTest } from '../../evaluate/condition';
import { effectiveHeaders } from '../../evaluate/header-lines';
import { hasAllowOrigin } from '../../inspect/cors-lines';
import { insertAtStart, insertBefore } from '../../repair/lines';
import { answersOptions } from '../../repair/preflight';
import { openWorkshop } from '../../repair/workshop';

interface Data {
  readonly subject: PlatformSubject<NginxAnalysis>;
  readonly level: Level;
  readonly outer: Level;
  readonly answer: Node;
  /** An upstream gets the preflight, and may answer it. */
  readonly open: boolean;
}

/** Nested locations inherit headers, and nothing of the rewrite module. */
export const rule = platformRule<NginxAnalysis, Data>({
  meta: {
    id: 'nginx-nested-location-drops-if',
    title: 'A nested location without the `if` that answers OPTIONS around it',
    severity: 'warning',
    category: 'broken',
    tags: ['nginx', 'if', 'preflight', 'location'],
    reference: 'https://nginx.org/en/docs/http/ngx_http_rewrite_module.html',
    replaces: ['preflight-not-answered', 'preflight-needs-auth'],
  },

  check(subject, report) {
    for (const endpoint of subject.analysis.endpoints) {
      const { level } = endpoint;
      const outer = level.parent;
      if (endpoint.partial !== undefined || outer?.kind !== 'location' || level.node === undefined) continue;
      const answer = optionsIf(outer);
      const answers = answersOptions(level) || level.program.some(({ kind }) => kind === 'return');
      if (answer === undefined || answers || !hasAllowOrigin(effectiveHeaders(level, {}))) continue;
      const exchange = unanswered(subject, endpoint);
      if (exchange === undefined) continue;
      const open = exchange.preflight?.verdict.result === 'unknown';
      report({
        place: headPlace(level.node),
        data: { subject, level, outer, answer, open },
        exchange,
        related: [{ place: headPlace(answer), message: 'is not inherited' }],
      });
    }
  },

  message: ({ level, outer, open }) =>
    `${describeLevel(outer)} answers OPTIONS in an \`if\`, and ${describeLevel(level)} does not inherit it: the preflight ${open ? 'goes on to the upstream' : 'is refused here'}. Repeat the \`if\`.`,

  fixes: ({ subject, level, answer }): Proposal[] => {
    const edits = repeat(subject, level, answer);
    return edits === undefined ? [] : [{ title: 'Repeat the `if` here', preferred: true, edits }];
  },
});

function optionsIf(level: Level): Node | undefined {
  return level.program.find((step) => {
    if (step.kind !== 'if' || !step.level.program.some(({ kind }) => kind === 'return')) return false;
    const test = readTest(step.node);
    return test.kind === 'equals' && test.subject.value === '$request_method' && test.operand.value === 'OPTIONS';
  })?.node;
}

/** A call that needs a preflight which nginx itself refuses, or hands on. */
function unanswered(
  { browserFor }: PlatformSubject<NginxAnalysis>,
  endpoint: NginxAnalysis['endpoints'][number],
): Exchange | undefined {
  const browser = browserFor(endpoint);
  const { origin, plain } = frontEndOf(browser);
  const exchanges = browser.fetch({ ...plain(origin), headers: [['X-Requested-With', 'XMLHttpRequest']] });
  const [exchange] = exchanges;
  const result = exchanges.length === 1 ? exchange?.preflight?.verdict.result : undefined;
  return result === 'blocked' || result === 'unknown' ? exchange : undefined;
}

function repeat(
  { analysis, host }: PlatformSubject<NginxAnalysis>,
  { node, program }: Level,
  answer: Node,
): Edit[] | undefined {
  const workshop = openWorkshop(analysis, host);
  const source = node && workshop.source(node);
  const from = workshop.source(answer);
  if (source === undefined || from === undefined || node === undefined) return undefined;
  const { range } = answer.directive;
  const text = from.text.slice(range.start, range.end).split(/\r?\n/);
  const lines = text.map((line, i) => (i === 0 || i === text.length - 1 ? line.trim() : `\t${line.trim()}`));
  const first = program.find((step) => step.node.file === source.file);
  const edit =
    first === undefined
      ? insertAtStart(source, node.directive, lines)
      : insertBefore(source, first.node.directive, lines);
  return edit && [edit];
}
