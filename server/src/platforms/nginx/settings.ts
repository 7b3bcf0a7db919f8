import type { HeaderSetting } from '../../cors/endpoint';
import type { Configuration } from './config/configuration';
import { makeLevel } from './config/level';
import { type Node, placeOf, wordPlace } from './config/node';
import { effectiveHeaders, ownMoreSteps } from './evaluate/header-lines';
import { unknown } from './evaluate/known';
import { type Run, startRun } from './evaluate/run';
import { evaluate } from './evaluate/variables';
import type { Directive, Tree } from './syntax/tree';

/** Every directive of the file that sets a response header, and those that set a CORS header on a request. */
export function settingsOf(file: string, tree: Tree, configuration: Configuration): HeaderSetting[] {
  const settings: HeaderSetting[] = [];
  let run: Run | undefined;
  const stack = [...tree.directives].reverse();
  for (let directive = stack.pop(); directive !== undefined; directive = stack.pop()) {
    const name = directive.name.value;
    if (SETTERS.has(name)) {
      run ??= anyRequest(configuration);
      settings.push(...read(toNode(directive, file), layerOf(directive.parent), run));
    }
    const inner = directive.block?.directives ?? [];
    for (let i = inner.length - 1; i >= 0; i -= 1) {
      const child = inner[i];
      if (child !== undefined) stack.push(child);
    }
  }
  return settings;
}

const SETTERS = new Set(['add_header', 'more_set_headers', 'proxy_set_header']);

function toNode(directive: Directive, file: string): Node {
  return { name: directive.name.value, args: directive.args, file, directive, children: undefined };
}

function read(node: Node, layer: string, run: Run): HeaderSetting[] {
  const [name, value] = node.args;
  if (node.name === 'proxy_set_header') {
    if (name === undefined || value === undefined || !/^access[-_]control/i.test(name.value)) {
      return [];
    }
    return [setting(node, name, value, 'request', layer, run)];
  }
  const level = makeLevel('location', undefined, [node], undefined);
  const lines = node.name === 'add_header' ? effectiveHeaders(level, {}) : ownMoreSteps(level);
  return lines.flatMap((line) =>
    line.value === undefined ? [] : [setting(node, line.name, line.value, 'response', layer, run)],
  );
}

function setting(
  node: Node,
  name: Node['args'][number],
  value: Node['args'][number],
  target: HeaderSetting['target'],
  layer: string,
  run: Run,
): HeaderSetting {
  return {
    name: name.value,
    namePlace: wordPlace(node.file, name),
    value: evaluate(value, node.file, run).value,
    place: placeOf(node),
    target,
    layer,
  };
}

/** A request of which nothing is known but that it has an origin: variables that are set on the way are unknown. */
function anyRequest(configuration: Configuration): Run {
  const { http, servers, fragment } = configuration;
  const request = {
    method: 'GET',
    scheme: 'https',
    path: '/',
    origin: 'https://origin.invalid',
    headers: new Map<string, string>(),
    ending: 'success',
  } as const;
  const run = startRun(configuration, servers[0] ?? fragment ?? http, request, () => false);
  for (const name of configuration.assigned) {
    run.variables.set(name, unknown(`\`$${name}\` is set on the way`, { file: '', start: 0, end: 0 }));
  }
  return run;
}

function layerOf(parent: Directive | undefined): string {
  if (parent === undefined) {
    return 'this file';
  }
  const name = parent.name.value;
  if (name === 'if') {
    const home = parent.parent === undefined ? '' : ` in ${layerOf(parent.parent)}`;
    return `the \`if\`${home}`;
  }
  return [name, ...parent.args.map((word) => word.value)].join(' ');
}
