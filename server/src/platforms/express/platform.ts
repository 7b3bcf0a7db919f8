import { prepare } from '../../javascript';
import type { Platform } from '../../lint/types';
import { analyse, type ExpressAnalysis } from './analysis';
import { repair } from './repair';
import { rules } from './rules';
import { claims } from './sniff';

/** Express, the cors package, and Node's own `http`, in JavaScript and TypeScript. */
export const express: Platform<ExpressAnalysis> = {
  id: 'express',
  name: 'Express',
  lineComment: '//',
  claims,
  prepare,
  analyse: (file, text, host) => analyse(file, text, host),
  repair,
  rules,
};
