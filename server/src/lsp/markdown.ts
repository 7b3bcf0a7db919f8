/** Text of the workspace as markdown: it shows as it is and never becomes markup. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()<>#+\-.!|~&]/g, '\\$&')
    .replace(/\s+/g, (space) => (/[\r\n]/.test(space) ? ' ' : space));
}

/** A span of code, whatever stands in it. https://spec.commonmark.org/0.31.2/#code-spans */
export function codeSpan(text: string): string {
  const line = text.replace(/[\r\n]+/g, ' ');
  const ticks = '`'.repeat(longestRun(line) + 1);
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${space}${line}${space}${ticks}`;
}

/** A fenced block, whatever stands in it. https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
export function codeBlock(language: string, text: string): string {
  const ticks = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${ticks}${language}\n${text}\n${ticks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
}
