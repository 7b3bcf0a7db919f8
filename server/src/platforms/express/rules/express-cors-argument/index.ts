import type { Place } from '../../../../cors/place';
import type { Edit } from '../../../../cors/repair';
import { type FunctionValue, type JsValue, placeOf, type SourceModule } from '../../../../javascript';
import { platformRule } from '../../../../lint/defineRule';
import type { ExpressAnalysis } from '../../analysis';
import { endsOf } from '../../cors/callbackEnds';
import { corsCallsIn } from '../../cors/corsCalls';

interface Data {
  readonly kind: 'text' | 'list' | 'pattern' | 'function' | 'second';
  readonly written: string;
  readonly edits: readonly Edit[];
}

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-cors-argument',
    title: 'The cors package is given something other than its options',
    severity: 'error',
    category: 'broken',
    tags: ['option', 'origin'],
    cwe: 'CWE-942',
    reference: 'https://github.com/expressjs/cors#configuration-options',
  },
  check({ analysis }, report) {
    for (const { node, value } of corsCallsIn(analysis)) {
      const { module } = analysis;
      const [argument, second] = node.arguments;
      const [given] = value.arguments;
      const kind = given && kindOf(analysis, given);
      if (argument && kind) {
        const place = placeOf(module, argument);
        report({ place, data: { kind, written: shortened(module, place), edits: wrapped(place) } });
      } else if (second) {
        const place = placeOf(module, second);
        const end = argument ? argument.range[1] : second.range[0];
        report({
          place,
          data: { kind: 'second', written: shortened(module, place), edits: [{ ...place, start: end, text: '' }] },
        });
      }
    }
  },
  message({ kind, written }) {
    if (kind === 'second')
      return `\`cors()\` takes one argument and ignores \`${written}\`. Put all options into one object.`;
    return `\`cors()\` takes an object with options and ignores ${WORDS[kind]} \`${written}\`: every origin (\`*\`) is let in. Write \`{ origin: … }\`.`;
  },
  fixes: ({ kind, edits }) => [
    {
      title: kind === 'second' ? 'Delete the second argument' : 'Wrap it in `{ origin: … }`',
      preferred: kind !== 'second',
      edits,
    },
  ],
});

const WORDS: Readonly<Record<Exclude<Data['kind'], 'second'>, string>> = {
  text: 'the text',
  list: 'the list',
  pattern: 'the pattern',
  function: 'the origin function',
};

function kindOf(analysis: ExpressAnalysis, value: JsValue): Exclude<Data['kind'], 'second'> | undefined {
  switch (value.kind) {
    case 'string':
    case 'template':
    case 'environment':
      return 'text';
    case 'array':
      return 'list';
    case 'regexp':
      return 'pattern';
    case 'function':
      return isOriginFunction(analysis, value) ? 'function' : undefined;
    default:
      return undefined;
  }
}

/** A function of an origin where one of the request is wanted: its callback never gets an object. */
function isOriginFunction({ reader }: ExpressAnalysis, fn: FunctionValue): boolean {
  const [first] = fn.function.params;
  const ends = reader.paths(fn).paths.flatMap((path) => endsOf(reader, fn, path));
  const values = ends.flatMap((end) => (end.kind === 'value' ? [end.value] : []));
  if (values.length === 0 || ends.some((end) => end.kind === 'unknown')) return false;
  const isNamed = first?.type === 'Identifier' && /origin/i.test(first.name);
  return values.every(
    (value) =>
      value.kind === 'boolean' ||
      (isNamed && value.kind !== 'object' && value.kind !== 'unknown' && value.kind !== 'choice'),
  );
}

function shortened(module: SourceModule, { start, end }: Place): string {
  const text = module.text.slice(start, end).replace(/\s+/g, ' ');
  return text.length > 50 ? `${text.slice(0, 49)}…` : text;
}

function wrapped(place: Place): readonly Edit[] {
  return [
    { ...place, end: place.start, text: '{ origin: ' },
    { ...place, start: place.end, text: ' }' },
  ];
}
