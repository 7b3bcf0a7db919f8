import { DIRECTIVE_TABLE } from './directiveTable';

/** One way in which nginx knows a directive. Modules may share a name: `server` is two directives. */
export interface DirectiveKind {
  /** The letters of the contexts that it may stand in: see `directiveTable.ts`. */
  readonly contexts: string;
  /** Whether it takes so many arguments. */
  readonly takes: (count: number) => boolean;
  readonly opensBlock: boolean;
  /** Whether its value has to be `on` or `off`. */
  readonly isFlag: boolean;
  /** Whether nginx refuses it a second time in one block. */
  readonly once: boolean;
}

/** What nginx 1.22 and headers-more know of a directive; empty for a name that they do not know. */
export function kindsOf(name: string): readonly DirectiveKind[] {
  table ??= readTable();
  return table.get(name) ?? NONE;
}

/** Where a directive may stand, for people: "`http`, `server` and `location`". */
export function placesOf(name: string): string {
  const contexts = new Set(kindsOf(name).flatMap((kind) => [...kind.contexts]));
  const places = [...PLACES].filter(([letter]) => contexts.has(letter)).map(([, place]) => place);
  return places.length < 2 ? places.join('') : `${places.slice(0, -1).join(', ')} and ${places.at(-1)}`;
}

const PLACES: ReadonlyMap<string, string> = new Map([
  ['m', 'the main file itself'],
  ['e', '`events`'],
  ['h', '`http`'],
  ['s', '`server`'],
  ['l', '`location`'],
  ['i', 'an `if` of a server'],
  ['j', 'an `if` of a location'],
  ['x', '`limit_except`'],
  ['u', '`upstream`'],
]);

/** Later versions of nginx allow these in more places, or with more arguments. */
const WIDENED: readonly (readonly [name: string, head: string])[] = [
  ['keepalive', 'u 12'],
  ['resolver', 'hslu 1234567+'],
  ['resolver_timeout', 'hslu 1'],
];

const NONE: readonly DirectiveKind[] = [];

let table: ReadonlyMap<string, readonly DirectiveKind[]> | undefined;

function readTable(): Map<string, DirectiveKind[]> {
  const found = new Map<string, DirectiveKind[]>();
  for (const line of DIRECTIVE_TABLE.trim().split('\n')) {
    const [head = '', names = ''] = line.split(': ');
    const kind = readKind(head);
    for (const name of names.split(' ')) {
      found.set(name, [...(found.get(name) ?? []), kind]);
    }
  }
  for (const [name, head] of WIDENED) found.set(name, [readKind(head)]);
  return found;
}

/** `hslj 23`, `hsl 1 fd`. */
function readKind(head: string): DirectiveKind {
  const [contexts = '', counts = '', flags = ''] = head.split(' ');
  const open = counts.endsWith('+');
  return {
    contexts,
    takes: (count) => (count < MOST ? counts.includes(String(count)) : open),
    opensBlock: flags.includes('b'),
    isFlag: flags.includes('f'),
    once: flags.includes('d'),
  };
}

/** `+` in the table stands for so many arguments and all above. */
const MOST = 8;
