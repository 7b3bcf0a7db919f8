import type { Checked } from './check';
import type { Suppression } from './suppressions';

/**
 * Whether a suppression would be read as a comment where it is to be written: inside a template literal or a YAML
 * block scalar a line with a comment sign is text like any other. The file is read once more with it, and only if
 * something above may hold such a text.
 */
export async function readAsComment({ file, text, workspace }: Checked, suppression: Suppression): Promise<boolean> {
  const { at, before, reason, after } = suppression;
  if (!LONG_TEXT.test(text.slice(0, at))) return true;
  const analysed = await workspace.analyses(file);
  if (analysed.length === 0) return true;
  const tried = text.slice(0, at) + before + reason + after + text.slice(at);
  const sign = at + (/^\s*/.exec(before)?.[0].length ?? 0);
  return analysed.some(({ platform }) => {
    try {
      const { comments } = platform.analyse(file, tried, workspace.host, {});
      return comments.some(({ start, end }) => start <= sign && sign < end);
    } catch {
      return false;
    }
  });
}

/** What may begin a text of several lines: a template literal, JSX, a block scalar, an open quote. */
const LONG_TEXT =
  /`|<\/|[|>][-+\d]*[\t ]*(?:#[^\n]*|\r)?(?![^\n])|(?<![^\n])[^"\n]*"(?:[^"\n]*"[^"\n]*")*[^"\n]*(?![^\n])|(?<![^\n])[^'\n]*'(?:[^'\n]*'[^'\n]*')*[^'\n]*(?![^\n])/;
