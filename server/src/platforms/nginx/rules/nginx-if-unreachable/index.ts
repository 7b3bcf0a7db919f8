import type { Browser, Exchange } from '../../../../cors/browser';
import type { Call } from '../../../../cors/call';
import { frontEndOf } from '../../../../cors/frontEnd';
import { knownExchange } from '../../../../cors/known';
import type { Place } from '../../../../cors/place';
import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject, Proposal } from '../../../../lint/types';
import type { NginxAnalysis } from '../../analysis';
import { homeOf, type Level, type Step } from '../../config/level';
import { headPlace, type Node, placeOf } from '../../config/node';
import { readTest } from '../../evaluate/condition';
import { ownHeaders } from '../../evaluate/header-lines';
import { matcherOf } from '../../evaluate/locate';
import { isCors } from '../../inspect/cors-lines';
import { insertBefore, removeDirective } from '../../repair/lines';
import { textsAbove, withCommentsAbove } from '../../repair/moved-lines';
import { rawBlock } from '../../repair/raw';
import { openWorkshop } from '../../repair/workshop';

interface Data {
  readonly subject: PlatformSubject<NginxAnalysis>;
  readonly unreachable: Node;
  readonly barrier: Node;
}

/** The directives of the rewrite module run in order, and some of them end the running. */
export const rule = platformRule<NginxAnalysis, Data>({
  meta: {
    id: 'nginx-if-unreachable',
    title: 'An `if` for CORS that is never reached',
    severity: 'warning',
    category: 'broken',
    tags: ['nginx', 'if', 'preflight'],
    reference: 'https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#break',
    replaces: ['preflight-not-answered', 'preflight-needs-auth', 'preflight-incomplete'],
  },

  check(subject, report) {
    const seen = new Set<Level>();
    for (const endpoint of subject.analysis.endpoints) {
      const level = homeOf(endpoint.level);
      if (seen.has(level)) continue;
      seen.add(level);
      for (const { unreachable, barrier } of unreachableIfs(level)) {
        const place: Place = headPlace(unreachable);
        const related = [{ place: placeOf(barrier), message: 'ends the running before it' }];
        const exchange = refusedPreflight(subject.browserFor(endpoint));
        const proof = exchange === undefined ? {} : { exchange };
        report({ place, data: { subject, unreachable, barrier }, related, ...proof });
      }
    }
  },

  message: ({ barrier }) =>
    barrier.name === 'limit_except'
      ? "This `if` never sees OPTIONS: for a method that `limit_except` does not list, the location's own `if` and `return` do not run, and browsers get no answer to the preflight. List OPTIONS there."
      : `This \`if\` is never reached: \`${textOf(barrier)}\` before it ends the running, so browsers do not get what it sets or answers. Move it up.`,

  fixes: ({ subject, unreachable, barrier }): Proposal[] => {
    const edits = barrier.name === 'limit_except' ? listOptions(barrier) : moveUp(subject, unreachable, barrier);
    const title = barrier.name === 'limit_except' ? 'List OPTIONS in `limit_except`' : 'Move it up';
    return edits === undefined ? [] : [{ title, preferred: true, edits }];
  },
});

/** A call whose preflight is refused, as those are that the `if` was to answer. */
function refusedPreflight(browser: Browser): Exchange | undefined {
  const { origin, plain } = frontEndOf(browser);
  const call: Call = { ...plain(origin), headers: [['X-Requested-With', 'XMLHttpRequest']] };
  return knownExchange(browser.fetch(call), ({ preflight }) => preflight?.verdict.result === 'blocked');
}

function textOf({ name, args }: Node): string {
  return [name, ...args.map(({ value }) => value)].join(' ');
}

interface Unreachable {
  readonly unreachable: Node;
  readonly barrier: Node;
}

function* unreachableIfs(level: Level): Generator<Unreachable> {
  const barrierAt = level.program.findIndex((step) => endsRunning(step, level));
  const barrier = level.program[barrierAt];
  for (const step of barrier === undefined ? [] : level.program.slice(barrierAt + 1)) {
    if (step.kind === 'if' && barrier !== undefined && concernsCors(step.level)) {
      yield { unreachable: step.node, barrier: barrier.node };
    }
  }
  const limit = level.limitExcept?.node;
  if (limit === undefined || limit.args.some(({ value }) => value.toUpperCase() === 'OPTIONS')) return;
  for (const step of level.program) {
    if (step.kind === 'if' && answersOptions(step.level)) yield { unreachable: step.node, barrier: limit };
  }
}

function endsRunning({ kind, node }: Step, level: Level): boolean {
  if (kind === 'return' || kind === 'break') return true;
  return kind === 'rewrite' && node.args.length === 3 && matchesEverything(node.args[0]?.value ?? '', level);
}

/** Whether the pattern matches each path of the location: `^`, `.*`, or the location's own prefix and anything. */
function matchesEverything(source: string, level: Level): boolean {
  const bare = source.replace(/[()]/g, '').replace(/^\^/, '').replace(/\$$/, '').replace(/\.\*$/, '');
  const matcher = level.node && matcherOf(level.node);
  const prefix = matcher?.kind === 'prefix' ? matcher.path : '/';
  const open = /\.\*\)?\$?$/.test(source) || !source.endsWith('$');
  return open && /^[\w/-]*$/.test(bare) && prefix.startsWith(bare);
}

function concernsCors(level: Level): boolean {
  return ownHeaders(level).some(isCors) || answersOptions(level);
}

function answersOptions({ node, program }: Level): boolean {
  const test = node && readTest(node);
  const method = test?.kind === 'equals' && !test.negated && test.subject.value === '$request_method';
  return method && test.operand.value === 'OPTIONS' && program.some(({ kind }) => kind === 'return');
}

function listOptions(limit: Node): Edit[] | undefined {
  const last = limit.args.at(-1);
  return last && [{ file: limit.file, start: last.range.end, end: last.range.end, text: ' OPTIONS' }];
}

function moveUp(
  { analysis, host }: PlatformSubject<NginxAnalysis>,
  unreachable: Node,
  barrier: Node,
): Edit[] | undefined {
  const source = openWorkshop(analysis, host).source(unreachable);
  if (source === undefined || barrier.file !== unreachable.file) return undefined;
  const { directive } = unreachable;
  const lines = [...textsAbove(source, directive), ...rawBlock(source, directive)];
  const whole = withCommentsAbove(source, directive);
  const stoodApart = /\n[ \t]*\r?\n[ \t]*$/.test(source.text.slice(0, whole.range.start));
  return [
    insertBefore(source, withCommentsAbove(source, barrier.directive), stoodApart ? [...lines, ''] : lines),
    removeDirective(source, whole),
  ];
}
