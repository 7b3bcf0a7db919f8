import * as real from 'node:url';
import { expect, test } from 'vitest';
import * as own from './url';

const paths = ['/', '/a', '/a b/ü.js', '/a/[id].ts', '/%41/100%', '/#/?x', "/it's (1)/~!*", '/a\\b', '/日本/語.js'];

test.each(paths)('a URL of %s leads back to it, here and in Node.js', (path) => {
  expect(own.fileURLToPath(own.pathToFileURL(path).href)).toBe(path);
  expect(own.fileURLToPath(real.pathToFileURL(path).href)).toBe(path);
  expect(real.fileURLToPath(own.pathToFileURL(path).href)).toBe(path);
});

test.each(['file://server/share/a', 'file:///a%2fb', 'odd', 'file:///%ZZ'])('%s is no path', (uri) => {
  expect(() => real.fileURLToPath(uri)).toThrow();
  expect(() => own.fileURLToPath(uri)).toThrow();
});
