import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import { homeOf, type Level, type Step } from '../config/level';
import type { NginxEndpoint } from '../endpoints/endpoints';
import { readTest } from '../evaluate/condition';
import { effectiveHeaders } from '../evaluate/header-lines';
import type { Directive } from '../syntax/tree';
import { headerLine } from './headers';
import { insertAfter, insertAtStart, insertBefore } from './lines';
import { directiveAt, edit, type Source } from './source';
import type { Workshop } from './workshop';

const BARE_IF = ['if ($request_method = OPTIONS) {', '\treturn 204;', '}'];

/**
 * Answers OPTIONS with a bare `if` in the location: without an `add_header` of its own it keeps the location's, and it
 * runs before access rules and content.
 */
export function answerPreflight(
  workshop: Workshop,
  endpoint: NginxEndpoint,
  methods: readonly string[],
  headers: readonly string[],
): Edit[] | undefined {
  const level = homeOf(endpoint.level);
  const owner = level.node?.directive;
  const source = level.node && workshop.source(level.node);
  if (level.kind !== 'location' || owner === undefined || source === undefined || answersOptions(level)) {
    return undefined;
  }
  const lines = effectiveHeaders(level, { nginxVersion: workshop.analysis.nginxVersion ?? '' });
  const last = lines.at(-1);
  const wanted = [
    ...(methods.length === 0 ? [] : [['Access-Control-Allow-Methods', methods.join(', ')] as const]),
    ...(headers.length === 0 ? [] : [['Access-Control-Allow-Headers', headers.join(', ')] as const]),
  ].filter(([name]) => !lines.some((line) => line.name.value.toLowerCase() === name.toLowerCase()));
  if (last === undefined) {
    return undefined;
  }
  const added = wanted.map(([name, value]) => headerLine(name, value, last.always));
  const own = last.level === level && last.node.file === source.file;
  const beside = workshop.source(last.node);
  const steps = level.program.filter((step) => step.node.file === source.file);
  const end = steps.findIndex(mayEnd);
  const first = steps[end]?.node.directive;
  // What sets the variables of the headers has to run before the answer.
  const setter = steps.slice(0, end < 0 ? undefined : end).at(-1)?.node.directive;
  const after = own ? later(last.node.directive, setter) : setter;
  const isFree = after !== undefined && (first === undefined || first.range.start > after.range.end);
  if (isFree && after === last.node.directive) {
    return [insertAfter(source, after, [...added, ...BARE_IF])];
  }
  const list = added.length > 0 && beside !== undefined ? [insertAfter(beside, last.node.directive, added)] : [];
  if (isFree) {
    return [insertAfter(source, after, BARE_IF), ...list];
  }
  const answer = first === undefined ? insertAtStart(source, owner, BARE_IF) : insertBefore(source, first, BARE_IF);
  return answer && [answer, ...list];
}

/** Whether what follows the step may not run: all but setting variables. */
function mayEnd(step: Step): boolean {
  return step.kind === 'if' ? step.level.program.some(mayEnd) : step.kind !== 'set';
}

function later(one: Directive, other: Directive | undefined): Directive {
  return other !== undefined && other.range.start > one.range.start ? other : one;
}

/** Whether some `if` of the level already returns to OPTIONS. */
export function answersOptions(level: Level): boolean {
  return level.program.some(isOptionsAnswer);
}

/** `if ($request_method = OPTIONS) { return …; }` */
export function isOptionsAnswer(step: Step): boolean {
  if (step.kind !== 'if' || !step.level.program.some(({ kind }) => kind === 'return')) {
    return false;
  }
  const test = readTest(step.node);
  return (
    test.kind === 'equals' &&
    !test.negated &&
    test.subject.value === '$request_method' &&
    test.operand.value === 'OPTIONS'
  );
}

/** Lets OPTIONS past `auth_basic`, `auth_request` and `deny` by answering it before; adds it to a `limit_except`. */
export function exemptPreflight(workshop: Workshop, endpoint: NginxEndpoint, place: Place): Edit[] | undefined {
  const gate = limitExceptAt(workshop, place);
  const answer = answersOptions(homeOf(endpoint.level)) ? [] : answerPreflight(workshop, endpoint, [], []);
  if (gate === undefined) {
    return answer;
  }
  const last = gate.directive.args.at(-1);
  const addition = last && edit(gate.source, last.range.end, last.range.end, ' OPTIONS');
  return addition && answer && [addition, ...answer];
}

function limitExceptAt(workshop: Workshop, place: Place): { source: Source; directive: Directive } | undefined {
  const source = workshop.source(place);
  for (let at = source && directiveAt(source, place); at !== undefined; at = at.parent) {
    if (at.name.value === 'limit_except' && source !== undefined) {
      return { source, directive: at };
    }
  }
  return undefined;
}
