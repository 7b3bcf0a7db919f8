import type { AST } from '@eslint-community/regexpp';
import { parsePattern } from '../../cors/patternTree';

/**
 * Paths that a regular expression may match, the plainest first; the caller tries which of them do. None for patterns
 * that are not understood.
 */
export function samplePaths(source: string, ignoreCase: boolean): string[] {
  const parsed = parsePattern({ kind: 'regex', source, flags: ignoreCase ? 'i' : '', dialect: 'pcre' });
  if (parsed === undefined) {
    return [];
  }
  const samples: string[] = [];
  for (const alternative of parsed.tree.alternatives) {
    for (const fill of [0, 1]) {
      const text = alternative.elements.map((element) => sampleOf(element, fill, 0)).join('');
      samples.push(text.startsWith('/') ? text : `/x${text}`, `/${text}`);
    }
  }
  return samples.filter((path) => path.startsWith('/') && path.length < 500);
}

const MAX_DEPTH = 30;

/** @param fill how often an optional piece is repeated */
function sampleOf(element: AST.Element, fill: number, depth: number): string {
  if (depth > MAX_DEPTH) {
    return '';
  }
  switch (element.type) {
    case 'Character':
      return String.fromCodePoint(element.value);
    case 'CharacterSet':
      return element.kind === 'digit' && !element.negate ? '1' : 'x';
    case 'CharacterClass':
      return sampleOfClass(element);
    case 'Quantifier': {
      const times = Math.min(Math.max(element.min, Math.min(fill, element.max)), 20);
      return sampleOf(element.element, fill, depth + 1).repeat(times);
    }
    case 'Group':
    case 'CapturingGroup':
      return element.alternatives[0]?.elements.map((inner) => sampleOf(inner, fill, depth + 1)).join('') ?? '';
    default:
      return '';
  }
}

function sampleOfClass(element: AST.CharacterClass): string {
  if (element.negate) {
    return 'x';
  }
  const [first] = element.elements;
  switch (first?.type) {
    case 'Character':
      return String.fromCodePoint(first.value);
    case 'CharacterClassRange':
      return String.fromCodePoint(first.min.value);
    case 'CharacterSet':
      return sampleOf(first, 1, MAX_DEPTH);
    default:
      return 'x';
  }
}
