import { dirname } from 'node:path';
import { isInside } from '../../paths';
import { both, type Circumstance } from './interpolate';
import { areConnected, homeOf, isIn } from './networks';
import { type Name, type Service, whenStarted } from './settle';

/** Whether the file goes into the service's container: it is mounted there, or stands in what only this one is built from. */
export function runsIn({ folders }: Service, from: string, compose: readonly string[]): boolean {
  const roots = new Set(compose.map((file) => dirname(file)));
  return folders.some(({ path }) => !roots.has(path) && isInside(path, from));
}

/** Whether a service listens on the machine's own ports. */
export function isOnMachine(service: Service, services: readonly Service[]): boolean {
  return homeOf(service, services)?.network.kind === 'host';
}

export function started(service: Service): Reached {
  return { service, provided: whenStarted(service) };
}

/** The other services that a container's own address leads to. */
export function beside(home: readonly Service[], services: readonly Service[]): Reached[] {
  const homes = new Set(home.flatMap((service) => homeOf(service, services) ?? []));
  const mates = services.filter(
    (service) => !home.includes(service) && homes.has(homeOf(service, services) ?? service),
  );
  return mates.map(started);
}

/** What is reached, with the services that share the network of one: they are reached under its name. */
export function withMates(reached: readonly Reached[], services: readonly Service[]): Reached[] {
  return reached.flatMap((each) => {
    const mates = services.filter(
      ({ network, files }) =>
        network.kind === 'of' && files === each.service.files && network.service === each.service.name,
    );
    return [each, ...mates.map((service) => ({ service, provided: both(each.provided, whenStarted(service)) }))];
  });
}

/**
 * The services that go by a name: a link of the file's own service before what all of them see. From the file's own
 * service it must be in a network with the other one.
 */
export function byServiceName(services: readonly Service[], home: readonly Service[], host: string): Reached[] {
  const linkedFrom = (all: readonly Service[]): Reached[] =>
    all.flatMap(({ links, files }) =>
      links.flatMap(({ alias, service: name, provided }) => {
        if (alias !== host) return [];
        const meant = services.filter((service) => service.files === files && service.name === name);
        return meant.map((service) => ({ service, provided: both(startedBeside(service, home), provided) }));
      }),
    );
  const linked = linkedFrom(home);
  if (linked.length > 0) return linked;
  const named = services.flatMap((service) => {
    const neighbours = home.filter(({ files }) => files === service.files);
    const isSeen = ({ network }: Name): boolean =>
      neighbours.length === 0 ||
      neighbours.some(
        (each) => areConnected(each, service, services) && (network === undefined || isIn(each, network, services)),
      );
    const names = service.names.filter((name) => name.text === host && isSeen(name));
    const name = names.find(({ provided }) => provided === undefined) ?? names[0];
    return name === undefined ? [] : [{ service, provided: both(startedBeside(service, home), name.provided) }];
  });
  return named.length > 0 || home.length > 0 ? named : linkedFrom(services);
}

/**
 * Whether what is reached from services of several projects is there in each of them. Where only some know the name, it
 * depends on the project that a request has come to, and that may have come from another one.
 */
export function isInEveryProject(reached: readonly Reached[], home: readonly Service[]): boolean {
  const there = new Set(reached.map(({ service }) => service.files));
  return home.every(({ files }) => there.has(files));
}

/** That a service is there, seen from others that are: those that share its profiles are started with it. */
function startedBeside(service: Service, home: readonly Service[]): Circumstance | undefined {
  const { profiles } = service;
  const isWith = (other: Service): boolean =>
    other.profiles.length > 0 && other.profiles.every((profile) => profiles.includes(profile));
  return home.some(isWith) ? service.provided : whenStarted(service);
}

export interface Reached {
  readonly service: Service;
  /** When it is there. */
  readonly provided: Circumstance | undefined;
}
