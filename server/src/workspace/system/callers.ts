import type { OutgoingCall } from '../../lint/types';

/** A call with the page that makes it. The same object for as long as the page says the same. */
export interface PageCall {
  readonly page: string;
  readonly call: OutgoingCall;
}

export interface Callers {
  /** The calls of every page: the same array for as long as all say the same. */
  all(): readonly PageCall[];
  /** What the page calls now. */
  learn(page: string, calls: readonly OutgoingCall[]): void;
  /** Those are all the pages that there are. */
  keepOnly(pages: readonly string[]): void;
}

/** Remembers what the pages of a workspace call, as far as they have been read. */
export function openCallers(): Callers {
  const pages = new Map<string, { readonly text: string; readonly calls: readonly PageCall[] }>();
  let current: readonly PageCall[] | undefined;

  const learn = (page: string, calls: readonly OutgoingCall[]): void => {
    const text = calls.length === 0 ? '' : JSON.stringify(calls);
    if ((pages.get(page)?.text ?? '') === text) return;
    current = undefined;
    if (calls.length === 0) pages.delete(page);
    else pages.set(page, { text, calls: calls.map((call) => ({ page, call })) });
  };
  return {
    learn,
    all() {
      current ??= [...pages.values()].flatMap(({ calls }) => calls);
      return current;
    },
    keepOnly(wanted) {
      const kept = new Set(wanted);
      for (const page of [...pages.keys()]) if (!kept.has(page)) learn(page, []);
    },
  };
}
