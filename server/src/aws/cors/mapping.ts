import type { Place } from '../../cors/place';
import type { Value } from '../../cors/value';
import { placeOf } from '../../yaml/places';
import type { YamlNode } from '../../yaml/tree';

/**
 * A parameter mapping of a REST API: text in single quotes, or where to take the value from.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function mappedValue(text: string, node: YamlNode): Value {
  const place = placeOf(node);
  const quoted = /^'(.*)'$/s.exec(text);
  if (quoted?.[1] !== undefined) return { kind: 'literal', text: quoted[1], place: innerPlace(quoted[1], node) };
  const header = /^method\.request\.header\.([\w-]+)$/.exec(text)?.[1]?.toLowerCase();
  if (header === 'origin') return { kind: 'request-origin', place };
  if (header !== undefined) return { kind: 'request-header', name: header, place };
  return { kind: 'unknown', reason: `AWS does not take ${text} as it stands`, place };
}

/** The text between both pairs of quotes, where it stands as it is. */
function innerPlace(text: string, node: YamlNode): Place {
  const raw = node.source.text.slice(node.start, node.end);
  const at = text === '' || (node.kind === 'scalar' && node.computed) ? -1 : raw.indexOf(text);
  if (at === -1) return placeOf(node);
  return { file: node.source.file, start: node.start + at, end: node.start + at + text.length };
}

/** Whether a fixed value lacks its single quotes: neither quoted nor an expression that takes a value from somewhere. */
export function lacksQuotes(text: string): boolean {
  return (
    !/^'.*'$/s.test(text) &&
    !/^(?:method\.(?:request|response)|integration\.response|context|stageVariables)\b/.test(text) &&
    !/[$'"]/.test(text)
  );
}
