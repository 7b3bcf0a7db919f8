import type { TSESTree } from '@typescript-eslint/types';
import { type Exchange, simpleCall } from '../../../../cors/browser';
import { UNRELATED_ORIGINS } from '../../../../cors/hostile';
import type { Request } from '../../../../cors/http';
import { knownExchange } from '../../../../cors/known';
import { samePlace } from '../../../../cors/place';
import type { Edit } from '../../../../cors/repair';
import { branchesOf, type FunctionValue, type Path, placeOf, type Reader } from '../../../../javascript';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject } from '../../../../lint/types';
import type { ExpressAnalysis } from '../../analysis';
import { ORIGIN_CALLBACK } from '../../cors/asked';
import { type CallbackOutcome, callbackOutcomes } from '../../cors/callbackOutcomes';
import { originOptionsIn } from '../../cors/corsCalls';
import { START } from '../../flow/flow';
import { mentionsOrigin } from '../../request/originNames';

interface Data {
  /** Undefined when an error handler decides that is not seen, or in circumstances only. */
  readonly status: number | undefined;
  /** Whether requests that have no Origin fail as well. */
  readonly withoutOrigin: boolean;
  /** The callback's name. */
  readonly callback: string;
  readonly edits: readonly Edit[];
}

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-origin-error',
    title: 'A refused origin becomes a server error',
    severity: 'info',
    category: 'fragile',
    tags: ['origin', 'callback', 'errors'],
    reference: 'https://github.com/expressjs/cors#configuring-cors-w-dynamic-origin',
  },
  check(subject, report) {
    const { analysis } = subject;
    for (const fn of originFunctionsIn(analysis)) {
      const failure = failureIn(analysis.reader, fn);
      const callback = fn.function.params[1];
      if (failure === undefined || callback?.type !== 'Identifier' || isNeverRefused(analysis.reader, fn)) continue;
      const exchange = failedExchange(subject, fn);
      const status = exchange?.actual.response.status;
      const withoutOrigin = failsWithoutOrigin(analysis.reader, fn);
      // Whoever answers with a status of their own has thought of it.
      if (status !== undefined && status < 500 && !withoutOrigin) continue;
      const data: Data = {
        status,
        withoutOrigin,
        callback: callback.name,
        edits: refusal(fn, failure, callback.name),
      };
      report({ place: placeOf(fn.module, failure), data, ...(exchange ? { exchange } : {}) });
    }
  },
  message({ status, withoutOrigin, callback }) {
    const others = withoutOrigin ? ', and so does every request without Origin: same-origin pages, curl, probes' : '';
    const gets = status === undefined ? 'an error, usually 500,' : status;
    return `An origin that is refused gets ${gets} without CORS headers, as if the server had failed${others}. Call \`${callback}(null, false)\` to refuse: the answer then only lacks the CORS headers.`;
  },
  fixes: ({ callback, edits }) =>
    edits.length === 0 ? [] : [{ title: `Refuse with \`${callback}(null, false)\``, preferred: false, edits }],
});

/** The functions that the file's `cors(…)` calls ask about origins, each once. */
function originFunctionsIn(analysis: ExpressAnalysis): readonly FunctionValue[] {
  const functions = originOptionsIn(analysis).flatMap(({ value }) =>
    branchesOf(value).flatMap((branch) => (branch.value.kind === 'function' ? [branch.value] : [])),
  );
  return [...new Map(functions.map((fn) => [`${fn.place.file}:${fn.place.start}`, fn])).values()];
}

type Failure = TSESTree.CallExpression | TSESTree.ThrowStatement;

/** Where an origin is refused with an error, on a way that depends on the origin. */
function failureIn(reader: Reader, fn: FunctionValue): Failure | undefined {
  const { paths, complete } = reader.paths(fn);
  if (!complete) return undefined;
  const { isOrigin } = ORIGIN_CALLBACK.names(fn);
  if (isOrigin === undefined) return undefined;
  for (const path of paths) {
    const ends = ORIGIN_CALLBACK.ends(reader, fn, path);
    const isRefusal = path.conditions.some((condition) => mentionsOrigin(condition.of, { isOrigin }));
    // What a `catch` hands on is another error.
    if (!isRefusal || (path.error && path.end.kind !== 'throw') || !ends.every((end) => end.kind === 'error')) continue;
    const failure = endOf(reader, fn, path);
    if (failure) return failure;
  }
  return undefined;
}

/** The call of the callback on a way that fails, or the `throw`. */
function endOf(reader: Reader, fn: FunctionValue, path: Path): Failure | undefined {
  for (const { node, context } of path.steps) {
    if (node.type !== 'CallExpression' || context.module.path !== fn.module.path) continue;
    const callee = reader.evaluate(node.callee, context);
    if (callee.kind === 'parameter' && callee.function === fn.function && callee.index === 1) return node;
  }
  const { end } = path;
  return end.kind === 'throw' && end.context.module.path === fn.module.path ? end.node : undefined;
}

function refusal({ module }: FunctionValue, failure: Failure, callback: string): readonly Edit[] {
  const place = placeOf(module, failure);
  if (failure.type === 'ThrowStatement') {
    const semicolon = module.text[place.end - 1] === ';' ? ';' : '';
    return [{ ...place, text: `return ${callback}(null, false)${semicolon}` }];
  }
  const first = failure.arguments[0];
  const last = failure.arguments.at(-1);
  if (first === undefined || last === undefined) return [];
  return [{ ...place, start: first.range[0], end: last.range[1], text: 'null, false' }];
}

/** A test that is always true leaves the error behind it out of reach. */
function isNeverRefused(reader: Reader, fn: FunctionValue): boolean {
  return outcomesFor(reader, fn, UNRELATED_ORIGINS[0]).every(({ kind }) => kind === 'value');
}

function failsWithoutOrigin(reader: Reader, fn: FunctionValue): boolean {
  return outcomesFor(reader, fn, undefined).every(({ kind }) => kind === 'error');
}

function outcomesFor(reader: Reader, fn: FunctionValue, origin: string | undefined): readonly CallbackOutcome[] {
  const request: Request = { method: 'GET', scheme: 'https', path: '/', origin, headers: new Map(), ending: 'success' };
  return callbackOutcomes(reader, fn, ORIGIN_CALLBACK, request, START);
}

/** A call from an origin that nobody meant, where an endpoint is known to ask the function and to fail. */
function failedExchange(
  { analysis, browserFor }: PlatformSubject<ExpressAnalysis>,
  fn: FunctionValue,
): Exchange | undefined {
  for (const endpoint of analysis.endpoints) {
    if (!endpoint.policies.some(({ place }) => samePlace(place, fn.place))) continue;
    const method = endpoint.methods?.[0] ?? 'GET';
    const exchange = knownExchange(
      browserFor(endpoint).fetch(simpleCall(endpoint, UNRELATED_ORIGINS[0], { method })),
      ({ actual, when }) =>
        when.length === 0 &&
        actual.verdict.step === 'cors-check/no-allow-origin' &&
        actual.response.status !== undefined &&
        actual.response.status >= 400 &&
        actual.response.status !== 404,
    );
    if (exchange) return exchange;
  }
  return undefined;
}
