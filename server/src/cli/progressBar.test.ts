import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Output } from './output';
import { plain } from './paint';
import { progressBar } from './progressBar';

let written = '';
const output = (columns: number | undefined): Output => ({
  out: () => {},
  error: (text) => {
    written += text;
  },
  paint: plain,
  errorPaint: plain,
  columns,
});

beforeEach(() => {
  written = '';
  vi.useFakeTimers({ toFake: ['performance'], now: 1000 });
  return () => vi.useRealTimers();
});

const HALF = { phase: 'analyse', done: 5, total: 10, file: '/w/a\u001Bb.js' } as const;

describe('the progress bar', () => {
  test('draws how far it is on a terminal, and goes away', () => {
    vi.advanceTimersByTime(100);
    const bar = progressBar(output(80), (file) => file.slice(3));
    bar.show(HALF);
    expect(written).toBe(`\r\u001B[2K${'█'.repeat(12)}${'░'.repeat(12)} 5/10 a\uFFFDb.js`);
    written = '';
    bar.clear();
    expect(written).toBe('\r\u001B[2K');
  });

  test('fits the width, and is not drawn for every file', () => {
    vi.advanceTimersByTime(100);
    const bar = progressBar(output(30), () => 'x'.repeat(200));
    bar.show(HALF);
    expect(written.length).toBeLessThan(30 + '\r\u001B[2K'.length);
    written = '';
    bar.show(HALF);
    expect(written).toBe('');
    vi.advanceTimersByTime(100);
    bar.show({ phase: 'walk', done: 7, total: undefined });
    expect(written).toContain('Looking for files: 7');
  });

  test('is silent where nobody watches', () => {
    const bar = progressBar(output(undefined), (file) => file);
    bar.show(HALF);
    bar.clear();
    expect(written).toBe('');
  });
});
