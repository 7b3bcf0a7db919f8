import { literal, unknownValue } from '../../../aws/template/values';
import type { Option, Value } from '../../../cors/value';
import { placeOf } from '../../../yaml/places';
import type { YamlNode, YamlScalar, YamlValue } from '../../../yaml/tree';
import type { Resolution } from '../yaml/resolution';

/**
 * A header's value out of what a key comes to: every branch of a choice apart, `ofNode` for each that is certain.
 * @param at where to point when a branch has no place of its own
 */
export function valueFrom(resolution: Resolution, at: YamlNode, ofNode: (node: YamlValue) => Value): Value {
  switch (resolution.kind) {
    case 'node':
      return ofNode(resolution.node);
    case 'template':
      return {
        kind: 'template',
        place: placeOf(resolution.at),
        parts: resolution.parts.map((part) =>
          'text' in part
            ? { kind: 'literal', text: part.text, place: placeOf(resolution.at) }
            : { kind: 'unknown', reason: part.hole.reason, place: placeOf(resolution.at) },
        ),
      };
    case 'choice': {
      const options = resolution.options.map(
        ({ holds, otherwise, value }): Option => ({
          when: { kind: 'assumption', holds, otherwise },
          value: valueFrom(value, at, ofNode),
        }),
      );
      const last: Option = { when: { kind: 'always' }, value: valueFrom(resolution.last, at, ofNode) };
      return { kind: 'choice', options: [...options, last], place: placeOf(at) };
    }
    case 'unknown':
      return { kind: 'unknown', reason: resolution.reason, place: placeOf(resolution.at ?? at) };
  }
}

/** The text of a scalar that CloudFormation does not work out. */
export function textOfScalar(node: YamlScalar): string | undefined {
  return node.tag === undefined && node.value !== null ? String(node.value) : undefined;
}

/** The items of a list, of which each may be a choice or unknown; a scalar counts as a list of one. */
export function itemsOf(node: YamlValue, resolve: (item: YamlNode) => Resolution): Value[] {
  if (node.kind === 'map') return [unknownValue('CloudFormation works it out', node)];
  if (node.kind === 'scalar') return [scalarItem(node)];
  if (node.tag !== undefined) return [unknownValue('CloudFormation works it out', node)];
  return node.items.map((item) =>
    valueFrom(resolve(item), item, (one) =>
      one.kind === 'scalar' ? scalarItem(one) : unknownValue('CloudFormation works it out', one),
    ),
  );
}

function scalarItem(node: YamlScalar): Value {
  const text = textOfScalar(node);
  return text === undefined ? unknownValue('its value cannot be read', node) : literal(text, node);
}
