import { describe, expect, it } from 'vitest';
import { type ExpressVersion, matchPath, type PathPattern, samplePath } from './pathPattern';

const text = (path: string): PathPattern => ({ kind: 'text', text: path });

describe('matchPath', () => {
  // [pattern, path, a route (whole path), version, what a router mounted there sees; null: no match; '?': not known]
  it.each<[string, string, boolean, ExpressVersion, string | null]>([
    ['/items', '/items', true, 4, '/'],
    ['/items', '/Items/', true, 4, '/'],
    ['/items', '/items/1', true, 4, null],
    ['/items/:id', '/items/1', true, 4, '/'],
    ['/items/:id', '/items', true, 4, null],
    ['/items/:id?', '/items', true, 4, '/'],
    ['/items/:id?', '/items/1', true, 4, '/'],
    ['/items{/:id}', '/items', true, 5, '/'],
    ['/items{/:id}', '/items/1', true, 5, '/'],
    ['/files/:name.json', '/files/a.json', true, 4, '/'],
    ['*', '/anything', true, 4, '/'],
    ['/api/*', '/api/a/b', true, 4, '/'],
    ['/api/*splat', '/api/a/b', true, 5, '/'],
    ['/*splat', '/', true, 5, null],
    ['/{*splat}', '/', true, 5, '/'],
    ['/{*splat}', '/', true, 4, '?'],
    ['/a(b)?', '/a', true, 4, '?'],
    ['(.*)', '/', true, 4, null],
    ['(.*)', '/items', true, 4, null],
    ['(.*)', '/items', false, 4, null],
    ['/(.*)', '/items', true, 4, null],
    ['/(.*)', '/.env', true, 4, '/'],
    ['/items(.*)', '/items.json', true, 4, '/'],
    ['/items(.*)', '/items/1', true, 4, null],
    ['/(ab*)', '/abc', true, 4, '/'],
    ['(.*)', '/items', true, 5, '?'],
    ['/', '/a/b', false, 4, '/a/b'],
    ['/api', '/api', false, 4, '/'],
    ['/api', '/api/items', false, 4, '/items'],
    ['/api', '/apis', false, 4, null],
    ['/v:version', '/v1/items', false, 4, '/items'],
  ])('%s meets %s (route: %s, Express %s): %s', (pattern, path, whole, version, expected) => {
    const match = matchPath(text(pattern), path, whole, version);
    expect(match === undefined ? '?' : (match?.rest ?? null)).toBe(expected);
  });

  it('tries the alternatives of a list, and does not guess at what is unknown', () => {
    const list: PathPattern = { kind: 'any-of', of: [text('/a'), text('/b')] };
    expect(matchPath(list, '/b', true, 4)).toEqual({ rest: '/' });
    expect(matchPath(list, '/c', true, 4)).toBeNull();
    expect(matchPath({ kind: 'any-of', of: [text('/a'), { kind: 'unknown' }] }, '/c', true, 4)).toBeUndefined();
    expect(matchPath({ kind: 'unknown' }, '/', true, 4)).toBeUndefined();
  });

  // [source, path, what a mount sees in Express 4, in Express 5; null: it is passed by], as both answered.
  it.each<[string, string, string | null, string | null]>([
    ['^\\/(?:api|items)', '/api/items', '/items', '/items'],
    ['^\\/ap', '/api/items', null, null],
    ['^\\/api(\\/.*)?$', '/api/x', '/', '/'],
    ['api', '/v1/api/x', null, null],
    ['^\\/api', '/api.json', '/.json', null],
    ['\\/', '/a/b', null, null],
    ['^\\/api\\/', '/api/x', null, null],
    ['^\\/a.*?\\/x', '/abc/x/y', '/y', '/y'],
    ['(?:)', '/abc', '/abc', '/abc'],
    ['^\\/api$', '/api', '/', '/'],
  ])('%s is mounted: of %s there is left', (source, path, in4, in5) => {
    const pattern: PathPattern = { kind: 'regexp', source, flags: '' };
    const rests = ([4, 5] as const).map((version) => matchPath(pattern, path, false, version));
    expect(rests).toEqual([in4, in5].map((rest) => (rest === null ? null : { rest })));
    expect(matchPath(pattern, path, false, null)).toEqual(in4 === in5 ? rests[0] : undefined);
  });

  it('matches regular expressions in linear time', () => {
    const evil: PathPattern = { kind: 'regexp', source: '^/(a+)+$', flags: '' };
    const started = performance.now();
    expect(matchPath(evil, `/${'a'.repeat(5000)}!`, true, 4)).toBeNull();
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('samplePath', () => {
  it.each<[PathPattern, string | null]>([
    [text('/items/:id'), '/items/1'],
    [text('/{*splat}'), '/'],
    [text('/api/*splat'), '/api/x'],
    [{ kind: 'regexp', source: '^\\/api\\/', flags: '' }, '/api/'],
    [{ kind: 'regexp', source: '.*', flags: '' }, '/'],
    [{ kind: 'any-of', of: [text('/a'), text('/b')] }, '/a'],
    [{ kind: 'unknown' }, null],
  ])('%j is met by %s', (pattern, sample) => {
    expect(samplePath(pattern, 5)).toBe(sample);
    if (sample !== null) expect(matchPath(pattern, sample, true, 5)).toEqual({ rest: '/' });
  });
});
