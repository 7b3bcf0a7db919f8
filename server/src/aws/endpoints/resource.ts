import type { Endpoint } from '../../cors/endpoint';
import type { Response } from '../../cors/http';
import type { Place } from '../../cors/place';
import type { OriginPolicy } from '../../cors/policy';
import type { HandlerReading } from '../lambda/handler';
import type { Reader } from '../template/reader';
import type { Resource } from '../template/resources';
import { type Decide, inEveryWorld, undecided, type World, whereExists } from '../template/worlds';

/** An endpoint that a resource makes by itself, without a function that is known. */
export type ResourceEndpoint = Endpoint & {
  readonly kind: 'bucket' | 'http-api-resource' | 'url-resource' | 'method' | 'behaviour';
  readonly resource: Resource;
};

/** The resources that stand together, and how their values are read. */
export interface Stack {
  /** The platform's id, for the endpoints. */
  readonly platform: string;
  readonly resources: readonly Resource[];
  readonly file: string;
  reader(decide: Decide): Reader;
  /** The functions by their logical id, where their handlers are read. */
  readonly functions?: ReadonlyMap<string, FunctionHandler>;
}

/** A function of the stack. */
export interface FunctionHandler {
  /** Where to point when the handler cannot be read. */
  readonly handlerPlace: Place;
  handler(): HandlerReading;
}

/** Reads what a resource says, wherever it exists; without circumstances left out, what is certain. */
export function readerOf(stack: Stack, resource: Resource | undefined, decide: Decide = undecided): Reader {
  return stack.reader(whereExists(resource?.condition, decide));
}

/** Reads a resource once for each set of circumstances, when first asked. */
export function lazyWorlds<T>(
  stack: Stack,
  resource: Resource,
  read: (reader: Reader) => T,
): () => readonly World<T>[] {
  let made: readonly World<T>[] | undefined;
  return () => {
    made ??= inEveryWorld((decide) => read(readerOf(stack, resource, decide)));
    return made;
  };
}

/** The responses of every world, each with its circumstances. */
export function respondIn<T>(
  worlds: readonly World<T>[],
  respond: (value: T) => readonly Response[],
): readonly Response[] {
  return worlds.flatMap(({ assumes, when, value }) =>
    when === undefined
      ? respond(value)
      : respond(value).map((response) => ({
          ...response,
          assumes: new Map([...(response.assumes ?? []), ...assumes]),
          when: response.when === undefined ? when : `${when} and ${response.when}`,
        })),
  );
}

/** The policies of every world, each once. */
export function policiesIn<T>(
  worlds: readonly World<T>[],
  of: (value: T) => readonly OriginPolicy[],
): readonly OriginPolicy[] {
  return worlds.flatMap(({ value }) => of(value));
}
