import { entryOf, type YamlNode } from '../../../yaml/tree';
import { both, type Circumstance, type Written } from './interpolate';
import { itemsAt, type TextReader } from './texts';

/** What a service says of its ports. */
export interface Ports {
  readonly published: readonly PublishedPort[];
  /** The container's ports that it names, published or not. */
  readonly inside: readonly number[];
}

/** `"8080:3000"`: a port of the host, and the container's that it leads to. */
export interface PublishedPort {
  readonly published: number;
  readonly target: number;
  readonly provided: Circumstance | undefined;
}

/**
 * The TCP ports of `ports` and `expose`, short and long. One that is chosen anew at each start, or that is not known, is
 * not published. https://docs.docker.com/reference/compose-file/services/#ports
 */
export function portsOf(service: YamlNode, text: TextReader): Ports {
  const mapped = itemsAt(service, 'ports').flatMap((item) => {
    const short = text(item);
    return short === undefined ? longPort(item, text) : shortPorts(short);
  });
  const exposed = itemsAt(service, 'expose').flatMap((item) => rangeOf(TCP.exec(text(item)?.text ?? '')?.[1]));
  return {
    published: mapped.flatMap(({ published, target, provided }) =>
      published === undefined ? [] : [{ published, target, provided }],
    ),
    inside: [...exposed, ...mapped.map(({ target }) => target)],
  };
}

interface MappedPort {
  readonly published: number | undefined;
  readonly target: number;
  readonly provided: Circumstance | undefined;
}

const TCP = /^(\d{1,5}(?:-\d{1,5})?)(?:\/tcp)?$/;
const SHORT = /^(?:(?:(?:[\d.]+|\[[\da-f:.]+\]):)?(\d{0,5}(?:-\d{1,5})?):)?(\d{1,5}(?:-\d{1,5})?)(?:\/tcp)?$/i;

/** `3000`, `8080:3000`, `127.0.0.1:8080:3000`, `9090-9091:8080-8081`. */
function shortPorts({ text, provided }: Written): MappedPort[] {
  const [, published, target] = SHORT.exec(text) ?? [];
  const hosts = rangeOf(published);
  const targets = rangeOf(target);
  // A range of the host's for one port of the container: any of it may be taken.
  const isFixed = hosts.length === targets.length;
  return targets.map((each, i) => ({ published: isFixed ? hosts[i] : undefined, target: each, provided }));
}

function longPort(item: YamlNode, text: TextReader): MappedPort[] {
  const at = (key: string): Written | undefined => text(entryOf(item, key)?.value);
  const [target, published] = [at('target'), at('published')];
  const [inside, ...others] = rangeOf(target?.text);
  if (inside === undefined || others.length > 0 || !isTcp(item, at('protocol'))) return [];
  const [outside, ...more] = rangeOf(published?.text);
  return [
    {
      published: more.length > 0 ? undefined : outside,
      target: inside,
      provided: both(target?.provided, published?.provided),
    },
  ];
}

function isTcp(item: YamlNode, protocol: Written | undefined): boolean {
  return protocol === undefined ? entryOf(item, 'protocol') === undefined : protocol.text === 'tcp';
}

/** Ports in a row are taken up to this many. */
const LONGEST_RANGE = 100;
const HIGHEST_PORT = 65_535;

/** `3000` or `3000-3005`; none where it is not one, or goes too far. */
function rangeOf(text: string | undefined): number[] {
  const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text ?? '') ?? [];
  const [first, last] = [Number(from), Number(to)];
  const isRange = first >= 1 && last >= first && last <= HIGHEST_PORT && last - first < LONGEST_RANGE;
  return isRange ? Array.from({ length: last - first + 1 }, (_, i) => first + i) : [];
}
