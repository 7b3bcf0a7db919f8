import type { ReasonId } from './reasons';

/** What a browser's console said, taken apart. */
export interface Message {
  readonly browser: 'chrome' | 'firefox' | 'safari';
  /** The message as it was, without what stood around it, white space made single. */
  readonly text: string;
  readonly reason: ReasonId;
  /** What was fetched. */
  readonly url: string | undefined;
  /** The page's origin. Firefox does not tell it. */
  readonly origin: string | undefined;
  /** The method, header or value that the message names. */
  readonly names: string | undefined;
  /** The status that the browser tells of, of the call or of its preflight. */
  readonly status: number | undefined;
  readonly isPreflight: boolean;
}

/** One form that a complaint takes. The pattern is matched where the complaint starts; its first group is `names`. */
export interface Form {
  readonly pattern: RegExp;
  readonly reason: ReasonId;
  readonly isPreflight?: boolean;
}

/** A form that was met at a place of a text. */
export interface Met {
  readonly form: Form;
  readonly names: string | undefined;
  readonly status: number | undefined;
  /** Where the complaint ends. */
  readonly end: number;
}

/**
 * The form whose pattern matches at that place.
 * @param forms with sticky patterns; a group called `status` holds a status code
 */
export function meet(forms: readonly Form[], text: string, at: number): Met | undefined {
  for (const form of forms) {
    form.pattern.lastIndex = at;
    const found = form.pattern.exec(text);
    if (found === null) continue;
    const status = found.groups?.['status'];
    return {
      form,
      names: found[1] === undefined || found[1] === status ? undefined : found[1],
      status: status === undefined ? undefined : Number(status),
      end: at + found[0].length,
    };
  }
  return undefined;
}
