import { distance } from 'fastest-levenshtein';
import { OPTION_NAMES, type OptionName } from './corsDialect';

/** Keys that other frameworks, the standard and older habits use for an option of the cors package. */
const OTHER_NAMES: Readonly<Record<string, OptionName>> = {
  accesscontrolalloworigin: 'origin',
  alloworigin: 'origin',
  alloworigins: 'origin',
  allowedorigin: 'origin',
  allowedorigins: 'origin',
  domain: 'origin',
  domains: 'origin',
  origins: 'origin',
  whitelist: 'origin',
  allowlist: 'origin',
  accesscontrolallowmethods: 'methods',
  allowmethods: 'methods',
  allowedmethods: 'methods',
  allowmethod: 'methods',
  method: 'methods',
  accesscontrolallowheaders: 'allowedHeaders',
  allowheaders: 'allowedHeaders',
  allowheader: 'allowedHeaders',
  allowedheader: 'allowedHeaders',
  accesscontrolexposeheaders: 'exposedHeaders',
  exposeheaders: 'exposedHeaders',
  exposeheader: 'exposedHeaders',
  exposedheader: 'exposedHeaders',
  exposedresponseheaders: 'exposedHeaders',
  accesscontrolallowcredentials: 'credentials',
  allowcredentials: 'credentials',
  credential: 'credentials',
  withcredentials: 'credentials',
  supportscredentials: 'credentials',
  accesscontrolmaxage: 'maxAge',
  maxageseconds: 'maxAge',
  optionssuccess: 'optionsSuccessStatus',
  optionsuccessstatus: 'optionsSuccessStatus',
  optionssuccesscode: 'optionsSuccessStatus',
  optionsstatus: 'optionsSuccessStatus',
  successstatus: 'optionsSuccessStatus',
};

/** Whether cors 2.8.6 reads an option of that name. */
export function isOption(key: string): key is OptionName {
  return OPTION_NAMES.some((name) => name === key);
}

/** The option that an unknown key was meant for; undefined when nothing is near. */
export function meantOption(key: string): OptionName | undefined {
  const plain = key.toLowerCase().replace(/[-_\s]/g, '');
  const listed = OTHER_NAMES[plain];
  if (listed) return listed;
  const [best] = OPTION_NAMES.map((name) => ({ name, away: distance(plain, name.toLowerCase()) })).sort(
    (a, b) => a.away - b.away,
  );
  return best && best.away <= Math.min(2, plain.length / 4) ? best.name : undefined;
}
