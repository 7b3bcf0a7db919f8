// Generated from the folders beside this file by npm run generate: add a folder, then run it.
import { rule as frontendCallRefused } from './frontend-call-refused';
import { rule as frontendHeaderHidden } from './frontend-header-hidden';
import { rule as noCorsMode } from './no-cors-mode';

/** Every rule of this folder. */
export const rules = [frontendCallRefused, frontendHeaderHidden, noCorsMode];
