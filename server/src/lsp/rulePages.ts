import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** The rules' pages that come with the server, one markdown file for each rule. */
export interface RulePages {
  /** The address of a rule's page, or undefined when there is none: a link is never dead. */
  link(rule: string): string | undefined;
  /** The page as markdown. */
  read(rule: string): string | undefined;
}

/**
 * @param folder holds `<rule>.md`; it may be missing
 * @param template an address with `{rule}` in it, where the client has its own way to show a page
 */
export function createRulePages(folder: string, template?: string): RulePages {
  let names: ReadonlySet<string> | undefined;
  const exists = (rule: string): boolean => {
    names ??= new Set(list(folder));
    return names.has(`${rule}.md`);
  };
  const file = (rule: string): string => path.join(folder, `${rule}.md`);
  return {
    link(rule) {
      if (!exists(rule)) return undefined;
      return template?.replaceAll('{rule}', encodeURIComponent(rule)) ?? pathToFileURL(file(rule)).href;
    },
    read: (rule) => (exists(rule) ? readFileSync(file(rule), 'utf8') : undefined),
  };
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
