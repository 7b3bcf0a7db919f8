/** The commands' ids, as package.json contributes them. */
export const AUDIT = 'corsLint.audit';
export const RESTART_SERVER = 'corsLint.restartServer';
export const SHOW_OUTPUT = 'corsLint.showOutput';
export const OPEN_RULE_PAGE = 'corsLint.openRulePage';
export const GROUP_BY_FILE = 'corsLint.results.groupByFile';
export const GROUP_BY_SEVERITY = 'corsLint.results.groupBySeverity';
export const GROUP_BY_RULE = 'corsLint.results.groupByRule';
