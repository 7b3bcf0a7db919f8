import type { Endpoint } from '../../server/src/cors/endpoint';
import type { Header } from '../../server/src/cors/http';
import type { Place } from '../../server/src/cors/place';
import { platformRule } from '../../server/src/lint/defineRule';
import type { Analysis, Comment, Host, Platform } from '../../server/src/lint/types';

/**
 * A platform small enough to see through, for testing the engine: a file is one endpoint, each line `Name: value` a
 * header of its responses, `#` a comment, `!` a syntax error. The rule `toy-bad` dislikes the value `bad`.
 */
export interface ToyAnalysis extends Analysis {
  readonly headers: readonly Header[];
}

export const badRule = platformRule<ToyAnalysis, { value: Place }>({
  meta: {
    id: 'toy-bad',
    title: 'a bad value',
    severity: 'error',
    category: 'broken',
    tags: [],
    reference: 'https://example.com/',
  },
  check({ analysis }, report) {
    for (const { value } of analysis.headers) {
      if (value.kind === 'literal' && value.text === 'bad')
        report({ place: value.place, data: { value: value.place } });
    }
  },
  message: () => 'The value is bad.',
  fixes: ({ value }) => [
    { title: 'Make it bad in another way', preferred: true, edits: [{ ...value, text: 'bad ' }] },
    { title: 'Break the syntax', preferred: true, edits: [{ ...value, text: 'good\n!' }] },
    {
      title: 'Overlap',
      preferred: true,
      edits: [
        { ...value, text: 'x' },
        { ...value, text: 'y' },
      ],
    },
    { title: 'Leave the file', preferred: true, edits: [{ ...value, end: 100_000, text: 'x' }] },
    { title: 'Make it good', preferred: true, repair: { kind: 'replace-value', place: value, text: 'good' } },
    { title: 'Nothing the platform can do', preferred: false, repair: { kind: 'remove', place: value } },
  ],
});

export const toyPlatform: Platform<ToyAnalysis> = {
  id: 'toy',
  name: 'Toy',
  lineComment: '#',
  claims: (file) => file.endsWith('.toy'),
  analyse,
  repair: (_analysis, repair) =>
    repair.kind === 'replace-value' ? [{ ...repair.place, text: repair.text }] : undefined,
  rules: [badRule],
};

function analyse(file: string, text: string, _host: Host): ToyAnalysis {
  const headers: Header[] = [];
  const comments: Comment[] = [];
  const errors: { start: number; end: number; message: string }[] = [];
  for (const match of text.matchAll(/[^\n]+/g)) {
    const line = match[0];
    const place = { file, start: match.index, end: match.index + line.length };
    const comment = line.indexOf('#');
    if (comment >= 0) comments.push({ start: place.start + comment, end: place.end, text: line.slice(comment + 1) });
    if (line.startsWith('!')) errors.push({ ...place, message: 'unexpected "!"' });
    const setting = /^([\w-]+): ([^#]*?) *(?:#|$)/.exec(line);
    if (!setting) continue;
    const [, name = '', value = ''] = setting;
    const start = place.start + name.length + 2;
    const valuePlace = { file, start, end: start + value.length };
    headers.push({ name, place, layer: 'the file', value: { kind: 'literal', text: value, place: valuePlace } });
  }
  const whole = { file, start: 0, end: text.length };
  const endpoint: Endpoint = {
    platform: 'toy',
    label: file,
    place: whole,
    path: '/',
    matches: () => true,
    methods: undefined,
    requestHeaders: [],
    policies: [],
    respond: () => [{ status: 200, answeredBy: { kind: 'handler', what: 'the file', place: whole }, headers }],
  };
  return { file, text, endpoints: [endpoint], settings: [], comments, errors, dependencies: new Set(), headers };
}
