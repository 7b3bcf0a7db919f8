import { type Call, normaliseMethod } from '../cors/call';
import { parseUrl } from '../cors/origin';
import { explainOrigin } from '../cors/originProblem';
import { PLACEHOLDER_ORIGIN } from '../cors/repair';
import type { Crash } from '../lint/find';
import { platforms, rules } from '../lint/registry';
import { nodeDisk } from '../workspace/nodeDisk';
import { openWorkspace } from '../workspace/openWorkspace';
import type { Workspace } from '../workspace/types';
import type { TryCommand } from './arguments';
import { Complaint } from './complaint';
import { formatTry } from './formats/try';
import { formatTryJson } from './formats/tryJson';
import { fileLines } from './lines';
import { namedPath } from './paths';
import { predict } from './prediction';
import { problemLine } from './problemLine';
import type { ExitCode, Surroundings } from './run';
import { shownPath } from './shownPath';
import { workspaceRoot } from './workspaceRoot';

/** `cors-lint try FILE --url URL …`. */
export async function runTry(command: TryCommand, { cwd, output }: Surroundings): Promise<ExitCode> {
  const { path: file, folder } = namedPath(cwd, command.file);
  if (file === folder) throw new Complaint(`"${command.file}" is a folder; "cors-lint try" takes one file.`);
  const crashes: Crash[] = [];
  const workspace = openWorkspace({
    disk: nodeDisk,
    root: workspaceRoot(cwd, [folder]),
    platforms,
    rules,
    useFiles: command.useFiles,
    onCrash: (crash) => crashes.push(crash),
  });
  const lines = fileLines((name) => workspace.host.read(name));
  for (const problem of workspace.problemsFor(file))
    output.error(`${problemLine(problem, cwd, lines, output.errorPaint)}\n`);
  const call = callFor(command, workspace, file);
  const found = await workspace.endpoints(file);
  const [crash] = crashes;
  if (crash !== undefined) throw crash.error;
  if (found.length === 0) throw new Complaint(await whyNothing(workspace, command.file, file));
  const endpoints = found.map(({ endpoint }) => endpoint);
  const prediction = predict(endpoints, call, ({ header }) => ({
    file: shownPath(cwd, header.place.file),
    line: lines.range(header.place.file, header.place).start.line,
  }));
  output.out(command.format === 'json' ? formatTryJson(prediction) : formatTry(prediction, call, output.paint));
  return 0;
}

function callFor(command: TryCommand, workspace: Workspace, file: string): Call {
  const url = parseUrl(command.url);
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Complaint(`--url must be an address such as https://api.example.com/items, not "${command.url}".`);
  }
  const origin = command.origin ?? workspace.settingsFor(file).origins[0] ?? PLACEHOLDER_ORIGIN;
  const wrong = explainOrigin(origin);
  if (wrong !== undefined) {
    const instead = wrong.corrected === undefined ? '' : ` Write ${wrong.corrected}.`;
    throw new Complaint(
      `--origin must be as a browser sends it, such as ${PLACEHOLDER_ORIGIN}, not "${origin}".${instead}`,
    );
  }
  return {
    origin,
    method: normaliseMethod(command.method),
    scheme: url.protocol === 'http:' ? 'http' : 'https',
    host: url.host,
    path: url.pathname + url.search,
    headers: command.headers.map(toHeader),
    credentials: command.credentials,
    ending: command.status === undefined || isSuccess(command.status) ? 'success' : command.status,
  };
}

/** A success is not an ending of its own: what is served then decides on the status. */
function isSuccess(status: number): boolean {
  return status === 200;
}

/** Values for headers that are given by their name alone: the usual ones, that take a preflight. */
const USUAL_VALUES: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  authorization: 'Bearer token',
  accept: 'application/json',
};

function toHeader(given: string): readonly [string, string] {
  const colon = given.indexOf(':');
  const name = colon < 0 ? given : given.slice(0, colon).trimEnd();
  const value = colon < 0 ? undefined : given.slice(colon + 1).trim();
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
    throw new Complaint(`--header wants a header's name, or "Name: value", not "${given}".`);
  return [name, value ?? USUAL_VALUES[name.toLowerCase()] ?? '1'];
}

/** Pages of a front end answer nobody. */
const servers = platforms.filter(({ id }) => id !== 'frontend');

async function whyNothing(workspace: Workspace, given: string, file: string): Promise<string> {
  const { skipped, platforms: read } = await workspace.lint(file);
  if (skipped !== undefined && read.length === 0) return `"${given}" is not looked at: ${skipped}.`;
  if (read.length === 0) {
    const known = servers.map(({ name }) => name).join(', ');
    return `"${given}" has no sign of any server that is known here (${known}).`;
  }
  return `"${given}" sets up nothing that answers requests, as far as can be read.`;
}
