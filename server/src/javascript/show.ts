import type { JsValue } from './values';
import { wordsOf } from './values';

/** A value as text, for tests and messages to developers: strings quoted, choices as `(a when …; b when …)`. */
export function show(value: JsValue): string {
  switch (value.kind) {
    case 'string':
      return `'${value.value}'`;
    case 'number':
    case 'boolean':
      return String(value.value);
    case 'null':
    case 'undefined':
      return value.kind;
    case 'regexp':
      return `/${value.pattern}/${value.flags}`;
    case 'template':
      return `\`${value.parts.map((part) => (part.kind === 'string' ? part.value : `\${${show(part)}}`)).join('')}\``;
    case 'array':
      return `[${[...value.items.map(show), ...(value.rest ? [`...${show(value.rest)}`] : [])].join(', ')}]`;
    case 'object': {
      const properties = value.properties.map((property) => `${property.key}: ${show(property.value)}`);
      return `{${[...properties, ...(value.rest ? [`...${show(value.rest)}`] : [])].join(', ')}}`;
    }
    case 'function':
      return 'function';
    case 'environment':
      return `env.${value.name}`;
    case 'choice':
      return `(${value.branches.map((branch) => `${show(branch.value)} when ${wordsOf(branch.when) ?? '?'}`).join('; ')})`;
    case 'import':
      return `${value.specifier}#${value.exported}`;
    case 'parameter':
      return `$${value.index}`;
    case 'member':
      return `${show(value.object)}.${value.property}`;
    case 'element':
      return `${show(value.object)}[${show(value.key)}]`;
    case 'call':
      return `${show(value.callee)}(${value.arguments.map(show).join(', ')})`;
    case 'new':
      return `new ${value.name}(${value.arguments.map(show).join(', ')})`;
    case 'not':
      return `!${show(value.of)}`;
    case 'binary':
      return `${show(value.left)} ${value.operator} ${show(value.right)}`;
    case 'unknown':
      return `?(${value.reason})`;
  }
}
