import type { Edit } from '../../cors/repair';
import type { YamlMap, YamlNode, YamlText } from '../tree';

/** Where the line that holds `offset` begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line that holds `offset` ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const found = text.indexOf('\n', offset);
  const end = found === -1 ? text.length : found;
  return text[end - 1] === '\r' ? end - 1 : end;
}

/** Where the next line begins; the text's length on the last one. */
export function nextLine(text: string, offset: number): number {
  const found = text.indexOf('\n', offset);
  return found === -1 ? text.length : found + 1;
}

/** The line break that the file uses. */
export function lineBreak(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** How far a node stands from its line's start. */
export function columnOf(node: YamlNode): number {
  return node.start - lineStart(node.source.text, node.start);
}

/** How many columns the file puts between a key and what stands below it; two where nothing tells. */
export function indentStep({ text }: YamlText): number {
  const found = /^\S[^\n]*:[ \t]*\r?\n( +)\S/m.exec(text);
  return found?.[1]?.length ?? 2;
}

export function edit(source: YamlText, start: number, end: number, text: string): Edit {
  return { file: source.file, start, end, text };
}

/** Whether keys and strings of this file or block are written with double quotes, as in JSON. */
export function isJson(map: YamlMap): boolean {
  return (
    map.source.file.endsWith('.json') ||
    (map.flow && map.entries.every(({ key }) => key.style === 'double') && map.entries.length > 0)
  );
}
