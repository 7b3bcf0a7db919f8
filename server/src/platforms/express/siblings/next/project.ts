import type { Request, Response } from '../../../../cors/http';
import type { Reader } from '../../../../javascript';
import type { Host } from '../../../../lint/types';
import { appendHeader, type Flow, opened, START, setHeader } from '../../flow/flow';
import type { WebEnd } from '../web/run';
import { configured, type NextConfig, readConfig } from './config';
import { configFile, middlewareFile } from './files';
import { type Middleware, readMiddleware, runMiddleware } from './middleware';

/** What every request to a project meets before a handler: the configuration's headers, then the middleware. */
export interface Project {
  readonly config: NextConfig;
  readonly middleware: Middleware | null;
}

const NO_CONFIG: NextConfig = { ways: [], open: null, basePath: '' };

/** @param root how the project's folder is reached from the file's: `../../` */
export function projectOf(reader: Reader, file: string, root: string, host: Host): Project {
  const configPath = configFile(file, root, host);
  const configModule = configPath === null ? null : reader.module(configPath);
  const config = configModule === null ? NO_CONFIG : readConfig(reader, configModule);
  const path = middlewareFile(file, root, host);
  const module = path === null ? null : reader.module(path);
  return { config, middleware: module === null ? null : readMiddleware(reader, module, config.basePath) };
}

/** What a request has met: it goes on to the handler, or the middleware has answered. */
export interface Met {
  readonly on: readonly Flow[];
  readonly answered: readonly { readonly flow: Flow; readonly end: WebEnd }[];
}

/** The middleware's headers replace those of the configuration; what it answers has both. */
export function meet(reader: Reader, { config, middleware }: Project, request: Request): Met {
  const flows = configured(config, request, START);
  const ends = middleware === null ? [] : runMiddleware(reader, middleware, request);
  if (ends === undefined) return { on: flows.map((flow) => opened(flow, 'the middleware is not read')), answered: [] };
  if (ends.length === 0) return { on: flows, answered: [] };
  const on: Flow[] = [];
  const answered: { flow: Flow; end: WebEnd }[] = [];
  for (const flow of flows) {
    for (const end of ends) {
      const both = joined(flow, end.flow, 'replaces');
      if (both === null) continue;
      if (end.kind === 'nothing') on.push(flow);
      else if (end.kind === 'next') on.push(both);
      else if (end.kind === 'unknown') on.push(opened(both, 'what the middleware answers is not read'));
      else answered.push({ flow: both, end });
    }
  }
  return { on, answered };
}

/**
 * The headers of both. Next.js sends what a route handler sets only where nothing is set before
 * (next/dist/server/send-response.js); the middleware's replace those of the configuration. `Vary` is kept of all.
 */
export function joined(first: Flow, second: Flow, how: 'replaces' | 'gives way'): Flow | null {
  const assumes = new Map(first.assumes);
  for (const [holds, is] of second.assumes) {
    if ((assumes.get(holds) ?? is) !== is) return null;
    assumes.set(holds, is);
  }
  const had = new Set(first.headers.map(({ name }) => name.toLowerCase()));
  const headers = second.headers.reduce<Flow>((on, header) => {
    const name = header.name.toLowerCase();
    if (name === 'vary') return appendHeader(on, header);
    if (how === 'gives way') return had.has(name) ? on : appendHeader(on, header);
    return had.has(name) ? setHeader(on, header) : appendHeader(on, header);
  }, first);
  return {
    ...headers,
    assumes,
    when: [...new Set([...first.when, ...second.when])],
    open: first.open ?? second.open,
  };
}

/** A flow as a response. */
export function toResponse(
  { headers, open, when, assumes }: Flow,
  status: number | undefined,
  answeredBy: Response['answeredBy'],
): Response {
  return {
    status,
    answeredBy,
    headers,
    ...(open === null ? {} : { open }),
    ...(when.length === 0 ? {} : { when: when.join(' and ') }),
    ...(assumes.size === 0 ? {} : { assumes }),
  };
}
