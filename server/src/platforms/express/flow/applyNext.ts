import { type JsValue, property, truthiness } from '../../../javascript';
import { readError } from '../request/errorValue';
import type { Roles } from '../request/names';
import type { Flow } from './flow';
import type { Inner } from './functionRun';

export function applyNext(argument: JsValue | null, roles: Roles, flow: Flow): readonly Inner[] {
  if (argument === null) return [{ kind: 'next', flow }];
  if (argument.kind === 'string' && (argument.value === 'route' || argument.value === 'router'))
    return [{ kind: 'skip', flow }];
  const isGiven = roles.isError?.(argument) === true;
  const failed = isGiven ? true : truthiness(argument);
  const status = statusOfError(argument, flow);
  const error = isGiven ? (roles.error ?? null) : readError(argument);
  if (failed === undefined)
    return [
      { kind: 'error', flow, status, error },
      { kind: 'next', flow },
    ];
  return [failed ? { kind: 'error', flow, status, error } : { kind: 'next', flow }];
}

/**
 * The status that an error brings, or that the response already has, if it is one of an error (finalhandler,
 * `getErrorStatusCode` and `getResponseStatusCode`); undefined where the error says nothing.
 */
export function statusOfError(error: JsValue | null, flow: Flow): number | undefined {
  if (error?.kind === 'object') {
    for (const key of ['status', 'statusCode']) {
      const value = property(error, key)?.value;
      if (value?.kind === 'number' && value.value >= 400 && value.value < 600) return value.value;
    }
  }
  return typeof flow.status === 'number' && flow.status >= 400 && flow.status < 600 ? flow.status : undefined;
}
