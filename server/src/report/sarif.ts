import type { Location, NameFile, ReportData, ReportFinding, Severity, TriedLeg } from './data';
import { callWords, legsOf, verdictWords } from './words';

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
const VERSION = '2.1.0';
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** SARIF knows no hints. */
const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note', hint: 'note' };

/** Stands for the workspace's folder, which whoever reads the file knows. */
const ROOT = 'SRCROOT';

/**
 * The findings as SARIF 2.1.0, for code scanning: files from the workspace's folder, regions in UTF-16 units from 1,
 * the exchange as `webRequest` and `webResponse`.
 */
export function sarifReport(data: ReportData, name: NameFile): string {
  const rules = rulesOf(data);
  const ids = rules.map(({ id }) => id);
  const log = {
    $schema: SCHEMA,
    version: VERSION,
    runs: [
      {
        tool: { driver: { name: 'CORS Lint', semanticVersion: data.version, version: data.version, rules } },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: !data.cancelled }],
        results: data.findings.map((finding) => result(finding, ids.indexOf(finding.rule), name)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

/** Every rule that found something, once. */
function rulesOf({ findings }: ReportData) {
  const first = new Map<string, ReportFinding>();
  for (const finding of findings) if (!first.has(finding.rule)) first.set(finding.rule, finding);
  return [...first.values()].map(({ rule, title, category, cwe, page }) => ({
    id: rule,
    shortDescription: { text: title },
    fullDescription: { text: title },
    help: { text: page === null ? `${title}.` : `${title}. What decides: ${page}` },
    ...(page !== null && /^https?:/.test(page) ? { helpUri: page } : {}),
    properties: { tags: [category, ...(cwe === null ? [] : [`external/cwe/${cwe.toLowerCase()}`])] },
  }));
}

function result(finding: ReportFinding, ruleIndex: number, name: NameFile): object {
  const { rule, severity, message, location, related, tried } = finding;
  const leg = tried === null ? undefined : legsOf(tried).at(-1)?.[1];
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: plain(message) },
    locations: [sarifLocation(location, name)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((other, index) => ({
            id: index + 1,
            message: { text: plain(other.message) },
            ...sarifLocation(other.location, name),
          })),
        }),
    ...(tried === null || leg === undefined
      ? {}
      : {
          webRequest: webRequest(leg, tried.call.url),
          webResponse: webResponse(leg),
          properties: {
            exchange: `${callWords(tried)} ${verdictWords(tried)}`,
            verdict: tried.verdict,
            step: tried.step,
          },
        }),
  };
}

/**
 * Text of the workspace that makes no link: `[text](target)` is one in plain messages too (SARIF 2.1.0, 3.11.6).
 */
function plain(text: string): string {
  return text.replaceAll('](', '] (');
}

function sarifLocation({ uri, range }: Location, name: NameFile): object {
  const { start, end } = range;
  return {
    physicalLocation: {
      artifactLocation: { uri: name(uri).split('/').map(encodeURIComponent).join('/'), uriBaseId: ROOT },
      region: {
        startLine: start.line + 1,
        startColumn: start.character + 1,
        endLine: end.line + 1,
        endColumn: end.character + 1,
      },
    },
  };
}

function webRequest({ request }: TriedLeg, target: string): object {
  return { method: request.method, target, protocol: 'HTTP', headers: headerObject(request.headers) };
}

function webResponse({ status, headers }: TriedLeg): object {
  const known = headers.map(({ name, value }) => ({ name, value: value ?? '(unknown)' }));
  return { ...(status === null ? {} : { statusCode: status }), headers: headerObject(known) };
}

/** A header that is sent twice is one entry: SARIF has an object here. */
function headerObject(headers: readonly { readonly name: string; readonly value: string }[]): Record<string, string> {
  const values = new Map<string, string>();
  for (const { name, value } of headers) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(values);
}
