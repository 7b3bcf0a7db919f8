import { distance } from 'fastest-levenshtein';
import { type CorsDialect, OPTION_NAMES, type OptionName } from './corsDialect';

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

/** Whether the middleware reads an option of that name. */
export function isOption(key: string, dialect: CorsDialect): boolean {
  return Object.values(dialect.options).includes(key) || dialect.otherOptions.includes(key);
}

/** The option that an unknown key was meant for; undefined when nothing is near, or the middleware has none like it. */
export function meantOption(key: string, dialect: CorsDialect): OptionName | undefined {
  const plain = key.toLowerCase().replace(/[-_\s]/g, '');
  const meant = OTHER_NAMES[plain] ?? nearest(plain, dialect);
  return meant !== undefined && dialect.options[meant] !== undefined ? meant : undefined;
}

/** By the cors package's own names, and by this middleware's. */
function nearest(plain: string, dialect: CorsDialect): OptionName | undefined {
  const [best] = OPTION_NAMES.flatMap((name) =>
    [name, dialect.options[name] ?? name].map((written) => ({ name, away: distance(plain, written.toLowerCase()) })),
  ).sort((a, b) => a.away - b.away);
  return best && best.away <= Math.min(2, plain.length / 4) ? best.name : undefined;
}
