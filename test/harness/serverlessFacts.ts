import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoint } from '../../server/src/cors/endpoint';
import type { Header, Request } from '../../server/src/cors/http';
import type { OriginEntry, OriginPolicy } from '../../server/src/cors/policy';
import type { Condition, Value } from '../../server/src/cors/value';
import { projectRoot } from './require';

/** What one version of the framework made of a file. */
export interface Packaged {
  readonly exit: number;
  readonly messages: readonly string[];
  /** By logical id; null when packaging stopped. */
  readonly resources: Readonly<Record<string, unknown>> | null;
}

export interface PackagedCase {
  readonly id: string;
  readonly yaml: string;
  readonly serverless: Packaged;
  readonly osls: Packaged;
}

/** The recorded cases of test/oracle/facts/serverless.json. */
export function packagedCases(): PackagedCase[] {
  const text = readFileSync(join(projectRoot, 'test/oracle/facts/serverless.json'), 'utf8');
  const { cases } = JSON.parse(text) as {
    cases: Record<
      string,
      { yaml: string; serverless: Packaged; osls: Omit<Packaged, 'resources'> & Partial<Packaged> }
    >;
  };
  return Object.entries(cases).map(([id, { yaml, serverless, osls }]) => ({
    id,
    yaml,
    serverless,
    osls: { ...osls, resources: osls.resources === undefined ? serverless.resources : osls.resources },
  }));
}

/** The other files that the cases read. */
export const caseFiles: readonly (readonly [string, string])[] = [
  ['cors.yml', 'main:\n  origin: https://file.com\n  allowCredentials: true\n'],
];

/** A preflight or a plain request, from an origin that no case lets in. */
export function request(endpoint: Endpoint, method: string): Request {
  return {
    method,
    scheme: 'https',
    path: endpoint.path,
    origin: 'https://nobody.example',
    headers: new Map(),
    ending: 'success',
  };
}

/** CORS headers as CloudFormation would carry them: static text, and the origins that a template matches. */
export interface Predicted {
  readonly headers: Readonly<Record<string, string>>;
  readonly origins: readonly string[];
  /** Names whose value is not known. */
  readonly unknown: readonly string[];
}

/** What the headers come to when nothing is set from outside. */
export function predict(headers: readonly Header[]): Predicted {
  const known: Record<string, string> = {};
  const unknown: string[] = [];
  const origins: string[] = [];
  for (const { name, value } of headers) {
    if (name === 'Vary') continue;
    const text = staticText(value, origins);
    if (text === undefined) unknown.push(name);
    else if (text !== null) known[name] = text;
  }
  return { headers: known, origins: [...new Set(origins)], unknown };
}

/** Null for a header that is not sent. */
function staticText(value: Value, origins: string[]): string | undefined | null {
  switch (value.kind) {
    case 'literal':
      return value.text;
    case 'absent':
      return null;
    case 'template': {
      const parts = value.parts.map((part) => staticText(part, origins));
      return parts.some((part) => part === undefined) ? undefined : parts.join('');
    }
    case 'choice':
      for (const { when, value: inner } of value.options) {
        if (when.kind === 'origin-admitted') origins.push(...patterns(when.policy));
        // A request header that is passed on has no text of its own.
        if (inner.kind === 'request-origin' && value.options.length === 1) return '<origin>';
        if (when.kind === 'origin-admitted' && value.options.length === 1) return staticText(inner, origins);
        if (holds(when)) return staticText(inner, origins);
      }
      return null;
    default:
      return undefined;
  }
}

function holds(condition: Condition): boolean {
  return condition.kind === 'always';
}

/** The framework's pattern for each origin of a policy. */
function patterns(policy: OriginPolicy): string[] {
  return policy.entries.map((entry: OriginEntry) => {
    if (entry.kind === 'any') return '.+';
    if (entry.kind === 'exact') return entry.text.replace(/\./g, '[.]');
    if (entry.kind === 'match' && entry.test.kind === 'regex') return entry.test.source.replace(/^\^\(\?:|\)\$$/g, '');
    if (entry.kind === 'match' && entry.test.kind === 'prefix') return `${entry.test.text}*`;
    return '?';
  });
}

/** The part of a logical id that the framework makes of a path. */
export function logicalPath(path: string): string {
  return path
    .split('/')
    .map((part) => part.replace(/\{([^}+]*)\+?\}/g, '$1Var').replace(/[^0-9A-Za-z]/g, ''))
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}
