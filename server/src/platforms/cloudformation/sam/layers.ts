import type { Reader, Setting } from '../../../aws/template/reader';
import { scalarText } from '../../../aws/template/values';
import type { YamlMap } from '../../../yaml/tree';

/**
 * The settings of a SAM resource over those of `Globals`: of a key that both have the resource's own counts, and maps
 * are merged key by key.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
 */
export class Layers {
  private readonly maps: readonly YamlMap[];

  /** @param maps the strongest first; those that are not there are left out */
  constructor(
    readonly reader: Reader,
    ...maps: readonly (YamlMap | undefined)[]
  ) {
    this.maps = maps.flatMap((map) => map ?? []);
  }

  setting(key: string): Setting | undefined {
    for (const map of this.maps) {
      const found = this.reader.setting(map, key);
      if (found !== undefined) return this.united(key, found);
    }
    return undefined;
  }

  /** The map under a key; undefined where there is none, or the strongest value is no map. */
  under(key: string): Layers | undefined {
    const found: YamlMap[] = [];
    for (const map of this.maps) {
      const value = this.reader.setting(map, key)?.value;
      if (value === undefined) continue;
      if (value.kind !== 'node' || value.node.kind !== 'map') break;
      found.push(value.node);
    }
    return found.length === 0 ? undefined : new Layers(this.reader, ...found);
  }

  text(key: string): string | undefined {
    const value = this.setting(key)?.value;
    return value?.kind === 'node' ? scalarText(value.node) : undefined;
  }

  /** Every key with its setting. */
  *settings(): Iterable<readonly [string, Setting]> {
    const keys = new Set(this.maps.flatMap((map) => map.entries.map(({ key }) => String(key.value))));
    for (const key of keys) {
      const setting = this.setting(key);
      if (setting !== undefined) yield [key, setting];
    }
  }

  /** Lists of several maps are joined into one, that of the weakest first. */
  private united(key: string, { entry, value }: Setting): Setting {
    if (value.kind !== 'node' || value.node.kind !== 'list' || this.maps.length < 2) return { entry, value };
    const lists = this.maps.flatMap((map) => {
      const other = this.reader.setting(map, key)?.value;
      return other?.kind === 'node' && other.node.kind === 'list' ? [other.node] : [];
    });
    if (lists.length < 2) return { entry, value };
    const items = lists.toReversed().flatMap((list) => list.items);
    return { entry, value: { kind: 'node', node: { ...value.node, items } } };
  }
}
