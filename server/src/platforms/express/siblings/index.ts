import type { Endpoint } from '../../../cors/endpoint';
import type { Property, Reader, SourceModule } from '../../../javascript';
import { lowestVersion, packageMajor } from '../../../javascript/packageMajor';
import type { Host } from '../../../lint/types';
import type { CorsSource } from '../cors/corsOptions';
import type { SiblingApp } from './app';
import { endpointsOf } from './endpoints';
import { fastifyApps } from './fastify';
import { fastifyCors } from './fastifyCors';
import { honoApps } from './hono';
import { koaApps } from './koa';
import { nestApps } from './nest';
import { nextParts } from './next';
import { oldOriginsIn, socketApps } from './socketIo';

/** What a file has of Next.js, NestJS, socket.io, Fastify, Koa and Hono. */
export interface Siblings {
  readonly apps: readonly SiblingApp[];
  readonly endpoints: readonly Endpoint[];
  /** Everything that sets CORS up, in no order. */
  readonly sources: readonly CorsSource[];
  /** The `origins` options of socket.io 2 that the version at hand ignores. */
  readonly oldOrigins: readonly Property[];
}

const SIGN = /@nestjs\/|NestFactory|enableCors|fastify|\bkoa\b|hono|socket\.io|WebSocketGateway/i;
const NONE: Siblings = { apps: [], endpoints: [], sources: [], oldOrigins: [] };

/**
 * @param host package.json is read through it, where a package's version decides
 */
export function siblingsIn(reader: Reader, module: SourceModule, host: Host): Siblings {
  const next = nextParts(reader, module, host);
  if (!SIGN.test(module.text)) return { ...NONE, ...next };
  // The older package had its methods before they were cut down.
  const fastify = (specifier: string) =>
    fastifyCors(specifier === 'fastify-cors' ? 0 : packageMajor('@fastify/cors', module.path, host));
  const apps = [
    ...nestApps(reader, module, () => fastify('@fastify/cors')),
    ...socketApps(reader, module),
    ...fastifyApps(reader, module, fastify),
    ...koaApps(reader, module, () => lowestVersion('@koa/cors', module.path, host)),
    ...honoApps(reader, module),
  ];
  return {
    apps,
    endpoints: [...next.endpoints, ...apps.flatMap((app) => endpointsOf(reader, app))],
    sources: [
      ...next.sources,
      ...apps.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'cors' ? [part.source] : []))),
    ],
    oldOrigins: oldOriginsIn(reader, module, () => packageMajor('socket.io', module.path, host)),
  };
}
