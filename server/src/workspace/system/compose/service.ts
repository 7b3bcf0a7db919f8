import { resolve } from 'node:path';
import { deref, entryOf, type YamlNode } from '../../../yaml/tree';
import { both, type Circumstance, fromFile, interpolate, type Written } from './interpolate';
import { type ListedNetworks, listedNetworks } from './networks';
import { type Ports, portsOf } from './ports';
import {
  entriesAt,
  entriesIn,
  isReset,
  itemsAt,
  itemsIn,
  rawText,
  type Surroundings,
  type TextReader,
  textReader,
} from './texts';

/** A service as one file writes it; what it does not write is empty. Paths are absolute. */
export interface ServiceParts {
  /** When there is such a service; undefined when there always is. */
  readonly provided: Circumstance | undefined;
  /** By attribute: `container_name`, `hostname`, `network_mode`; undefined for a value that is not known. */
  readonly texts: ReadonlyMap<string, Written | undefined>;
  readonly networks: ListedNetworks;
  readonly links: readonly Link[];
  /** By attribute: `context`, `dockerfile`, `target`; undefined when it is not built, a value when that is not known. */
  readonly build: ReadonlyMap<string, Written | undefined> | undefined;
  /** What of the workspace is mounted, by where it is mounted. */
  readonly mounts: ReadonlyMap<string, Written | undefined>;
  /** A value that is filled in later is undefined. */
  readonly environment: ReadonlyMap<string, Written | undefined>;
  /** The files that set further variables; undefined for one that is not known. */
  readonly environmentFiles: readonly (string | undefined)[];
  readonly ports: Ports;
  readonly profiles: readonly string[];
  /** Whether it takes more from a service that cannot be read. */
  readonly isPartial: boolean;
  /** The attributes that do not add to what they are merged over: `ports: !override`. */
  readonly replaced: ReadonlySet<string>;
}

/** `api:backend`: the name by which one service alone reaches another. */
export interface Link {
  readonly alias: string;
  /** The other service, as its file calls it. */
  readonly service: string;
  readonly provided: Circumstance | undefined;
}

/** What a file writes of a service. https://docs.docker.com/reference/compose-file/services/ */
export function readService(node: YamlNode, surroundings: Surroundings): ServiceParts {
  const text = textReader(surroundings);
  return {
    provided: surroundings.provided,
    texts: new Map(
      ['container_name', 'hostname', 'network_mode'].flatMap((key): [string, Written | undefined][] => {
        const entry = entryOf(node, key);
        return entry === undefined ? [] : [[key, text(entry.value)]];
      }),
    ),
    networks: listedNetworks(node, text),
    links: itemsAt(node, 'links').flatMap((item) => linkOf(text(item))),
    build: buildOf(node, surroundings),
    mounts: mountsOf(node, surroundings),
    environment: environmentOf(node, surroundings),
    environmentFiles: environmentFilesIn(node, surroundings),
    ports: portsOf(node, text),
    // One whose name is not known is one all the same.
    profiles: itemsAt(node, 'profiles').flatMap((item) => text(item)?.text ?? rawText(item) ?? []),
    isPartial: false,
    replaced: new Set(
      entriesIn(node).flatMap(({ key, value }) => (REPLACING.test(value.tag ?? '') ? [String(key.value)] : [])),
    ),
  };
}

/** Files of variables are read up to this many. */
const MOST_FILES = 20;

/**
 * The files that an `env_file` names: one, a list, or a list of objects with `path`. Undefined for one whose name or
 * format is not known.
 */
export function environmentFilesIn(node: YamlNode, surroundings: Surroundings): (string | undefined)[] {
  const value = deref(entryOf(node, 'env_file')?.value);
  if (value === undefined || isReset(value)) return [];
  const text = textReader({ ...surroundings, provided: undefined });
  const items = value.kind === 'list' ? itemsIn(value) : [value];
  const named = items.slice(0, MOST_FILES).flatMap((item) => {
    const isObject = deref(item)?.kind === 'map';
    const name = text(isObject ? entryOf(item, 'path')?.value : item);
    if (name === undefined || (isObject && entryOf(item, 'format') !== undefined)) return [undefined];
    const path = resolve(surroundings.folder, name.text);
    return name.provided === undefined ? [path] : [path, undefined];
  });
  return items.length > MOST_FILES || surroundings.provided !== undefined ? [...named, undefined] : named;
}

const REPLACING = /^!(?:override|reset)$/;

function linkOf(written: Written | undefined): Link[] {
  const [, service, alias = service] = /^([^:\s]+)(?::([^:\s]+))?$/.exec(written?.text ?? '') ?? [];
  if (service === undefined || alias === undefined) return [];
  return [{ alias: alias.toLowerCase(), service, provided: written?.provided }];
}

/** https://docs.docker.com/reference/compose-file/build/ */
function buildOf(node: YamlNode, surroundings: Surroundings): ServiceParts['build'] {
  const build = deref(entryOf(node, 'build')?.value);
  if (build === undefined || isReset(build) || (build.kind === 'scalar' && build.value === null)) return undefined;
  const text = textReader(surroundings);
  const written = new Map<string, Written | undefined>();
  if (build.kind !== 'map') written.set('context', text(build));
  for (const key of ['context', 'dockerfile', 'target']) {
    const entry = entryOf(build, key);
    if (entry !== undefined) written.set(key, text(entry.value));
  }
  // The image is written down right there: it is not read.
  if (entryOf(build, 'dockerfile_inline') !== undefined) written.set('dockerfile', undefined);
  const context = written.get('context');
  if (context !== undefined) written.set('context', { ...context, text: resolve(surroundings.folder, context.text) });
  return written;
}

function mountsOf(node: YamlNode, surroundings: Surroundings): Map<string, Written | undefined> {
  const text = textReader(surroundings);
  const mounts = new Map<string, Written | undefined>();
  for (const item of itemsAt(node, 'volumes')) {
    const [source, target] = mountOf(item, text);
    if (target === undefined) continue;
    // A name without a dot in front is a volume's.
    const isFolder = source !== undefined && /^\.{1,2}(?:\/|$)/.test(source.text);
    mounts.set(target, isFolder ? { ...source, text: resolve(surroundings.folder, source.text) } : undefined);
  }
  return mounts;
}

function mountOf(item: YamlNode, text: TextReader): [Written | undefined, string | undefined] {
  const short = text(item);
  if (short === undefined) return [text(entryOf(item, 'source')?.value), text(entryOf(item, 'target')?.value)?.text];
  const [source = '', target] = short.text.split(':');
  return [{ text: source, provided: short.provided }, target];
}

function environmentOf(node: YamlNode, surroundings: Surroundings): Map<string, Written | undefined> {
  const { variables, provided } = surroundings;
  const text = textReader(surroundings);
  const found = new Map<string, Written | undefined>();
  const set = (name: string, value: Written | undefined): void => {
    found.set(name, value && { text: value.text, provided: both(provided, value.provided) });
  };
  // A name alone takes its value from where Compose is started, or the file of variables.
  const passed = (name: string): Written | undefined => {
    const variable = variables.get(name);
    return variable && fromFile(name, variable);
  };
  for (const { key, value } of entriesAt(node, 'environment')) {
    const name = String(key.value);
    const scalar = deref(value);
    const isNameAlone = scalar?.kind === 'scalar' && scalar.value === null && !isReset(scalar);
    set(name, isNameAlone ? passed(name) : text(value));
  }
  for (const item of itemsAt(node, 'environment')) {
    const [, name, value] = /^([^=]+)(?:=(.*))?$/s.exec(rawText(item) ?? '') ?? [];
    if (name !== undefined) set(name, value === undefined ? passed(name) : interpolate(value, variables));
  }
  return found;
}
