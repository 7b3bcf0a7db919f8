import type { JsValue } from '../../../javascript';

/** Which symbolic values stand for the request, seen from one function. */
export interface RequestNames {
  /** The request object. */
  isRequest(value: JsValue): boolean;
  /** The response, which is not answered yet. */
  isResponse?(value: JsValue): boolean;
  /** The value of the `Origin` header, when the function is given just that. */
  isOrigin?(value: JsValue): boolean;
  /** The error that an error handler is given: never nothing. */
  isError?(value: JsValue): boolean;
  /** That error, where it is known which it is. */
  readonly error?: JsValue | null;
}
