import { prepare } from '../../javascript';
import type { Platform } from '../../lint/types';
import { analyse, type FrontEndAnalysis } from './analysis';
import { mayCall, namesServer } from './recognise';
import { repair } from './repair';
import { rules } from './rules';

/** What pages call: `fetch` and axios in the JavaScript and TypeScript of front ends. */
export const frontend: Platform<FrontEndAnalysis> = {
  id: 'frontend',
  name: 'Front ends',
  lineComment: '//',
  claims: mayCall,
  passesOn: namesServer,
  prepare,
  analyse,
  repair,
  rules,
};
