import type { FunctionValue, JsValue, Path, Reader } from '../../../javascript';
import type { OriginNames } from '../../../javascript/originParts';
import { isOriginOf, mentionsOrigin } from '../request/originNames';
import type { RequestNames } from '../request/requestNames';
import { type End, endsOf } from './callbackEnds';
import type { OriginSetting } from './originValue';

/** How a function is asked and how it answers. */
export interface Asked {
  /** What its parameters stand for. */
  names(fn: FunctionValue): RequestNames;
  /** The answers that one way through it gives. */
  ends(reader: Reader, fn: FunctionValue, path: Path): readonly End[];
}

/** `(origin, callback)`: the `origin` option of the cors package. */
export const ORIGIN_CALLBACK: Asked = {
  names: (fn) => ({ isRequest: () => false, isOrigin: (value) => isFirstParameter(value, fn) }),
  ends: endsOf,
};

/** `(request, callback)`: a delegate that is asked for all options. */
export const REQUEST_CALLBACK: Asked = {
  names: (fn) => ({ isRequest: (value) => isFirstParameter(value, fn) }),
  ends: endsOf,
};

/** How a CORS middleware takes what its origin function answers. */
export interface Answering {
  /** How the function is asked. */
  asked(fn: FunctionValue): Asked;
  /** What one value does that the function answers with. */
  answerSetting(value: JsValue, names: OriginNames): OriginSetting;
  /** Whether whatever is truthy lets the origin in; otherwise the answer itself is sent. */
  readonly truthyReflects: boolean;
}

export function isFirstParameter(value: JsValue, fn: FunctionValue): boolean {
  return value.kind === 'parameter' && value.function === fn.function && value.index === 0;
}

/** Whether the function's first argument stands in a value. */
export function isAboutQuestion(value: JsValue, fn: FunctionValue): boolean {
  return mentionsOrigin(value, {
    isOrigin: (one) => one.kind === 'parameter' && one.function === fn.function && one.index === 0,
  });
}

/** Names for tests of the origin inside the function. */
export function originNames(reader: Reader, fn: FunctionValue, asked: Asked): OriginNames {
  const names = asked.names(fn);
  if (names.isOrigin) return { reader, isOrigin: names.isOrigin };
  return { reader, isOrigin: (value) => isOriginOf(value, names.isRequest) };
}
