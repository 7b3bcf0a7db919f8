import type { NameFile, ReportChain, ReportData, ReportEndpoint, ReportFinding, Tried, TriedLeg } from './data';
import { escapeMarkdown, markdownBlock, markdownCode } from './escape';
import {
  byFile,
  callWords,
  countWords,
  headerWords,
  legsOf,
  placeWords,
  scopeWords,
  severityName,
  statusWords,
  verdictWords,
  writtenWords,
} from './words';

/** The report as Markdown, for issues and pull requests: counts, endpoints, layers, findings with their proofs. */
export function markdownReport(data: ReportData, name: NameFile): string {
  const parts = ['# CORS report', `**${countWords(data)}.** ${scopeWords(data)}`];
  if (data.endpoints.length > 0) parts.push('## Endpoints', endpointTable(data.endpoints, name));
  const collisions = data.chains.filter((chain) => chain.collisions.length > 0);
  if (collisions.length > 0) parts.push('## Layers that collide', collisionList(collisions, data.endpoints));
  if (data.findings.length > 0) parts.push('## Findings');
  for (const [uri, findings] of byFile(data.findings)) {
    parts.push(`### ${escapeMarkdown(name(uri))}`, ...findings.flatMap((finding) => findingParts(finding, name)));
  }
  parts.push(`Made by CORS Lint ${escapeMarkdown(data.version)}. Nothing was run, and no server was asked.`);
  return `${parts.join('\n\n')}\n`;
}

function endpointTable(endpoints: readonly ReportEndpoint[], name: NameFile): string {
  const labels = [...new Map(endpoints.flatMap(({ rows }) => rows.map(({ key, label }) => [key, label]))).entries()];
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const head = ['Endpoint', 'Platform', ...labels.map(([, label]) => escapeMarkdown(label)), 'Where'];
  const lines = endpoints.map((endpoint) =>
    row([
      markdownCode(endpoint.label),
      escapeMarkdown(endpoint.platformName),
      ...labels.map(([key]) => escapeMarkdown(endpoint.rows.find((one) => one.key === key)?.words ?? '')),
      escapeMarkdown(placeWords(endpoint.location, name)),
    ]),
  );
  return [row(head), row(head.map(() => '---')), ...lines].join('\n');
}

function collisionList(chains: readonly ReportChain[], endpoints: readonly ReportEndpoint[]): string {
  const labels = new Map(endpoints.map(({ id, label }) => [id, label]));
  return chains
    .flatMap(({ endpoint, collisions }) =>
      collisions.map(({ words }) => `- ${markdownCode(labels.get(endpoint) ?? endpoint)}: ${escapeMarkdown(words)}`),
    )
    .join('\n');
}

function findingParts(finding: ReportFinding, name: NameFile): string[] {
  const { severity, rule, message, location, related, tried, cwe } = finding;
  const tail = cwe === null ? '' : ` (${escapeMarkdown(cwe)})`;
  const line = `line ${location.range.start.line + 1}`;
  return [
    `**${severityName(severity)}**, ${line}, ${markdownCode(rule)}${tail}: ${escapeMarkdown(message)}`,
    ...(related.length === 0
      ? []
      : [
          related
            .map((other) => `- ${escapeMarkdown(placeWords(other.location, name))}: ${escapeMarkdown(other.message)}`)
            .join('\n'),
        ]),
    ...(tried === null ? [] : triedParts(tried, name)),
  ];
}

/** One played call as Markdown: what is sent, what comes back and who wrote it, the verdict. */
export function triedParts(tried: Tried, name: NameFile): string[] {
  const step = tried.stepUrl === null ? '' : ` ([${escapeMarkdown(tried.step)}](${tried.stepUrl}))`;
  return [
    `${escapeMarkdown(callWords(tried))} **${escapeMarkdown(verdictWords(tried))}**${step}`,
    ...legsOf(tried).flatMap(([, leg]) => [markdownBlock('http', exchangeText(leg, tried.call.url, name))]),
  ];
}

function exchangeText(leg: TriedLeg, url: string, name: NameFile): string {
  const lines = [
    `${leg.request.method} ${url}`,
    ...leg.request.headers.map(({ name: header, value }) => `${header}: ${value}`),
    '',
    statusWords(leg),
    ...leg.headers.map((header) => `${headerWords(header)}    # ${writtenWords(header, name)}`),
  ];
  return lines.map((line) => line.replace(/[\r\n]+/g, ' ')).join('\n');
}
