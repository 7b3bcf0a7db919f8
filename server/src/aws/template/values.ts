import type { Value } from '../../cors/value';
import { placeOf } from '../../yaml/places';
import type { YamlNode, YamlScalar, YamlValue } from '../../yaml/tree';
import type { Reader, Resolved, Setting } from './reader';

/** A header's value out of what a setting comes to. */
export function settingValue(setting: Setting, ofScalar: (node: YamlScalar) => Value = plain): Value {
  return valueFrom(setting.value, setting.entry.value, ofScalar);
}

function valueFrom(resolved: Resolved, at: YamlNode, ofScalar: (node: YamlScalar) => Value): Value {
  switch (resolved.kind) {
    case 'node':
      return resolved.node.kind === 'scalar' ? ofScalar(resolved.node) : unknownValue('it is no text', at);
    case 'template':
      return {
        kind: 'template',
        place: placeOf(at),
        parts: resolved.parts.map(
          (text): Value =>
            text === undefined
              ? unknownValue('a part of it is known at deployment', at)
              : { kind: 'literal', text, place: placeOf(at) },
        ),
      };
    case 'nothing':
      return { kind: 'absent', place: placeOf(at) };
    case 'unknown':
      return unknownValue(resolved.reason, at);
  }
}

/** Text as it stands. */
export function plain(node: YamlScalar): Value {
  return node.value === null ? unknownValue('it is empty', node) : literal(String(node.value), node);
}

/** The items of a list, each with its place; a single value counts as a list of one. Items that stand for nothing are left out. */
export function itemsOf(reader: Reader, setting: Setting): Value[] {
  const { value, entry } = setting;
  if (value.kind === 'node' && value.node.kind === 'list') {
    return value.node.items.flatMap((item) => {
      const resolved = reader.read(item);
      return resolved.kind === 'nothing' ? [] : [valueFrom(resolved, item, plain)];
    });
  }
  return [valueFrom(value, entry.value, plain)];
}

/** Items in one text, separated by commas; a template where not all are known. */
export function joined(items: readonly Value[], place: Value['place']): Value {
  const texts = items.map((item) => (item.kind === 'literal' ? item.text : undefined));
  if (texts.every((text) => text !== undefined)) return { kind: 'literal', text: texts.join(','), place };
  const parts = items.flatMap((item, i): Value[] => (i === 0 ? [item] : [{ kind: 'literal', text: ',', place }, item]));
  return { kind: 'template', parts, place };
}

export function literal(text: string, at: YamlNode): Value {
  return { kind: 'literal', text, place: placeOf(at) };
}

export function unknownValue(reason: string, at: YamlNode): Value {
  return { kind: 'unknown', reason, place: placeOf(at) };
}

/** Whether a value is the boolean `true`, in any of the ways that a template may write it; undefined when unknown. */
export function isTrue(setting: Setting | undefined): boolean | undefined {
  if (setting === undefined) return false;
  const { value } = setting;
  if (value.kind !== 'node') return undefined;
  return value.node.kind === 'scalar' && /^true$/i.test(String(value.node.value));
}

/** The text of a scalar. */
export function scalarText(node: YamlValue | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
}
