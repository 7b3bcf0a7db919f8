import { dirname, join } from 'node:path';
import { readDotEnv } from '../../javascript/dotEnv';
import type { Address, Upstream } from '../../lint/types';
import { isInside } from '../paths';
import { both, type Circumstance } from './compose/interpolate';
import {
  beside,
  byServiceName,
  isInEveryProject,
  isOnMachine,
  type Reached,
  runsIn,
  started,
  withMates,
} from './compose/reach';
import { type Folder, type Service, whenStarted } from './compose/settle';
import { type Image, readDockerfile } from './environment';
import type { Found } from './listeners';

/** What there is in a workspace to resolve addresses with, as it is now. */
export interface Landscape {
  readonly listeners: readonly Found[];
  /** The services of each Compose file. */
  readonly compose: ReadonlyMap<string, readonly Service[]>;
  /** The text of a file that is only looked for: `.env`, a Dockerfile. */
  read(file: string): string | undefined;
}

/** What answers at an address. */
export interface Answer {
  readonly found: Found;
  readonly provided: Upstream['provided'];
  /** The files besides the listener's own that say so. */
  readonly by: readonly string[];
}

/**
 * What of the workspace answers at an address that a file writes: the service of a Compose file around it, or on the
 * machine itself what listens on that port. Undefined where nothing does, or where it may be one of several.
 */
export function resolveAddress(landscape: Landscape, from: string, { host, port }: Address): Answer | undefined {
  const around = composeAround(landscape, from);
  const files = around.map(({ file }) => file);
  const services = around.flatMap((each) => each.services);
  const home = services.filter((service) => runsIn(service, from, files));
  const named = byServiceName(services, home, host);
  const reach = (reached: readonly Reached[], at: number): Answer | undefined =>
    inServices(landscape, withMates(reached, services), { host, port: at });
  if (named.length > 0) return isInEveryProject(named, home) ? reach(named, port) : undefined;
  const isSelf = LOOPBACK.test(host);
  if (!isSelf && host !== 'host.docker.internal') return byName(landscape, from, { host, port });
  // A container's own address is not the machine's; a page runs in a browser, wherever its files are kept.
  if (isSelf && !SCRIPT.test(from) && home.length > 0 && !home.some((service) => isOnMachine(service, services))) {
    return reach(beside(home, services), port);
  }
  const published = services.flatMap((service) =>
    service.ports.published
      .filter((each) => each.published === port)
      .map(({ target, provided }) => ({ service, target, provided: both(whenStarted(service), provided) })),
  );
  const [first] = published;
  if (first !== undefined) {
    const isSame = published.every(({ target }) => target === first.target);
    return isSame ? reach(published, first.target) : undefined;
  }
  const hosted = services.filter((service) => isOnMachine(service, services));
  const answer = reach(hosted.map(started), port);
  if (answer !== undefined) return answer;
  return onThisMachine(landscape, from, { host, port });
}

/** What a browser runs, or a program is written in. */
const SCRIPT = /\.(?:[cm]?[jt]sx?|vue|svelte|html?)$/i;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

interface Around {
  readonly file: string;
  readonly services: readonly Service[];
}

/** The Compose files of the nearest folder above a file that has any. */
function composeAround({ compose }: Landscape, from: string): Around[] {
  const above = [...compose].filter(([file]) => isInside(dirname(file), from));
  const nearest = Math.max(...above.map(([file]) => dirname(file).length));
  return above.flatMap(([file, services]) => (dirname(file).length === nearest ? [{ file, services }] : []));
}

function inServices(landscape: Landscape, reached: readonly Reached[], { host, port }: Address): Answer | undefined {
  const answers = reached.flatMap(({ service, provided: there }) => {
    const inside = landscape.listeners.flatMap((found) => {
      const folder = answersTo(found.listener, host) ? folderWith(service, found.file) : undefined;
      return folder === undefined ? [] : [{ found, folder }];
    });
    return inside.flatMap(({ found, folder }): Answer[] => {
      const onPort = inContainer(landscape, found, service, port);
      if (onPort === 'no') return [];
      const provided = both(both(there, folder.provided), onPort === 'yes' ? undefined : onPort);
      const dockerfile = service.dockerfile === undefined ? [] : [service.dockerfile];
      return [{ found, provided, by: [...service.files, ...dockerfile] }];
    });
  });
  return onlyOne(answers);
}

/** The folder of a service that a file is in; one that is always its folder, if there is any. */
function folderWith({ folders }: Service, file: string): Folder | undefined {
  const around = folders.filter(({ path }) => isInside(path, file));
  return around.find(({ provided }) => provided === undefined) ?? around[0];
}

type Provided = 'yes' | 'no' | Circumstance;

/** Whether a listener takes the port in a container, whose environment the Compose file and the image make. */
function inContainer(landscape: Landscape, { file, listener }: Found, service: Service, port: number): Provided {
  const wanted = listener.port;
  if (wanted.kind === 'fixed') return wanted.port === port ? 'yes' : 'no';
  const { name, fallback } = wanted;
  const text = service.dockerfile === undefined ? undefined : landscape.read(service.dockerfile);
  const image = text === undefined ? NO_IMAGE : readDockerfile(text, service.stage);
  const unknown = (): Provided => whenUnknown(name, fallback, port, [...service.ports.inside, ...image.exposed]);
  if (service.environment.has(name)) {
    const value = service.environment.get(name);
    if (value === undefined) return unknown();
    return Number(value.text) === port ? (value.provided ?? 'yes') : 'no';
  }
  if (image.environment.has(name)) {
    const value = image.environment.get(name);
    if (value === undefined) return unknown();
    if (Number(value) !== port) return 'no';
    return service.hasUnknownVariables ? { holds: `${name} is ${port}`, otherwise: `${name} is not ${port}` } : 'yes';
  }
  const written = dotEnvValue(landscape, file, name);
  if (written !== undefined) return written === port ? asInFile(name, port) : 'no';
  return service.hasUnknownVariables || fallback !== port ? unknown() : 'yes';
}

const NO_IMAGE: Image = { environment: new Map(), exposed: [] };

/** Where the variable's value is not known, and nothing else stands in: the port that the container is said to listen on. */
function whenUnknown(name: string, fallback: number | undefined, port: number, said: readonly number[]): Provided {
  if (fallback !== undefined || !said.includes(port)) return whenUnset(name, fallback, port);
  return { holds: `${name} is ${port}`, otherwise: `${name} is not ${port}` };
}

/** What listens on the port in the nearest folder above the file that has anything on it. */
function onThisMachine(landscape: Landscape, from: string, { host, port }: Address): Answer | undefined {
  const contained = [...landscape.compose].flatMap(([file, services]) =>
    services.map((service) => ({ file, service })),
  );
  const answers = landscape.listeners.flatMap((found): Answer[] => {
    // A program is also started by hand while somebody works on it; a configuration is for where it is put.
    const isElsewhere =
      !SCRIPT.test(found.file) && contained.some(({ file, service }) => runsIn(service, found.file, [file]));
    if (isElsewhere || !answersTo(found.listener, host)) return [];
    const provided = onMachine(landscape, found, port);
    return provided === 'no' ? [] : [{ found, provided: provided === 'yes' ? undefined : provided, by: [] }];
  });
  return answers.length === 0 ? theOneWithoutPort(landscape, host, port) : nearestOf(answers, from);
}

/**
 * Where nothing is known to listen on the port, and one program of the workspace listens where a variable says that is
 * written nowhere: that one, when the variable says so.
 */
function theOneWithoutPort(landscape: Landscape, host: string, port: number): Answer | undefined {
  const unknown = landscape.listeners.filter(
    ({ file, listener }) =>
      listener.port.kind === 'environment' &&
      listener.port.fallback === undefined &&
      answersTo(listener, host) &&
      dotEnvValue(landscape, file, listener.port.name) === undefined,
  );
  const answers = unknown.flatMap((found): Answer[] => {
    const { port: wanted } = found.listener;
    if (wanted.kind !== 'environment') return [];
    const provided = { holds: `${wanted.name} is ${port}`, otherwise: `${wanted.name} is not ${port}` };
    return [{ found, provided, by: [] }];
  });
  return onlyOne(answers);
}

/** The server that is known by the name: there is one of it, wherever it runs. */
function byName({ listeners }: Landscape, from: string, { host, port }: Address): Answer | undefined {
  const named = listeners.filter(({ listener }) => listener.names?.includes(host) && answersTo(listener, host));
  const onPort = (wanted: number): readonly Found[] =>
    named.filter(({ listener }) => listener.port.kind === 'fixed' && listener.port.port === wanted);
  const there = onPort(port);
  // Another server in front of this one may take the TLS off.
  const behindTls = port === 443 && there.length === 0 ? onPort(80) : [];
  return nearestOf(
    [
      ...there.map((found) => ({ found, provided: undefined, by: [] })),
      ...behindTls.map((found) => ({ found, provided: BEHIND_TLS, by: [] })),
    ],
    from,
  );
}

const BEHIND_TLS = { holds: 'TLS ends in front of this server', otherwise: 'TLS ends elsewhere' };

function answersTo(listener: Found['listener'], host: string): boolean {
  return listener.answersTo?.(host) ?? true;
}

/** The answer in the nearest folder above the file that has any. */
function nearestOf(answers: readonly Answer[], from: string): Answer | undefined {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const here = answers.filter(({ found }) => isInside(folder, found.file));
    if (here.length > 0) return onlyOne(here);
    if (dirname(folder) === folder) return undefined;
  }
}

function onMachine(landscape: Landscape, { file, listener }: Found, port: number): Provided {
  const wanted = listener.port;
  if (wanted.kind === 'fixed') return wanted.port === port ? 'yes' : 'no';
  const { name, fallback } = wanted;
  const written = dotEnvValue(landscape, file, name);
  if (written !== undefined) return written === port ? asInFile(name, port) : 'no';
  return whenUnset(name, fallback, port);
}

function whenUnset(name: string, fallback: number | undefined, port: number): Provided {
  return fallback === port ? { holds: `${name} is unset`, otherwise: `${name} is set` } : 'no';
}

function asInFile(name: string, port: number): Provided {
  return { holds: `${name} is ${port}, as in .env`, otherwise: `${name} is not ${port}` };
}

/** How far above a listener's file its `.env` is looked for. */
const MOST_FOLDERS = 4;

/** The value of the nearest `.env` above a file, where one has it and it is a number; NaN for another one. */
function dotEnvValue({ read }: Landscape, file: string, name: string): number | undefined {
  let folder = dirname(file);
  for (let i = 0; i < MOST_FOLDERS; i++) {
    const text = read(join(folder, '.env'));
    if (text !== undefined) {
      const variables = readDotEnv(text);
      return variables.has(name) ? Number(variables.get(name)) : undefined;
    }
    folder = dirname(folder);
  }
  return undefined;
}

/** Two files may make one app listen; which of several apps it is cannot be told. */
function onlyOne(answers: readonly Answer[]): Answer | undefined {
  const places = new Set(answers.map(({ found: { listener } }) => `${listener.place.file}\0${listener.place.start}`));
  return places.size === 1 ? answers[0] : undefined;
}
