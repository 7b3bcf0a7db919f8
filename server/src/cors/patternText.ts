import type { Path, PathItem } from './patternPaths';
import type { OriginPart } from './policy';

/**
 * The text that the path reads: gaps that make a label hold `fill`, others as little as they must. What stands at
 * item `at` is replaced.
 */
export function render({ items }: Path, fill: string, at = -1, instead = ''): string {
  return items
    .map((item, i) => {
      if (i === at) return instead;
      const next = items[i + 1];
      const label = next?.kind === 'dot' || (next?.kind === 'text' && /[.-]/.test(next.text));
      return renderItem(item, label ? fill : '');
    })
    .join('');
}

function renderItem(item: PathItem, fill: string): string {
  switch (item.kind) {
    case 'text':
      return item.text;
    case 'dot':
      return '.';
    case 'set':
      return sampleOf(item.accepts);
    case 'gap':
      if (item.min === 0 && item.max > 0 && sampleOf(item.accepts) === 'a') return fill;
      if (item.min <= 1 && item.max >= fill.length && fill !== '') {
        return [...fill].every((character) => item.accepts(character.charCodeAt(0))) ? fill : sampleOf(item.accepts);
      }
      return sampleOf(item.accepts).repeat(Math.min(item.min, 100));
  }
}

const CHARACTERS = 'ax0.-bcdefghijklmnopqrstuvwyz123456789:/_';

function sampleOf(accepts: (code: number) => boolean): string {
  return [...CHARACTERS].find((character) => accepts(character.charCodeAt(0))) ?? '';
}

/** The origin with this text in the part that a test looks at. */
export function toOrigin(text: string, on: OriginPart): string {
  if (on !== 'origin') return `https://${text}`;
  if (/^[a-z][a-z0-9+.-]*:\/\//.test(text)) return text;
  if (text.startsWith('://')) return `https${text}`;
  return text.startsWith('//') ? `https:${text}` : `https://${text}`;
}

/** The host in the text that a test reads, for people; what may vary is left out. */
export function hostText({ items }: Path): string {
  const text = items.map((item) => (item.kind === 'gap' ? '' : renderItem(item, ''))).join('');
  return text.replace(/^[a-z]*:?\/\//, '').replace(/^\.|:\d*$/g, '') || text;
}
