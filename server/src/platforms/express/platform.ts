import { prepare } from '../../javascript';
import type { Platform } from '../../lint/types';
import { analyse, type ExpressAnalysis } from './analysis';
import { completionAt } from './completion/completion';
import { repair } from './repair';
import { rules } from './rules';
import { claims } from './sniff';

/**
 * Express, the cors package, and Node's own `http`, in JavaScript and TypeScript; and beside it NestJS, socket.io,
 * Fastify, Koa and Hono, each with its own CORS middleware, and Next.js with what its projects set up.
 */
export const express: Platform<ExpressAnalysis> = {
  id: 'express',
  name: 'Express and other Node.js servers',
  lineComment: '//',
  claims,
  completionAt,
  prepare,
  analyse: (file, text, host) => analyse(file, text, host),
  repair,
  rules,
};
