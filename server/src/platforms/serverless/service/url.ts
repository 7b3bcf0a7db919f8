import { entryOf, type YamlEntry } from '../../../yaml/tree';
import { type RestCors, readCors } from './rest';
import type { Service, ServiceFunction } from './service';

/** A function with an address of its own (`url:`). */
export interface FunctionUrl {
  readonly fn: ServiceFunction;
  readonly entry: YamlEntry;
  readonly cors: RestCors;
  readonly guard: YamlEntry | undefined;
}

export function functionUrls(service: Service): FunctionUrl[] {
  return service.functions.flatMap((fn) => {
    const entry = entryOf(fn.map, 'url');
    if (entry === undefined) return [];
    const value = service.resolver.certain(entry.value);
    if (value?.kind === 'scalar' && (value.value === null || value.value === false)) return [];
    const map = value?.kind === 'map' ? value : undefined;
    return [{ fn, entry, cors: readCors(service, entryOf(map, 'cors')), guard: entryOf(map, 'authorizer') }];
  });
}
