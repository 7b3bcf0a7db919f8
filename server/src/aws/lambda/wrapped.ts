import type { CallValue, FunctionValue, JsValue } from '../../javascript';

/** What stands behind a handler's export. */
export type Wrapped =
  | { readonly kind: 'function'; readonly fn: FunctionValue }
  | { readonly kind: 'call'; readonly call: CallValue }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Packages that hand the event to an application of another framework: its answers are not the handler's. */
const APPLICATIONS: ReadonlySet<string> = new Set([
  'serverless-http',
  'aws-serverless-express',
  '@vendia/serverless-express',
  '@codegenie/serverless-express',
  'aws-serverless-fastify',
  'aws-lambda-fastify',
  '@fastify/aws-lambda',
  'aws-serverless-koa',
  'lambda-api',
  'hono/aws-lambda',
  'apollo-server-lambda',
  '@as-integrations/aws-lambda',
  '@trpc/server/adapters/aws-lambda',
]);

/** Functions of packages that watch a handler, hand on what it answers and add nothing to it. */
const WATCHERS: ReadonlySet<string> = new Set([
  '@sentry/serverless#wrapHandler',
  '@sentry/aws-serverless#wrapHandler',
  'datadog-lambda-js#datadog',
  '@lumigo/tracer#trace',
  'epsagon#lambdaWrapper',
]);

/** Takes off what does not change a handler's answers: `bind`, wrappers that only watch. */
export function unwrapHandler(value: JsValue, depth = 0): Wrapped {
  if (value.kind === 'function') return { kind: 'function', fn: value };
  if (value.kind !== 'call') return { kind: 'unknown', reason: reasonFor(value) };
  const { callee } = value;
  const [first] = value.arguments;
  if (depth < 6 && callee.kind === 'member' && callee.property === 'bind') {
    return unwrapHandler(callee.object, depth + 1);
  }
  const origin = importOf(callee);
  if (origin !== undefined && APPLICATIONS.has(origin.specifier)) {
    return { kind: 'unknown', reason: `the application that \`${origin.specifier}\` wraps answers` };
  }
  if (depth < 6 && origin !== undefined && first !== undefined && WATCHERS.has(`${origin.specifier}#${origin.name}`)) {
    return unwrapHandler(first, depth + 1);
  }
  return { kind: 'call', call: value };
}

/** The package and the last name by which it is used: `Sentry.AWSLambda.wrapHandler`. */
function importOf(value: JsValue): { readonly specifier: string; readonly name: string } | undefined {
  if (value.kind === 'import') return { specifier: value.specifier, name: value.exported };
  if (value.kind === 'member') {
    const inner = importOf(value.object);
    return inner && { ...inner, name: value.property };
  }
  if (value.kind === 'call' || value.kind === 'new') return importOf(value.callee);
  return undefined;
}

/** Why what a call gives cannot be read as a handler. */
export function callReason(call: CallValue): string {
  const origin = importOf(call.callee);
  if (origin === undefined || origin.specifier === 'globalThis') {
    return 'the handler is wrapped by something that cannot be read';
  }
  return `\`${origin.specifier}\`, which wraps the handler, is not read`;
}

function reasonFor(value: JsValue): string {
  switch (value.kind) {
    case 'unknown':
      return value.reason;
    case 'import':
      return `the handler comes from \`${value.specifier}\`, which is not read`;
    case 'choice':
      return 'which handler it is depends on where it runs';
    default:
      return 'the handler is computed';
  }
}
