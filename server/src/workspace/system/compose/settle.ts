import { basename, resolve } from 'node:path';
import { readDotEnv } from '../../../javascript/dotEnv';
import { both, type Circumstance, fromFile, type Variable, type Variables, type Written } from './interpolate';
import { type Network, networkOf } from './networks';
import type { Ports } from './ports';
import type { Link, ServiceParts } from './service';

/** A service of Compose, as far as its files say what runs in it and where. https://docs.docker.com/reference/compose-file/services/ */
export interface Service {
  /** As its file calls it. */
  readonly name: string;
  /** The names by which other services reach it, in lower case. */
  readonly names: readonly Name[];
  readonly network: Network;
  /** The names by which this service alone reaches others, in lower case. */
  readonly links: readonly Link[];
  /** Folders of the workspace that it is built from or that are mounted into it. Absolute; they need not be there. */
  readonly folders: readonly Folder[];
  /** The file that it is built with; undefined when it is not built, or that is not known. */
  readonly dockerfile: string | undefined;
  /** The stage of that file that is run; undefined for the last. */
  readonly stage: string | undefined;
  /** What the files set; undefined for a value that is filled in later. */
  readonly environment: ReadonlyMap<string, Written | undefined>;
  /** Whether there may be variables that are not read: they come from files that are not there, or an unknown image. */
  readonly hasUnknownVariables: boolean;
  readonly ports: Ports;
  /** When there is such a service; undefined when there always is. Its profiles are not part of that. */
  readonly provided: Circumstance | undefined;
  /** The profiles that it is started with; without any it is always started. */
  readonly profiles: readonly string[];
  /** The files that its project is read from: the same set for all services of a project. */
  readonly files: ReadonlySet<string>;
}

export interface Name extends Written {
  /** The network that it is known in; undefined: in all that the service is in. */
  readonly network?: string;
}

export interface Folder {
  readonly path: string;
  readonly provided: Circumstance | undefined;
}

/** When a service is started at all: one with profiles is with one of them only. */
export function whenStarted({ profiles, provided }: Service): Circumstance | undefined {
  if (profiles.length === 0) return provided;
  const words = `the profile ${profiles.join(' or ')}`;
  return both(provided, { holds: `${words} is used`, otherwise: `${words} is not used` });
}

/** Reads the variables of a file; undefined when it is not there. */
export type VariablesOf = (file: string) => Variables | undefined;

/** The variables of a file, as data. A file is read as far as its first variables. */
export function variablesIn(text: string, file: string): Variables {
  const all = [...readDotEnv(text)].slice(0, MOST_VARIABLES);
  return new Map(all.map(([name, value]): [string, Variable] => [name, { value, file: basename(file) }]));
}

const MOST_VARIABLES = 500;

/**
 * A service with all that its files write of it.
 *
 * @param folder what it is built from unless it says another
 * @param files the files of its project
 */
export function settle(
  name: string,
  written: ServiceParts,
  { folder, files, variablesOf }: { folder: string; files: ReadonlySet<string>; variablesOf: VariablesOf },
): Service {
  const { build, texts, networks, mounts, links, ports, profiles, provided } = written;
  const context = build?.has('context') ? build.get('context') : build && { text: folder, provided: undefined };
  const dockerfile = plainAt(build, 'dockerfile', 'Dockerfile');
  const stage = plainAt(build, 'target', '');
  const isUnknownImage = context !== undefined && (dockerfile === undefined || stage === undefined);
  const given = written.environmentFiles.map((file) => (file === undefined ? undefined : variablesOf(file)));
  const fromFiles = given.flatMap((variables) =>
    [...(variables ?? [])].map(([key, value]): [string, Written | undefined] => [key, fromFile(key, value)]),
  );
  const mode = texts.get('network_mode');
  const isModeKnown = mode !== undefined || !texts.has('network_mode');
  const network = networkOf(written.isPartial ? undefined : networks, mode, isModeKnown);
  const names: readonly Name[] = [
    { text: name, provided: undefined },
    ...['container_name', 'hostname'].flatMap((key) => texts.get(key) ?? []),
    ...[...(networks ?? [])].flatMap(([key, aliases]) => aliases.map((alias) => ({ ...alias, network: key }))),
  ];
  return {
    name,
    // What has no address of its own has no name either.
    names: network.kind === 'own' ? names.map((each) => ({ ...each, text: each.text.toLowerCase() })) : [],
    network,
    links,
    folders: [context, ...mounts.values()].flatMap((each) =>
      each === undefined ? [] : [{ path: each.text, provided: each.provided }],
    ),
    dockerfile: context && dockerfile && !isUnknownImage ? resolve(context.text, dockerfile) : undefined,
    stage: stage || undefined,
    environment: new Map([...fromFiles, ...written.environment]),
    hasUnknownVariables: written.isPartial || isUnknownImage || given.includes(undefined),
    ports,
    provided,
    profiles,
    files,
  };
}

/** The text of an attribute, or what stands for it where it is not written; undefined where it may be another. */
function plainAt(build: ServiceParts['build'], key: string, usual: string): string | undefined {
  if (!build?.has(key)) return usual;
  const written = build.get(key);
  return written?.provided === undefined ? written?.text : undefined;
}
