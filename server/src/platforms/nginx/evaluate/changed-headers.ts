import { HeadersView } from '../../../cors/headersView';

/**
 * Headers with some set to another value or, where it is undefined, taken out. Reads of the headers below what is read
 * of these and nothing else, so that a request that differs in the rest is known to be answered the same.
 */
export function changedHeaders(
  headers: ReadonlyMap<string, string>,
  changes: ReadonlyMap<string, string | undefined>,
): ReadonlyMap<string, string> {
  return changes.size === 0 ? headers : new ChangedHeaders(headers, changes);
}

class ChangedHeaders extends HeadersView {
  readonly #headers: ReadonlyMap<string, string>;
  readonly #changes: ReadonlyMap<string, string | undefined>;

  constructor(headers: ReadonlyMap<string, string>, changes: ReadonlyMap<string, string | undefined>) {
    super();
    this.#headers = headers;
    this.#changes = changes;
  }

  protected all(): ReadonlyMap<string, string> {
    const all = new Map(this.#headers);
    for (const [name, value] of this.#changes) {
      if (value === undefined) {
        all.delete(name);
      } else {
        all.set(name, value);
      }
    }
    return all;
  }

  get(name: string): string | undefined {
    return this.#changes.has(name) ? this.#changes.get(name) : this.#headers.get(name);
  }
}
