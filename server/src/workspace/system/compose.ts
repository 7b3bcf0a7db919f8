import { dirname, join, resolve } from 'node:path';
import type { YamlLibrary } from '../../yaml/library';
import { parseYaml } from '../../yaml/parse';
import { deref, entryOf, type YamlNode } from '../../yaml/tree';
import { isMain, openServices, servicesIn } from './compose/extend';
import { both, type Circumstance, type Variables } from './compose/interpolate';
import { mergeParts } from './compose/merge';
import { environmentFilesIn, type ServiceParts } from './compose/service';
import { type Service, settle, variablesIn } from './compose/settle';
import { itemsAt, itemsIn, type Surroundings, textReader } from './compose/texts';

/** What is started together with a Compose file. */
export interface Project {
  readonly services: readonly Service[];
  /** The other Compose files that it is made of: they are not projects of their own. */
  readonly parts: ReadonlySet<string>;
}

const NAME = /(?:^|[\\/])(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/i;

/** Whether a file is a Compose file by its name: `compose.yaml`, `docker-compose.prod.yml`. */
export function isCompose(file: string): boolean {
  return NAME.test(file);
}

/**
 * The services of a Compose file, with the override file beside it, what it includes and what its services extend.
 * Never throws, and reads each file once, so that files that name each other come to an end.
 *
 * @param read the text of a file of the workspace; undefined when it is not there, or not in the workspace
 */
export function readCompose(yaml: YamlLibrary, file: string, read: (file: string) => string | undefined): Project {
  const roots = new Map<string, YamlNode | undefined>();
  const variables = new Map<string, Variables | undefined>();
  const taken = new Set<string>();
  const files = new Set<string>([file]);
  const parts = new Set<string>();
  const documents = { rootOf, isPart: (path: string) => parts.add(path) };
  const folder = dirname(file);
  const here = { folder, variables: variablesOf(join(folder, '.env')) ?? NO_VARIABLES, provided: undefined };
  const services = projectOf([{ path: file, provided: undefined }, ...over(file, here)], here);
  parts.delete(file);
  return { services, parts };

  /** The services of files that are merged one over the other, and of what they include. */
  function projectOf(layers: readonly LayerFile[], surroundings: Surroundings): Service[] {
    const merged = new Map<string, ServiceParts>();
    const included: Service[] = [];
    const serviceIn = openServices(documents);
    for (const { path, provided } of layers) {
      if (taken.has(path)) continue;
      taken.add(path);
      const root = rootOf(path);
      if (root === undefined) continue;
      parts.add(path);
      const there = { ...surroundings, provided: both(surroundings.provided, provided) };
      for (const name of servicesIn(root).keys()) {
        const written = serviceIn(path, name, there);
        if (written !== undefined) merged.set(name, mergeParts(merged.get(name), written));
      }
      included.push(...includedBy(root, there));
    }
    const own = [...merged].map(([name, each]) =>
      settle(name, each, { folder: surroundings.folder, files, variablesOf }),
    );
    return [...own, ...included.filter(({ name }) => !merged.has(name))];
  }

  /** https://docs.docker.com/reference/compose-file/include/ */
  function includedBy(root: YamlNode, surroundings: Surroundings): Service[] {
    const text = textReader(surroundings);
    return itemsAt(root, 'include').flatMap((item) => {
      const path = deref(entryOf(item, 'path')?.value) ?? item;
      const named = (path.kind === 'list' ? itemsIn(path) : [path]).map(text);
      const layers = named.flatMap((each) =>
        each === undefined ? [] : [{ path: resolve(surroundings.folder, each.text), provided: each.provided }],
      );
      const [first] = layers;
      if (first === undefined || layers.length < named.length) return [];
      const given = entryOf(item, 'project_directory');
      const directory = text(given?.value);
      if (given !== undefined && directory === undefined) return [];
      const inside = directory === undefined ? dirname(first.path) : resolve(surroundings.folder, directory.text);
      const provided = both(surroundings.provided, both(first.provided, directory?.provided));
      return projectOf(layers, { folder: inside, variables: includedVariables(item, inside, surroundings), provided });
    });
  }

  /** What is set where it is included from wins over the file of variables that an included file has. */
  function includedVariables(item: YamlNode, inside: string, surroundings: Surroundings): Variables {
    const named = environmentFilesIn(item, { ...surroundings, provided: undefined });
    const theirs = (named.length > 0 ? named : [join(inside, '.env')]).map((path) => path && variablesOf(path));
    return new Map([...theirs.flatMap((each) => [...(each || NO_VARIABLES)]), ...surroundings.variables]);
  }

  function rootOf(path: string): YamlNode | undefined {
    if (!roots.has(path)) {
      if (roots.size >= MOST_DOCUMENTS) return undefined;
      const text = textAt(path);
      roots.set(path, text === undefined ? undefined : parseYaml(yaml, path, text).roots[0]);
    }
    return roots.get(path);
  }

  function variablesOf(path: string): Variables | undefined {
    if (!variables.has(path)) {
      const text = textAt(path);
      variables.set(path, text === undefined ? undefined : variablesIn(text, path));
    }
    return variables.get(path);
  }

  function textAt(path: string): string | undefined {
    const text = read(path);
    if (text !== undefined) files.add(path);
    return text;
  }

  /** The files that Compose takes with one: those that are listed behind it, or else the override file. */
  function over(path: string, { folder, variables: set }: Surroundings): readonly LayerFile[] {
    const listed = listedFiles(set).map((name) => resolve(folder, name));
    if (listed[0] !== path) return overrideOf(path);
    return listed.slice(1).map((each) => ({ path: each, provided: AS_LISTED }));
  }

  /** The file that Compose takes with its usual one, unless it is told otherwise. */
  function overrideOf(path: string): LayerFile[] {
    if (!isMain(path)) return [];
    const name = OVERRIDES.find((each) => read(join(dirname(path), each)) !== undefined);
    if (name === undefined) return [];
    const provided = { holds: `${name} is used`, otherwise: `${name} is not used` };
    return [{ path: join(dirname(path), name), provided }];
  }
}

/** What a file of variables says is started. https://docs.docker.com/compose/how-tos/environment-variables/envvars/#compose_file */
function listedFiles(variables: Variables): readonly string[] {
  const text = variables.get('COMPOSE_FILE')?.value ?? '';
  const separator = variables.get('COMPOSE_PATH_SEPARATOR')?.value || (text.includes(';') ? ';' : ':');
  return text
    .split(separator)
    .filter((name) => name !== '')
    .slice(0, MOST_DOCUMENTS);
}

const AS_LISTED: Circumstance = { holds: 'COMPOSE_FILE is as in .env', otherwise: 'COMPOSE_FILE is another' };

/** One of the files that are merged, and when it is. */
interface LayerFile {
  readonly path: string;
  readonly provided: Circumstance | undefined;
}

/** A project is read as far as its first files: files that all include each other would be read by each of them. */
const MOST_DOCUMENTS = 50;

const NO_VARIABLES: Variables = new Map();

const OVERRIDES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];
