/**
 * The logical ids that the framework gives to what it makes of a service (`lib/plugins/aws/lib/naming.js`), by which
 * `resources` changes them.
 */

/** The HTTP API. */
export const HTTP_API = 'HttpApi';

/** The method of a REST path; `verb` in any case. */
export function methodId(path: string, verb: string): string {
  return `ApiGatewayMethod${pathPart(path)}${upperFirst(verb.toLowerCase())}`;
}

/** The resource of a REST path, whose methods may be written by hand. */
export function pathId(path: string): string {
  return `ApiGatewayResource${pathPart(path)}`;
}

/** A function's own address. */
export function urlId(name: string): string {
  return `${upperFirst(name.replace(/-/g, 'Dash').replace(/_/g, 'Underscore'))}LambdaFunctionUrl`;
}

function pathPart(path: string): string {
  return path
    .split('/')
    .map((part) =>
      upperFirst(
        part
          .toLowerCase()
          .replace(/-/g, 'Dash')
          .replace(/^([^{]*)\{(.*)\}/, '$1$2Var')
          .replace(/[^0-9A-Za-z]/g, ''),
      ),
    )
    .join('');
}

function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
