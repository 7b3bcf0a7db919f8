/**
 * The variables of a `.env` file, read as data. Of a line that takes something from other variables the value is
 * undefined. https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow
 */
export function readDotEnv(text: string): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, rest = ''] = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) found.set(name, plainValue(rest));
  }
  return found;
}

function plainValue(rest: string): string | undefined {
  const [, , quoted] = /^(['"`])(.*?)\1/.exec(rest) ?? [];
  const text = quoted ?? rest.replace(/\s*#.*$/, '').trim();
  return text.includes('$') ? undefined : text;
}

/**
 * The variables that the last stage of a Dockerfile sets, as far as they are plain.
 * https://docs.docker.com/reference/dockerfile/#env
 */
export function readDockerfile(text: string): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const [, keyword = '', rest = ''] = /^\s*(FROM|ENV)\s+(.*)$/i.exec(line) ?? [];
    // A stage that builds on an earlier one has its variables; without reading which, all of them are kept.
    if (keyword.toUpperCase() !== 'ENV') continue;
    const pairs = [...rest.matchAll(/([\w.-]+)=("[^"]*"|'[^']*'|\S*)/g)];
    if (pairs.length === 0) {
      const [, name, value = ''] = /^([\w.-]+)\s+(.*)$/.exec(rest) ?? [];
      if (name !== undefined) found.set(name, plainValue(value));
    }
    for (const [, name = '', value = ''] of pairs) found.set(name, plainValue(value));
  }
  return found;
}
