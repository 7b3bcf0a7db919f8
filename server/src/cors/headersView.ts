/**
 * Headers that come of others, by lower-case name. One name is looked up by itself; whatever looks at more than one goes
 * to all of them.
 */
export abstract class HeadersView implements ReadonlyMap<string, string> {
  abstract get(name: string): string | undefined;

  protected abstract all(): ReadonlyMap<string, string>;

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  get size(): number {
    return this.all().size;
  }

  entries() {
    return this.all().entries();
  }

  keys() {
    return this.all().keys();
  }

  values() {
    return this.all().values();
  }

  forEach(visit: (value: string, name: string, map: ReadonlyMap<string, string>) => void): void {
    this.all().forEach(visit);
  }

  [Symbol.iterator]() {
    return this.all()[Symbol.iterator]();
  }
}
