import type { FunctionValue, Reader, SourceModule } from '../../../javascript';
import type { CorsDialect } from '../cors/corsDialect';
import { opened } from '../flow/flow';
import type { Closing, SiblingApp } from './app';
import { corsOf, partsOf, type Reading, ROOT } from './fastifyParts';
import { inOrder, type Staged } from './fastifyStages';
import { isExport, type Receiver, receiversIn } from './receivers';

/**
 * Fastify: `register(cors, options)` covers every route of the instance and of the plugins below it, whatever the
 * order, since hooks are handed inwards and collected when the app is ready.
 */
export function fastifyApps(
  reader: Reader,
  module: SourceModule,
  dialect: (specifier: string) => CorsDialect,
): readonly SiblingApp[] {
  if (!/fastify/i.test(module.text)) return [];
  const made = receiversIn(reader, module).filter(isApp);
  const read = new Set<FunctionValue['function']>();
  const reading = (): Reading => ({ reader, dialect, read, contexts: { count: 0 } });
  const whole = made.map((receiver) => appOf(receiver, partsOf(reading(), receiver, ROOT, 0), null));
  // What a plugin of these registers is told with them.
  const others = receiversIn(reader, module).filter(
    (one) =>
      !isApp(one) &&
      !(one.value.kind === 'parameter' && read.has(one.value.function)) &&
      one.calls.some((call) => corsOf(reader, call) !== null),
  );
  return [
    ...whole,
    ...others.map((receiver) =>
      appOf(receiver, partsOf(reading(), receiver, ROOT, 0), 'the app comes from another place'),
    ),
  ];
}

function isApp({ value }: Receiver): boolean {
  return value.kind === 'call' && isExport(value.callee, /^fastify$/, ['*', 'default', 'fastify']);
}

function appOf({ place }: Receiver, staged: readonly Staged[], partial: string | null): SiblingApp {
  const parts = inOrder(staged);
  return {
    label: 'the Fastify app',
    place,
    partial,
    path: '/',
    parts,
    isOrdered: false,
    isScoped: true,
    errorStatus: 500,
    isClosed: false,
    closing: closingOf(staged),
  };
}

/** Errors keep the headers that the reply has, unless what answers them speaks of headers. */
function closingOf(staged: readonly Staged[]): Closing {
  const isRead = !staged.some(({ isOfErrors }) => isOfErrors);
  return {
    succeeding: (flow) => flow,
    failing: (flow) => (isRead ? flow : opened({ ...flow, headers: [] }, 'the handler of errors is not read')),
  };
}
