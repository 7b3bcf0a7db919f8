import { actualRequest, type Call, preflightRequest } from '../../cors/call';
import type { Request } from '../../cors/http';
import type { ResponseEvidence } from '../evidence';
import type { Paint, Style } from '../paint';
import type { Prediction } from '../prediction';
import { printable } from '../printable';

const STYLES: Readonly<Record<Prediction['verdict'], Style>> = { allowed: 'green', blocked: 'red', unknown: 'yellow' };

/** The prediction for people: what is sent, what comes back, and what the browser makes of it. */
export function formatTry(prediction: Prediction, call: Call, paint: Paint): string {
  const { endpoint, preflight, response, verdict, step, reason } = prediction;
  const rows: string[] = [];
  if (endpoint !== null) rows.push(`${paint('bold', printable(endpoint))}`, '');
  if (preflight !== null) rows.push(...exchange('Preflight', preflightRequest(call), preflight, paint), '');
  if (response !== null) rows.push(...exchange('Request', actualRequest(call), response, paint), '');
  rows.push(`${paint(STYLES[verdict], verdict)}${step === 'unknown' ? '' : ` at ${step}`}: ${printable(reason)}`);
  return `${rows.join('\n')}\n`;
}

function exchange(title: string, request: Request, response: ResponseEvidence, paint: Paint): string[] {
  const host = request.host === undefined ? '' : `${request.scheme}://${request.host}`;
  const width = Math.max(0, ...response.headers.map(({ name }) => name.length));
  return [
    `${title}: ${printable(`${request.method} ${host}${request.path}`)}`,
    ...(request.origin === undefined ? [] : [`  Origin: ${printable(request.origin)}`]),
    ...[...request.headers].map(([name, value]) => printable(`  ${name}: ${value}`)),
    `→ ${response.status ?? 'status unknown'}`,
    ...response.headers.map(({ name, value, file, line }) => {
      const text = value === null ? paint('yellow', 'unknown') : printable(value);
      return `  ${printable(name)}:${' '.repeat(width - name.length)} ${text}  ${paint('dim', printable(`${file}:${line}`))}`;
    }),
  ];
}
