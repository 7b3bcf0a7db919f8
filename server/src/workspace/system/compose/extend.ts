import { basename, dirname, resolve } from 'node:path';
import { deref, entriesOf, entryOf, type YamlNode } from '../../../yaml/tree';
import { mergeParts } from './merge';
import { readService, type ServiceParts } from './service';
import { rawText, type Surroundings, textReader } from './texts';

/** The documents of a project's files, and which of the files belong to it. */
export interface Documents {
  /** The document of a file; undefined when it is not in the workspace. */
  rootOf(file: string): YamlNode | undefined;
  /** A Compose file that is part of this project: it is none of its own. */
  isPart(file: string): void;
}

/** The usual names: what has one of them is started by itself. */
export function isMain(file: string): boolean {
  return /^(?:docker-)?compose\.ya?ml$/.test(basename(file));
}

/** A file's services are read up to this many. */
const MOST_SERVICES = 500;

/** The services of a document, by name; none where there are no such. */
export function servicesIn(root: YamlNode | undefined): ReadonlyMap<string, YamlNode> {
  const services = deref(entryOf(root, 'services')?.value);
  if (services?.kind !== 'map') return new Map();
  const all = [...entriesOf(services).values()].slice(0, MOST_SERVICES);
  return new Map(all.map(({ key, value }) => [String(key.value), value]));
}

/** Reads a service of a file with what it extends below it; undefined when the file has no such service. */
export type ServiceReader = (file: string, name: string, surroundings: Surroundings) => ServiceParts | undefined;

/**
 * Each service is read once for the same surroundings. One that comes back to itself, which Compose refuses, and one
 * whose base is not there are partial. https://docs.docker.com/reference/compose-file/services/#extends
 */
export function openServices({ rootOf, isPart }: Documents): ServiceReader {
  const known = new Map<string, ServiceParts | 'being read'>();
  const services = new Map<string, ReadonlyMap<string, YamlNode>>();

  const read: ServiceReader = (file, name, surroundings) => {
    const key = [file, name, surroundings.folder, surroundings.provided?.holds].join('\0');
    const before = known.get(key);
    if (before !== undefined) return before === 'being read' ? undefined : before;
    const all = services.get(file) ?? servicesIn(rootOf(file));
    services.set(file, all);
    const node = all.get(name);
    if (node === undefined) return undefined;
    known.set(key, 'being read');
    const parts = withBase(readService(node, surroundings), file, node, surroundings);
    known.set(key, parts);
    return parts;
  };
  return read;

  function withBase(own: ServiceParts, file: string, node: YamlNode, surroundings: Surroundings): ServiceParts {
    const extended = entryOf(node, 'extends')?.value;
    if (extended === undefined) return own;
    const name = plain(entryOf(extended, 'service')?.value, surroundings) ?? plain(extended, surroundings);
    const other = entryOf(extended, 'file');
    const written = plain(other?.value, surroundings);
    const source = other === undefined ? file : written && resolve(surroundings.folder, written);
    if (name === undefined || source === undefined) return { ...own, isPartial: true };
    const there = source === file ? surroundings : { ...surroundings, folder: dirname(source) };
    const base = read(source, name, there);
    if (base === undefined) return { ...own, isPartial: true };
    // What is usually started by itself stays a project, although another file takes from it.
    if (source !== file && !isMain(source)) isPart(source);
    return mergeParts(base, own);
  }
}

/** A text that is the same wherever Compose is started; undefined for another one. */
function plain(node: YamlNode | undefined, surroundings: Surroundings): string | undefined {
  if (rawText(node) === undefined) return undefined;
  const written = textReader({ ...surroundings, provided: undefined })(node);
  return written?.provided === undefined ? written?.text : undefined;
}
