import { dirname, resolve } from 'node:path';
import type { YamlLibrary } from '../../yaml/library';
import { parseYaml } from '../../yaml/parse';
import { deref, entriesOf, entryOf, type YamlNode } from '../../yaml/tree';

/** A service of a Compose file, as far as it says what runs in it and where. https://docs.docker.com/reference/compose-file/services/ */
export interface Service {
  /** The names by which other services of the file reach it, in lower case. */
  readonly names: readonly string[];
  /** Folders of the workspace that it is built from or that are mounted into it. Absolute; they need not be there. */
  readonly folders: readonly string[];
  /** The file that it is built with; undefined when it is not built. */
  readonly dockerfile: string | undefined;
  /** What the file sets; undefined for a value that is filled in later. */
  readonly environment: ReadonlyMap<string, string | undefined>;
  /** Whether further variables come from files. */
  readonly hasEnvironmentFile: boolean;
  readonly ports: readonly PublishedPort[];
}

/** `"8080:3000"`: a port of the host, and the container's that it leads to. */
export interface PublishedPort {
  readonly published: number;
  readonly target: number;
}

const NAME = /(?:^|[\\/])(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/i;

/** Whether a file is a Compose file by its name: `compose.yaml`, `docker-compose.prod.yml`. */
export function isCompose(file: string): boolean {
  return NAME.test(file);
}

/** The services of a Compose file. Never throws. */
export function readCompose(yaml: YamlLibrary, file: string, text: string): readonly Service[] {
  const [root] = parseYaml(yaml, file, text).roots;
  const services = deref(entryOf(root, 'services')?.value);
  if (services?.kind !== 'map') return [];
  return [...entriesOf(services).values()].map(({ key, value }) =>
    readService(String(key.value), value, dirname(file)),
  );
}

function readService(name: string, node: YamlNode, folder: string): Service {
  const build = deref(entryOf(node, 'build')?.value);
  const context = build?.kind === 'map' ? textAt(build, 'context') : textOf(build);
  const built = build === undefined ? undefined : resolve(folder, context ?? '.');
  const networks = deref(entryOf(node, 'networks')?.value);
  const aliases = networks?.kind === 'map' ? [...entriesOf(networks).values()].flatMap(aliasesOf) : [];
  const other = [textAt(node, 'container_name'), textAt(node, 'hostname'), ...aliases];
  return {
    names: [name, ...other].flatMap((each) => (each === undefined ? [] : [each.toLowerCase()])),
    folders: [...(built === undefined ? [] : [built]), ...mountsOf(node, folder)],
    dockerfile:
      built && resolve(built, (build?.kind === 'map' ? textAt(build, 'dockerfile') : undefined) ?? 'Dockerfile'),
    environment: environmentOf(node),
    hasEnvironmentFile: entryOf(node, 'env_file') !== undefined,
    ports: itemsAt(node, 'ports').flatMap(portOf),
  };
}

function aliasesOf({ value }: { readonly value: YamlNode }): (string | undefined)[] {
  return itemsAt(value, 'aliases').map(textOf);
}

function mountsOf(node: YamlNode, folder: string): string[] {
  return itemsAt(node, 'volumes').flatMap((item) => {
    const short = textOf(item);
    const source = short === undefined ? textAt(item, 'source') : short.split(':')[0];
    return source !== undefined && /^\.{0,2}\//.test(`${source}/`) && source.startsWith('.')
      ? [resolve(folder, source)]
      : [];
  });
}

function environmentOf(node: YamlNode): Map<string, string | undefined> {
  const given = deref(entryOf(node, 'environment')?.value);
  if (given?.kind === 'map') {
    return new Map([...entriesOf(given).values()].map(({ key, value }) => [String(key.value), settled(textOf(value))]));
  }
  return new Map(
    itemsAt(node, 'environment').flatMap((item): [string, string | undefined][] => {
      const [, name, value] = /^([^=]+)(?:=(.*))?$/s.exec(textOf(item) ?? '') ?? [];
      return name === undefined ? [] : [[name, settled(value)]];
    }),
  );
}

/** A value that takes nothing from where Compose is started. */
function settled(text: string | undefined): string | undefined {
  return text === undefined || text.includes('$') ? undefined : text;
}

/** https://docs.docker.com/reference/compose-file/services/#ports */
function portOf(item: YamlNode): PublishedPort[] {
  const short = textOf(item);
  const [, published, target] =
    short === undefined
      ? ['', textAt(item, 'published'), textAt(item, 'target')]
      : (/^(?:[\d.]+:)?(\d{1,5}):(\d{1,5})(?:\/tcp)?$/.exec(short) ?? []);
  return published !== undefined && target !== undefined && /^\d+$/.test(published + target)
    ? [{ published: Number(published), target: Number(target) }]
    : [];
}

function itemsAt(node: YamlNode, key: string): readonly YamlNode[] {
  const list = deref(entryOf(node, key)?.value);
  return list?.kind === 'list' ? list.items : [];
}

function textAt(node: YamlNode | undefined, key: string): string | undefined {
  return textOf(entryOf(node, key)?.value);
}

function textOf(node: YamlNode | undefined): string | undefined {
  const value = deref(node);
  return value?.kind === 'scalar' && value.value !== null ? String(value.value) : undefined;
}
