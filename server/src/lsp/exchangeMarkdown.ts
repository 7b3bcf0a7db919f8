import type { Exchange } from '../cors/browser';
import type { Request } from '../cors/http';
import type { Place } from '../cors/place';
import type { ResolvedHeader, ResolvedResponse } from '../cors/resolve';
import { stepUrl, type Verdict } from '../cors/verdict';
import { canonical, curl } from '../workspace/told/curl';
import { codeBlock, codeSpan, escapeMarkdown } from './markdown';

/** Says where a place is, for people: "line 12", "app.js, line 3". */
export type Whereabouts = (place: Place) => string;

/**
 * The proof of a finding as markdown: the call, the verdict with its step of the standard, what the browser sends, what
 * comes back and which layer wrote each header, and a `curl` command that sends the request which decided.
 */
export function exchangeMarkdown(exchange: Exchange, where: Whereabouts): string {
  const { call, preflight, actual, verdict } = exchange;
  const parts: string[] = [];
  const circumstances = exchange.when.length === 0 ? '' : ` when ${exchange.when.map(escapeMarkdown).join(' and ')}`;
  const credentials = call.credentials ? ' with credentials' : '';
  parts.push(
    `A page at ${codeSpan(call.origin)} fetches ${codeSpan(`${call.method} ${call.path}`)}${credentials}${circumstances}.`,
  );
  parts.push(verdictLine(verdict));
  if (preflight) {
    parts.push('It asks first:');
    parts.push(leg(preflight.request, preflight.response, where));
  }
  const stopped = preflight !== undefined && preflight.verdict.result === 'blocked';
  if (!stopped) parts.push(leg(actual.request, actual.response, where));
  parts.push(codeBlock('sh', curl(stopped ? preflight.request : actual.request)));
  return parts.join('\n\n');
}

function leg(request: Request, response: ResolvedResponse, where: Whereabouts): string {
  return codeBlock('http', [...requestLines(request), '', ...responseLines(response, where)].join('\n'));
}

function requestLines(request: Request): string[] {
  const lines = [`${request.method} ${request.path}`];
  if (request.origin !== undefined) lines.push(`Origin: ${request.origin}`);
  for (const [name, value] of request.headers) lines.push(`${canonical(name)}: ${value}`);
  return lines.map(oneLine);
}

function responseLines(response: ResolvedResponse, where: Whereabouts): string[] {
  const { source, headers, open } = response;
  const status = response.status === undefined ? '(status unknown)' : String(response.status);
  const answeredBy = source.answeredBy.what.replaceAll('`', '');
  const lines = [`HTTP/1.1 ${status}    # ${answeredBy}`];
  const written = headers.map((header) => [headerLine(header), `# ${origin(header, where)}`] as const);
  const width = Math.min(64, Math.max(0, ...written.map(([line]) => line.length)));
  for (const [line, comment] of written) lines.push(`${line.padEnd(width)}  ${comment}`);
  if (open !== undefined) lines.push(`# perhaps more: ${open}`);
  return lines.map(oneLine);
}

function headerLine({ name, text, perhapsAbsent }: ResolvedHeader): string {
  if (text !== undefined) return `${name}: ${text}`;
  return perhapsAbsent ? `${name}: (unknown, perhaps not sent)` : `${name}: (unknown)`;
}

function origin(resolved: ResolvedHeader, where: Whereabouts): string {
  const { header, reason } = resolved;
  const by = `${header.layer}, ${where(header.place)}${header.implied ? ', by default' : ''}`;
  return reason === undefined ? by : `${by}: ${reason}`;
}

const RESULTS: Readonly<Record<Verdict['result'], string>> = {
  allowed: 'The browser lets the page read the response',
  blocked: 'The browser refuses',
  unknown: 'What the browser does cannot be told',
};

function verdictLine(verdict: Verdict): string {
  const url = stepUrl(verdict.step);
  const step = url === undefined ? '' : ` ([${verdict.step}](${url}))`;
  return `**${RESULTS[verdict.result]}**${step}: ${escapeMarkdown(verdict.reason)}.`;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
