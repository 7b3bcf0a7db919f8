import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path/posix';
import { PLATFORM_IDS } from '../../server/src/config/platforms';
import { type Act, type Import, type ModuleFacts, readModule } from './moduleFacts';

/** A module that breaks an invariant of ARCHITECTURE.md, in a sentence that names the file, the import and the rule. */
export type Violation = string;

/** Paths from the project's root, forward slashes, to the text. Tests are not among them. */
export type Sources = ReadonlyMap<string, string>;

/**
 * The layers of `server/src`, by folder, with the layers that each may import. What a layer does not list it cannot
 * reach; its own folder is always open to it, except where {@link closedFolders} says otherwise.
 */
const layers: Readonly<Record<string, readonly string[]>> = {
  cors: [],
  report: [],
  rules: ['cors', 'lint contracts'],
  javascript: ['cors'],
  yaml: ['cors'],
  aws: ['cors', 'javascript', 'yaml', 'lint contracts'],
  platforms: ['cors', 'javascript', 'yaml', 'aws', 'lint contracts'],
  explain: ['cors', 'lint contracts'],
  config: ['cors', 'lint', 'rules'],
  lint: ['cors', 'config', 'rules', 'platforms', 'lint contracts'],
  workspace: ['cors', 'javascript', 'yaml', 'config', 'lint', 'platforms', 'report', 'rules', 'lint contracts'],
  lsp: ['cors', 'explain', 'config', 'lint', 'platforms', 'rules', 'workspace', 'lint contracts'],
  cli: ['cors', 'explain', 'config', 'lint', 'platforms', 'report', 'rules', 'workspace', 'lint contracts'],
};

/** What of `lint/` rules and platforms are written against; it imports nothing but `cors/` and itself. */
const contracts = ['server/src/lint/types.ts', 'server/src/lint/defineRule.ts'];

/** Folders whose sub-folders do not know each other. */
const closedFolders = ['server/src/platforms/', 'server/src/rules/'];

/** Layers that see files through the `Host` only, and so run anywhere on anything. */
const withoutSystem = ['cors', 'explain', 'report', 'rules', 'javascript', 'yaml', 'aws', 'platforms', 'lint'];

/** Modules of Node.js that only work on text. */
const harmlessBuiltins = ['node:path', 'node:path/posix', 'node:url'];

/** What of the other layers may know the machine that it runs on; the rest runs in a browser's worker as well. */
const onTheMachine = /^server\/src\/(?:cli\/|lsp\/(?:main|rulePages)\.|workspace\/(?:nodeDisk\.|testing\/))/;

/** Modules of Node.js that start or run something. */
const executors = ['child_process', 'cluster', 'vm', 'module', 'repl', 'inspector'];

/** Parsers that take longer to load than a server may take to start. */
const lazyPackages = ['typescript', '@typescript-eslint/typescript-estree', '@typescript-eslint/scope-manager', 'yaml'];

export interface Exceptions {
  /** Modules that build a regular expression of text, and why that text is not the workspace's. */
  readonly regexpOfText: Readonly<Record<string, string>>;
}

/** Every violation in these modules, in the order of their names. */
export function findViolations(sources: Sources, exceptions: Exceptions): Violation[] {
  const modules = new Map([...sources].sort().map(([file, text]) => [file, readModule(file, text)]));
  return [
    ...[...sources].flatMap(([file, text]) => nameViolations(file, text)),
    ...[...modules].flatMap(([file, facts]) => [
      ...importViolations(file, facts, modules),
      ...actViolations(file, facts, exceptions),
    ]),
    ...cycles(modules),
  ];
}

/** Layers for which one platform is as good as another: what they need to know of one it states itself. */
const neutral = ['cors', 'report', 'rules', 'explain', 'lint', 'workspace', 'lsp'];

function nameViolations(file: string, text: string): Violation[] {
  const layer = layerOf(file);
  if (!neutral.includes(layer) || file.includes('/testing/')) return [];
  return text.split('\n').flatMap((line, i) => {
    const named = PLATFORM_IDS.find((id) => line.includes(`'${id}'`));
    return named === undefined ? [] : [`${file}:${i + 1} names '${named}': ${layer}/ knows no platform by name.`];
  });
}

type Modules = ReadonlyMap<string, ModuleFacts>;

function importViolations(file: string, { imports }: ModuleFacts, modules: Modules): Violation[] {
  return imports.flatMap((item) => {
    const say = (why: string) => [`${file}:${item.line} imports "${item.specifier}": ${why}`];
    if (!item.specifier.startsWith('.')) {
      const why = packageViolation(file, item);
      return why === undefined ? [] : say(why);
    }
    const target = resolveModule(file, item.specifier, modules);
    if (target === undefined) return item.specifier.endsWith('.json') ? [] : say('there is no such module.');
    const why = layerViolation(file, target, item);
    return why === undefined ? [] : say(why);
  });
}

function packageViolation(file: string, { specifier, kind }: Import): string | undefined {
  const layer = layerOf(file);
  if (isBuiltin(specifier)) {
    const name = specifier.replace(/^node:/, '');
    if (executors.includes(name.split('/')[0] ?? '')) {
      return 'nothing of the workspace is ever run, so nothing here may be able to run anything.';
    }
    if ((name === 'process' || name === 'console') && layer !== 'cli') return 'only cli/ prints.';
    if (withoutSystem.includes(layer) && !harmlessBuiltins.includes(specifier)) {
      return `${layer}/ speaks text and offsets; it sees files through the Host only.`;
    }
    if (!harmlessBuiltins.includes(specifier) && !onTheMachine.test(file)) {
      return 'a browser has no such module; files are seen through the Disk only.';
    }
    return undefined;
  }
  if (/^vscode-languageserver\b/.test(specifier) && layer !== 'lsp') {
    return 'only lsp/ knows the language server protocol.';
  }
  if (
    (specifier === 'vscode' ||
      specifier === 'vscode-languageclient' ||
      specifier.startsWith('vscode-languageclient/')) &&
    layer !== 'client'
  ) {
    return 'only client/ knows VS Code.';
  }
  if (kind === 'static' && lazyPackages.includes(specifier)) {
    return 'it is slow to load, so it is loaded with import() when the first file needs it.';
  }
  return undefined;
}

function layerViolation(file: string, target: string, item: Import): string | undefined {
  const from = layerOf(file);
  const to = layerOf(target);
  if (from === to) {
    const closed = closedFolders.find((folder) => file.startsWith(folder));
    if (closed === undefined || !target.startsWith(closed)) return undefined;
    const own = siblingOf(file, closed);
    const other = siblingOf(target, closed);
    if (own === undefined || other === undefined || own === other) return undefined;
    return `${own} and ${other} are siblings in ${closed}, and siblings do not know each other.`;
  }
  if (from === 'client') {
    const allowed = target.startsWith('server/src/lsp/protocol') || to === 'report' || item.kind === 'type';
    return allowed
      ? undefined
      : 'client/ talks to the server through the protocol, and knows of it only lsp/protocol and report/.';
  }
  if (to === 'client') return 'the server does not know its clients.';
  if (from === 'root') return undefined;
  const open = layers[from] ?? [];
  if (open.includes(to) || (contracts.includes(target) && open.includes('lint contracts'))) return undefined;
  const reach = open.length === 0 ? 'nothing of ours' : `of ours only ${open.join(', ')}`;
  return `${from}/ imports ${reach}.`;
}

function actViolations(file: string, { acts }: ModuleFacts, exceptions: Exceptions): Violation[] {
  return acts.flatMap((act) => {
    const why = whyNot(file, act, exceptions);
    return why === undefined ? [] : [`${file}:${act.line} has "${act.text}": ${why}`];
  });
}

function whyNot(file: string, act: Act, exceptions: Exceptions): string | undefined {
  switch (act.what) {
    case 'computed-import':
      return 'a module whose name is computed could be one of the workspace, and nothing of it is ever run.';
    case 'eval':
      return 'text is never run.';
    case 'print':
      return layerOf(file) === 'cli' ? undefined : 'only cli/ prints.';
    case 'regexp-of-text':
      if (file in exceptions.regexpOfText) return undefined;
      return 'a regular expression of the workspace is never run on a backtracking engine.';
  }
}

/** Cycles of imports that are loaded with their modules. A cycle of types alone is none once compiled. */
function cycles(modules: Modules): Violation[] {
  const state = new Map<string, 'open' | 'done'>();
  const found: Violation[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      const loop = [...path.slice(path.indexOf(file)), file];
      found.push(`${loop.join(' imports ')}: modules that import each other cannot be read, or loaded, one by one.`);
      return;
    }
    state.set(file, 'open');
    for (const { specifier, kind } of modules.get(file)?.imports ?? []) {
      const target =
        kind === 'static' && specifier.startsWith('.') ? resolveModule(file, specifier, modules) : undefined;
      if (target !== undefined) visit(target, [...path, file]);
    }
    state.set(file, 'done');
  };
  for (const file of modules.keys()) visit(file, []);
  return found;
}

function resolveModule(from: string, specifier: string, modules: Modules): string | undefined {
  const path = normalize(join(dirname(from), specifier));
  return [path, `${path}.ts`, `${path}/index.ts`].find((candidate) => modules.has(candidate));
}

/** `cors`, `platforms`, …; `client`; files beside the layers' folders are `root` and may import everything. */
function layerOf(file: string): string {
  if (file.startsWith('client/')) return 'client';
  return /^server\/src\/([^/]+)\//.exec(file)?.[1] ?? 'root';
}

/** The sub-folder of a closed folder that a file is in; undefined for a file that stands in the folder itself. */
function siblingOf(file: string, closed: string): string | undefined {
  const rest = file.slice(closed.length);
  return rest.includes('/') ? rest.slice(0, rest.indexOf('/')) : undefined;
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}
