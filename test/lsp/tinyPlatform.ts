import { simpleCall } from '../../server/src/cors/browser';
import type { Endpoint } from '../../server/src/cors/endpoint';
import type { Header } from '../../server/src/cors/http';
import type { Place } from '../../server/src/cors/place';
import { platformRule } from '../../server/src/lint/defineRule';
import type { Analysis, Host, Platform, RuleMeta } from '../../server/src/lint/types';

/**
 * A platform for tests of the protocol, small enough to be sure of. Its files are lines of response headers, `#`
 * comments and `include FILE`. Rules: `tiny-bad` reports the word "bad" and can mend it, `tiny-credentials` reports
 * `*` with credentials and proves it, `tiny-included` reports "bad" in an included file, there. The words "boom" and
 * "crash" make a rule and the reading fail.
 */
export const tiny: Platform = {
  id: 'tiny',
  name: 'Tiny',
  lineComment: '#',
  claims: (file) => file.endsWith('.tiny') || file.endsWith('nginx.conf'),
  analyse,
  repair: () => undefined,
  rules: [
    platformRule<Analysis, Place>({
      meta: meta('tiny-bad', 'error'),
      check: ({ analysis }, report) => {
        for (const place of words(analysis.file, analysis.text, /\bbad\b/g)) report({ place, data: place });
      },
      message: () => 'This is bad. Make it good.',
      fixes: (place) => [
        { title: 'Delete it', preferred: false, edits: [{ ...place, text: '' }] },
        { title: 'Make it good', preferred: true, edits: [{ ...place, text: 'good' }] },
      ],
    }),
    platformRule<Analysis, string>({
      meta: { ...meta('tiny-credentials', 'warning'), cwe: 'CWE-942' },
      check: ({ analysis, browserFor }, report) => {
        for (const endpoint of analysis.endpoints) {
          const call = simpleCall(endpoint, 'https://app.example.com', { credentials: true });
          const [exchange] = browserFor(endpoint).fetch(call);
          const header = exchange?.verdict.header;
          if (exchange?.verdict.step !== 'cors-check/wildcard-with-credentials' || header === undefined) continue;
          const related = [{ place: endpoint.place, message: 'The endpoint is here.' }];
          report({ place: header.valuePlace, data: endpoint.label, exchange, related });
        }
      },
      message: (label) => `A page that sends credentials cannot read ${label}.`,
    }),
    platformRule<Analysis, string>({
      meta: meta('tiny-included', 'info'),
      check: ({ analysis, host }, report) => {
        for (const file of analysis.dependencies) {
          for (const place of words(file, host.read(file) ?? '', /\bbad\b/g)) report({ place, data: analysis.file });
        }
      },
      message: () => 'Bad, and included.',
    }),
    platformRule<Analysis, never>({
      meta: meta('tiny-boom', 'error'),
      check: ({ analysis }) => {
        if (analysis.text.includes('boom')) throw new Error('The rule fell over');
      },
      message: () => '',
    }),
  ],
};

function analyse(file: string, text: string, host: Host): Analysis {
  if (text.includes('crash')) throw new Error('The platform fell over');
  const headers = words(file, text, /^[\w-]+: .*$/gm).map((place) => toHeader(place, text));
  const whole = { file, start: 0, end: text.length };
  return {
    file,
    text,
    endpoints: headers.length === 0 ? [] : [toEndpoint(headers, whole)],
    settings: [],
    comments: words(file, text, /^[\t ]*#.*$/gm).map((place) => ({
      ...place,
      text: text.slice(place.start, place.end),
    })),
    dependencies: new Set(
      [...text.matchAll(/^include (.*)$/gm)].map(([, name = '']) => host.resolve(file, name.trim())),
    ),
  };
}

function toHeader(place: Place, text: string): Header {
  const line = text.slice(place.start, place.end);
  const name = line.slice(0, line.indexOf(':'));
  const start = place.start + name.length + 2;
  const value = { kind: 'literal', text: text.slice(start, place.end).trim(), place: { ...place, start } } as const;
  return { name, value, place, layer: 'the tiny file' };
}

function toEndpoint(headers: readonly Header[], place: Place): Endpoint {
  return {
    platform: 'tiny',
    label: 'the tiny endpoint',
    place: { ...place, end: place.start },
    path: '/tiny',
    matches: () => true,
    methods: ['GET'],
    requestHeaders: [],
    policies: [],
    respond: () => [{ status: 200, answeredBy: { kind: 'file', what: 'the tiny file', place }, headers }],
  };
}

function words(file: string, text: string, pattern: RegExp): Place[] {
  return [...text.matchAll(pattern)].map(({ 0: word, index }) => ({
    file,
    start: index,
    end: index + word.replace(/\r$/, '').length,
  }));
}

function meta(id: string, severity: RuleMeta['severity']): RuleMeta {
  return {
    id,
    title: `the rule ${id}`,
    severity,
    category: 'broken',
    tags: [],
    reference: 'https://fetch.spec.whatwg.org/#concept-cors-check',
  };
}
