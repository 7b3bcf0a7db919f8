/** The beginnings of statements that have nothing to do with what stands above them. */
export const BEGUN: readonly string[] = [
  'const half = {',
  'function half(',
  'if (',
  'half(a, ',
  'const text = "half',
  'class Half {',
];
