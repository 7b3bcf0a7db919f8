/**
 * The variables of a `.env` file, read as data. Of a line that takes something from other variables, or is a
 * name alone, the value is undefined. https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow
 */
export function readDotEnv(text: string): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const line of text.split(/\r\n?|\n/)) {
    const [, name, rest] = /^\s*(?:export\s+)?([\w.-]+)\s*(?:=(.*))?$/s.exec(line) ?? [];
    if (name !== undefined) found.set(name, rest === undefined ? undefined : plainValue(rest));
  }
  return found;
}

/** What stands behind `=`, without quotes; undefined for what takes something from other variables. */
export function plainValue(rest: string): string | undefined {
  const value = rest.trim();
  const [, , quoted] = /^(['"`])(.*?)\1/.exec(value) ?? [];
  const text = quoted ?? value.replace(/#.*/s, '').trimEnd();
  return text.includes('$') ? undefined : text;
}
