import type { FunctionNode, JsValue } from '../../../javascript';
import type { WebNames } from './web/names';

/** What a hook of Fastify calls its request, its reply and what goes on. */
export interface FastifyNames extends WebNames {
  /** The reply itself, or what its methods give back: the reply (fastify/lib/reply.js). */
  isReply(value: JsValue): boolean;
  /** `reply.raw`, Node's own response. */
  isRawReply(value: JsValue): boolean;
  isDone(value: JsValue): boolean;
  /** Whether a text of code has the reply or what goes on by its name. */
  isNamedIn(text: string): boolean;
}

const CHAINED = new Set(['code', 'status', 'header', 'headers', 'removeHeader', 'type', 'send']);

/**
 * `(request, reply, done) => …`
 * @param done which parameter goes on: the one behind the payload where a hook has one
 */
export function fastifyNames(owner: FunctionNode, done: number): FastifyNames {
  const at = (index: number) => (value: JsValue) =>
    value.kind === 'parameter' && value.function === owner && value.index === index;
  const isOwnReply = at(1);
  const isReply = (value: JsValue): boolean => {
    let root = value;
    while (root.kind === 'call' && root.callee.kind === 'member' && CHAINED.has(root.callee.property))
      root = root.callee.object;
    return isOwnReply(root);
  };
  const isRequest = (value: JsValue): boolean =>
    at(0)(value) || (value.kind === 'member' && value.property === 'raw' && at(0)(value.object));
  const requestHeader = (value: JsValue): string | null => {
    if (value.kind !== 'member') return null;
    const { object, property } = value;
    const isHeaders = object.kind === 'member' && object.property === 'headers' && isRequest(object.object);
    return isHeaders && property === property.toLowerCase() ? property : null;
  };
  const words = new Set(owner.params.slice(1).flatMap((one) => (one.type === 'Identifier' ? one.name : [])));
  return {
    isReply,
    isRawReply: (value) => value.kind === 'member' && value.property === 'raw' && isReply(value.object),
    isDone: at(done),
    isNamedIn: (text) => text.split(/[^\w$]+/).some((word) => words.has(word)),
    isRequest,
    requestHeader,
    isOrigin: (value) => requestHeader(value) === 'origin',
    missing: () => 'undefined',
  };
}
