import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import type { Directive, Word } from '../syntax/tree';
import { edit, isWholeWord, wordAt } from './source';
import { insideOf, writePattern, writeWord } from './words';
import type { Workshop } from './workshop';

/** Puts a literal text for the word, or the part of a word, at the place. */
export function replaceValue(workshop: Workshop, place: Place, text: string): Edit[] | undefined {
  const source = workshop.source(place);
  const found = source && wordAt(source, place);
  if (source === undefined || found === undefined || text.includes('$')) {
    return undefined;
  }
  const { word } = found;
  if (isWholeWord(word, place)) {
    const special = isMapKey(found.directive, word) && /^(?:~|\\|default$|hostnames$|volatile$|include$)/.test(text);
    return special ? undefined : [edit(source, word.range.start, word.range.end, writeWord(text, word.quote))];
  }
  const inside = insideOf(word, text);
  return inside === undefined ? undefined : [edit(source, place.start, place.end, inside)];
}

function isMapKey(directive: Directive, word: Word): boolean {
  return directive.name === word && directive.parent?.name.value === 'map';
}

/** Puts a pattern for a map's key, or for what an `if` matches with. */
export function replacePattern(workshop: Workshop, place: Place, pattern: string, flags: string): Edit[] | undefined {
  const source = workshop.source(place);
  const found = source && wordAt(source, place);
  if (source === undefined || found === undefined || /[^i]/.test(flags)) {
    return undefined;
  }
  const { directive, word } = found;
  if (isMapKey(directive, word)) {
    const tilde = flags.includes('i') || word.value.startsWith('~*') ? '~*' : '~';
    return [edit(source, word.range.start, word.range.end, writePattern(`${tilde}${pattern}`, word.quote))];
  }
  return directive.name.value === 'if' ? replaceOperand(workshop, place, directive, word, pattern, flags) : undefined;
}

function replaceOperand(
  workshop: Workshop,
  place: Place,
  directive: Directive,
  word: Word,
  pattern: string,
  flags: string,
): Edit[] | undefined {
  const source = workshop.source(place);
  const operator = directive.args[directive.args.indexOf(word) - 1];
  if (source === undefined || operator === undefined || !/^!?~\*?$/.test(operator.value)) {
    return undefined;
  }
  const edits = [
    word.quote === 'none'
      ? edit(source, place.start, place.end, writePattern(pattern, /[()]$/.test(pattern) ? 'double' : 'none'))
      : edit(source, word.range.start, word.range.end, writePattern(pattern, word.quote)),
  ];
  if (flags.includes('i') && !operator.value.endsWith('*')) {
    edits.unshift(edit(source, operator.range.end, operator.range.end, '*'));
  }
  return edits;
}
