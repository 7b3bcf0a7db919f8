import type { CancellationToken } from 'vscode-languageserver';
import { type Answer, type Explained, explain } from '../explain/explain';
import { parseMessages } from '../explain/parse';
import { blameOf, relevantFindings } from '../explain/relevant';
import type { Finding } from '../lint/types';
import { toTried } from '../workspace/told/tried';
import { type Catalogue, catalogues } from './catalogues';
import { endpointRef } from './endpointInfo';
import type { ExplainedEndpoint, ExplainParams, ExplainResult, Explanation, ParsedMessage } from './protocol';
import { reportedFinding } from './reportedFinding';
import type { Session } from './session';

/** `corsLint/explain` */
export async function explainRequest(
  session: Session,
  { message, workDoneToken }: ExplainParams,
  token: CancellationToken,
): Promise<ExplainResult> {
  const messages = parseMessages(message);
  if (messages.length === 0) return { explained: [] };
  const reporter = session.connection.window.attachWorkDoneProgress(workDoneToken);
  reporter.begin('Looking for the endpoint', 0, '', true);
  try {
    const found = await catalogues(session, undefined, token, reporter);
    const all = found.flatMap(({ endpoints }) => endpoints.map(({ endpoint }) => endpoint));
    const [first] = found;
    const origin = first?.workspace.settingsFor(all[0]?.place.file ?? first.workspace.root).origins[0];
    const explained = messages.map((each) => explain(each, all, origin));
    return { explained: await Promise.all(explained.map((each) => toExplanation(session, found, each))) };
  } finally {
    reporter.done();
  }
}

async function toExplanation(
  session: Session,
  found: readonly Catalogue[],
  { message, meaning, answers, advice, rule }: Explained,
): Promise<Explanation> {
  const parsed: ParsedMessage = {
    browser: message.browser,
    text: message.text,
    reason: message.reason,
    url: message.url ?? null,
    origin: message.origin ?? null,
    names: message.names ?? null,
    isPreflight: message.isPreflight,
  };
  const endpoints = await Promise.all(answers.map((answer) => toEndpoint(session, found, answer)));
  return {
    message: parsed,
    meaning,
    endpoints: endpoints.flatMap((endpoint) => (endpoint === undefined ? [] : [endpoint])),
    advice,
    rule: rule ?? null,
  };
}

async function toEndpoint(
  session: Session,
  found: readonly Catalogue[],
  answer: Answer,
): Promise<ExplainedEndpoint | undefined> {
  const { endpoint, sureness, because, call, prediction, agreement, says } = answer;
  const home = found.find(({ endpoints }) => endpoints.some((each) => each.endpoint === endpoint));
  const who = home?.endpoints.find((each) => each.endpoint === endpoint);
  if (home === undefined || who === undefined) return undefined;
  const { workspace, locate } = home;
  const ref = endpointRef(session, who, locate);
  const blame = blameOf(answer);
  const files = new Set([endpoint.place.file, ...(blame === undefined ? [] : [blame.file])]);
  const findings: Finding[] = [];
  for (const file of files) findings.push(...(await workspace.lint(file)).findings);
  return {
    endpoint: ref,
    sureness,
    because,
    tried: toTried(call, prediction, ref, locate),
    agreement,
    says,
    blame: blame === undefined ? null : locate(blame),
    findings: relevantFindings(findings, answer).flatMap(
      (finding) => reportedFinding(session, workspace, finding, locate, true) ?? [],
    ),
  };
}
