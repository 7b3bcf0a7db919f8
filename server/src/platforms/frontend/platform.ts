import { prepare } from '../../javascript';
import type { Platform } from '../../lint/types';
import { analyse, type FrontEndAnalysis } from './analysis';
import { handsOver, mayProxy } from './proxies/recognise';
import { mayCall, namesServer } from './recognise';
import { repair } from './repair';
import { rules } from './rules';

/**
 * What pages call: `fetch`, axios and others in the JavaScript and TypeScript of front ends; and where a development
 * server hands on what they ask of their own origin.
 */
export const frontend: Platform<FrontEndAnalysis> = {
  id: 'frontend',
  name: 'Front ends',
  lineComment: '//',
  claims: (file, text) => mayProxy(file, text) || mayCall(file, text),
  passesOn: (text) => namesServer(text) || handsOver(text),
  prepare,
  analyse,
  repair,
  rules,
};
