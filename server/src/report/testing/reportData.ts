import type { Location, ReportData, ReportFinding, Tried, TriedHeader } from '../data';

export function place(uri: string, line: number): Location {
  return { uri, range: { start: { line, character: 4 }, end: { line, character: 9 } } };
}

/**
 * A report with everything in it that a report can have: two layers that collide, a preflight that fails, an answer
 * that is not known.
 * @param text stands wherever a workspace's own words stand
 */
export function reportData(text = 'location /api/'): ReportData {
  const conf = 'file:///shop/proxy/api.conf';
  const app = 'file:///shop/api/app.js';
  const header = (value: string | null, uri: string, line: number): TriedHeader => ({
    name: 'Access-Control-Allow-Origin',
    value,
    layer: text,
    implied: value === null,
    location: place(uri, line),
  });
  const request = { method: 'PUT', headers: [{ name: 'Origin', value: 'https://app.example.com' }] };
  const tried: Tried = {
    call: {
      origin: 'https://app.example.com',
      method: 'PUT',
      url: `https://api.example.com/${text}`,
      credentials: true,
    },
    preflight: {
      request: { ...request, method: 'OPTIONS' },
      curl: 'curl -i',
      status: 404,
      answeredBy: text,
      headers: [header(null, conf, 3)],
    },
    actual: {
      request,
      curl: 'curl -i',
      status: null,
      answeredBy: '',
      headers: [header(text, conf, 3), header('*', app, 7)],
    },
    verdict: 'blocked',
    step: 'cors-check/several-origins',
    stepUrl: 'https://fetch.spec.whatwg.org/#concept-cors-check',
    reason: `the answer says ${text} and *`,
  };
  const finding = (rule: string, severity: ReportFinding['severity'], uri: string, line: number): ReportFinding => ({
    rule,
    title: 'Two lines of one header',
    category: 'broken',
    severity,
    message: `Twice: ${text}.`,
    location: place(uri, line),
    file: uri.slice('file:///shop/'.length),
    page: 'https://docs.example/page',
    cwe: 'CWE-942',
    related: [{ message: text, location: place(app, 7) }],
    tried: severity === 'error' ? tried : null,
  });
  return {
    cancelled: false,
    version: '0.1.0',
    counts: {
      severities: { error: 1, warning: 2, info: 0, hint: 0 },
      rules: [{ rule: 'duplicate-header', title: 'Two lines of one header', count: 3 }],
      files: { seen: 12, analysed: 2, withFindings: 2 },
      endpoints: 1,
    },
    endpoints: [
      {
        id: 'e1',
        platformName: 'nginx',
        label: text,
        location: place(conf, 2),
        partial: text,
        rows: [{ key: 'origins', label: 'Origins', words: text }],
      },
    ],
    findings: [
      finding('duplicate-header', 'error', conf, 3),
      finding('duplicate-header', 'warning', app, 7),
      finding('vary-overwritten', 'warning', app, 8),
    ],
    chains: [
      {
        endpoint: 'e1',
        layers: [
          { kind: 'front-end', label: 'https://app.example.com', location: null, sets: [] },
          { kind: 'proxy', label: text, location: place(conf, 2), sets: [header(text, conf, 3)] },
          { kind: 'application', label: 'app.js', location: place(app, 1), sets: [header('*', app, 7)] },
        ],
        collisions: [{ header: 'access-control-allow-origin', layers: [1, 2], words: `Set twice: ${text}.` }],
      },
    ],
  };
}

export function nameFile(uri: string): string {
  return uri.replace('file:///shop/', '');
}
