import { explainOrigin } from '../cors/originProblem';
import { PLACEHOLDER_ORIGIN } from '../cors/repair';
import { type Answer, explain } from '../explain/explain';
import { parseMessages } from '../explain/parse';
import { blameOf, relevantFindings } from '../explain/relevant';
import type { Crash } from '../lint/find';
import { platforms, rules } from '../lint/registry';
import type { Finding } from '../lint/types';
import { catalogue } from '../workspace/catalogue';
import { nodeDisk } from '../workspace/nodeDisk';
import { openWorkspace } from '../workspace/openWorkspace';
import type { FoundEndpoint, Workspace } from '../workspace/types';
import type { ExplainCommand } from './arguments';
import { Complaint } from './complaint';
import { type ExplainedAnswer, type Explanation, formatExplain } from './formats/explain';
import { formatExplainJson } from './formats/explainJson';
import { fileLines } from './lines';
import { problemLine } from './problemLine';
import type { ExitCode, Surroundings } from './run';
import { workspaceRoot } from './workspaceRoot';

/** A console holds less; what is piped in by mistake may have no end. */
const MOST_BYTES = 1024 * 1024;

/** `cors-lint explain [MESSAGE]`. */
export async function runExplain(command: ExplainCommand, surroundings: Surroundings): Promise<ExitCode> {
  const { cwd, output, signal } = surroundings;
  const wrong = command.origin === undefined ? undefined : explainOrigin(command.origin);
  if (wrong !== undefined) {
    throw new Complaint(
      `--origin must be as a browser sends it, such as ${PLACEHOLDER_ORIGIN}, not "${command.origin}".`,
    );
  }
  const messages = parseMessages(await textOf(command, surroundings));
  if (messages.length === 0) {
    throw new Complaint(
      'There is no message about CORS in this, as the consoles of Chrome, Edge, Firefox and Safari write it. Copy the whole of it, quotes and addresses too.',
    );
  }
  const crashes: Crash[] = [];
  const workspace = openWorkspace({
    disk: nodeDisk,
    root: workspaceRoot(cwd, []),
    platforms,
    rules,
    useFiles: command.useFiles,
    onCrash: (crash) => crashes.push(crash),
  });
  const lines = fileLines((name) => workspace.host.read(name));
  const found = await catalogue(workspace, signal && { signal });
  const home = found[0]?.endpoint.place.file ?? workspace.root;
  for (const problem of workspace.problemsFor(home)) {
    output.error(`${problemLine(problem, cwd, lines, output.errorPaint)}\n`);
  }
  const origin = command.origin ?? workspace.settingsFor(home).origins[0];
  const endpoints = found.map(({ endpoint }) => endpoint);
  const explanations: Explanation[] = [];
  for (const message of messages) {
    const { answers, ...rest } = explain(message, endpoints, origin);
    const told: ExplainedAnswer[] = [];
    for (const answer of answers) told.push(...(await inWorkspace(answer, found, workspace)));
    explanations.push({ ...rest, answers: told });
  }
  const [crash] = crashes;
  if (crash !== undefined) throw crash.error;
  const places = { cwd, lines };
  output.out(
    command.format === 'json'
      ? formatExplainJson(explanations, places)
      : formatExplain(explanations, places, output.paint),
  );
  return 0;
}

async function textOf({ message }: ExplainCommand, { input }: Surroundings): Promise<string> {
  if (message !== undefined) return message;
  if (input.isTerminal) {
    throw new Complaint(
      '"cors-lint explain" needs the message, as in: cors-lint explain \'Access to fetch at …\', or something that is piped into it.',
    );
  }
  return input.read(MOST_BYTES);
}

/** The answer with whoever read its endpoint, and the findings that explain it. */
async function inWorkspace(
  answer: Answer,
  found: readonly FoundEndpoint[],
  workspace: Workspace,
): Promise<ExplainedAnswer[]> {
  const who = found.find(({ endpoint }) => endpoint === answer.endpoint);
  if (who === undefined) return [];
  const blame = blameOf(answer);
  const findings: Finding[] = [];
  for (const file of new Set([answer.endpoint.place.file, ...(blame === undefined ? [] : [blame.file])])) {
    findings.push(...(await workspace.lintWhole(file)).findings);
  }
  return [{ ...answer, found: who, blame, findings: relevantFindings(findings, answer) }];
}
