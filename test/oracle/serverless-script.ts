import type { Yaml } from './serverless-grammar';

type Entries = readonly (readonly [key: string, value: Yaml])[];

/**
 * A made-up configuration as a module: anchors become constants, aliases their names and merge keys spreads, so that
 * the framework gets the same values as from YAML.
 *
 * @param custom what stands under `custom`, in order: anchors among them
 */
export function scriptOf(whole: Entries, custom: Entries): string {
  const constants = custom.flatMap(([, value]) =>
    typeof value !== 'string' && 'map' in value && value.anchor !== undefined
      ? [`const ${value.anchor} = ${collection(value, 0)};`]
      : [],
  );
  return `${[...constants, `module.exports = ${object(whole, 0)};`].join('\n\n')}\n`;
}

function print(value: Yaml, indent: number): string {
  if (typeof value === 'string') return scalar(value);
  if ('map' in value && value.anchor !== undefined) return value.anchor;
  return collection(value, indent);
}

function collection(value: Exclude<Yaml, string>, indent: number): string {
  if ('list' in value) return `[${value.list.map((item) => print(item, indent)).join(', ')}]`;
  if (!value.flow) return object(value.map, indent);
  return `{ ${value.map.map((entry) => property(entry, indent)).join(', ')} }`;
}

function object(entries: Entries, indent: number): string {
  const inner = ' '.repeat(indent + 2);
  const lines = entries.map((entry) => `${inner}${property(entry, indent + 2)},\n`);
  return `{\n${lines.join('')}${' '.repeat(indent)}}`;
}

function property([key, value]: readonly [string, Yaml], indent: number): string {
  if (key === '<<' && typeof value === 'string') return `...${value.replace(/[[\]*]/g, '')}`;
  return `${/^[a-zA-Z]\w*$|^\d+$/.test(key) ? key : `'${key}'`}: ${print(value, indent)}`;
}

/** A YAML scalar as JavaScript: quotes stay as they are, a plain text gets some. */
function scalar(text: string): string {
  if (text.startsWith('*')) return text.slice(1);
  if (/^(?:true|false|null|\d+|\{\}|'.*'|".*")$/.test(text)) return text;
  return `'${text.replaceAll("'", "\\'")}'`;
}
