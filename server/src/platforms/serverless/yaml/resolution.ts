import type { YamlNode, YamlScalar, YamlValue } from '../../../yaml/tree';

/** What a node comes to once aliases and variables are followed. */
export type Resolution =
  | { readonly kind: 'node'; readonly node: YamlValue }
  /** A string with parts that are settled outside the workspace. */
  | { readonly kind: 'template'; readonly parts: readonly TemplatePart[]; readonly at: YamlScalar }
  /** The first option whose circumstance holds, else `last`: what it is when nothing is set from outside. */
  | { readonly kind: 'choice'; readonly options: readonly ResolutionOption[]; readonly last: Resolution }
  | Unknown;

export interface Unknown {
  readonly kind: 'unknown';
  /** Why it cannot be told, to finish "because …". */
  readonly reason: string;
  /** What decides it, for "when … is dev": `the stage`, `ORIGIN`. */
  readonly decidedBy: string;
  /** Set when a place of the configuration is certainly empty: the next source of the variable counts. */
  readonly missing?: true;
  readonly at: YamlNode | undefined;
}

export type TemplatePart = { readonly text: string } | { readonly hole: Unknown };

export interface ResolutionOption {
  /** The circumstance and its opposite, to finish "when …". */
  readonly holds: string;
  readonly otherwise: string;
  readonly value: Resolution;
}

/** More alternatives than this are no longer told apart. */
export const MAX_OPTIONS = 8;
/** A string made of more pieces, or longer, than this is no origin and no header. */
const MAX_PARTS = 64;
const MAX_LENGTH = 20_000;

/** Both texts after each other, in every circumstance. */
export function concat(left: Resolution, right: Resolution, at: YamlScalar): Resolution {
  if (left.kind === 'choice') {
    return choice(
      left.options.map((option) => ({ ...option, value: concat(option.value, right, at) })),
      concat(left.last, right, at),
    );
  }
  if (right.kind === 'choice') {
    return choice(
      right.options.map((option) => ({ ...option, value: concat(left, option.value, at) })),
      concat(left, right.last, at),
    );
  }
  const parts = [...partsOf(left), ...partsOf(right)];
  const length = parts.reduce((sum, part) => sum + ('text' in part ? part.text.length : 0), 0);
  if (parts.length > MAX_PARTS || length > MAX_LENGTH) return unknown('the text is too long', 'the variable', at);
  return { kind: 'template', parts, at };
}

function partsOf(resolution: Exclude<Resolution, { kind: 'choice' }>): readonly TemplatePart[] {
  switch (resolution.kind) {
    case 'template':
      return resolution.parts;
    case 'unknown':
      return [{ hole: resolution }];
    case 'node':
      if (resolution.node.kind !== 'scalar') {
        return [{ hole: unknown('a list or a map stands inside a string', 'the variable', resolution.node) }];
      }
      return [{ text: String(resolution.node.value ?? '') }];
  }
}

/** A template without holes is a string. */
export function simplify(resolution: Resolution): Resolution {
  if (resolution.kind === 'choice') {
    return choice(
      resolution.options.map((option) => ({ ...option, value: simplify(option.value) })),
      simplify(resolution.last),
    );
  }
  if (resolution.kind !== 'template') return resolution;
  let text = '';
  for (const part of resolution.parts) {
    if ('hole' in part) return resolution;
    text += part.text;
  }
  return scalar(text, resolution.at);
}

/** Applies to each node that the resolution may be. */
export function mapNodes(resolution: Resolution, change: (node: YamlValue) => Resolution): Resolution {
  switch (resolution.kind) {
    case 'node':
      return change(resolution.node);
    case 'choice':
      return choice(
        resolution.options.map((option) => ({ ...option, value: mapNodes(option.value, change) })),
        mapNodes(resolution.last, change),
      );
    case 'template':
      return unknown('the name is put together out of variables', 'the variable', resolution.at);
    case 'unknown':
      return resolution;
  }
}

/** `rest` where the value is certainly not there; a value that may be there keeps its doubt. */
export function orElse(value: Resolution, rest: () => Resolution): Resolution {
  if (value.kind === 'node') {
    return value.node.kind === 'scalar' && value.node.value === null ? rest() : value;
  }
  if (value.kind === 'unknown' && value.missing) return rest();
  if (value.kind === 'choice') {
    return choice(
      value.options.map((option) => ({ ...option, value: orElse(option.value, rest) })),
      orElse(value.last, rest),
    );
  }
  return value;
}

/** Flat, and bounded: what exceeds the bound is no longer told apart. */
export function choice(options: readonly ResolutionOption[], last: Resolution): Resolution {
  if (options.length === 0) return last;
  const flat: ResolutionOption[] = [];
  for (const option of options) {
    if (option.value.kind !== 'choice') {
      flat.push(option);
      continue;
    }
    for (const inner of option.value.options) flat.push(both(option, inner));
    flat.push({ ...option, value: option.value.last });
  }
  const all = last.kind === 'choice' ? [...flat, ...last.options] : flat;
  const end = last.kind === 'choice' ? last.last : last;
  if (all.length > MAX_OPTIONS) return unknown('it depends on too many circumstances', 'the circumstances', undefined);
  return { kind: 'choice', options: all, last: end };
}

function both(outer: ResolutionOption, inner: ResolutionOption): ResolutionOption {
  // "the stage is prod" says that a stage is given.
  if (outer.holds === '--stage is given') return inner;
  return {
    holds: `${outer.holds} and ${inner.holds}`,
    otherwise: `${outer.otherwise} or ${inner.otherwise}`,
    value: inner.value,
  };
}

/** A value that was worked out; `at` is what it was worked out from. */
export function scalar(value: YamlScalar['value'], at: YamlScalar): Resolution {
  return { kind: 'node', node: { ...at, value, computed: true } };
}

export function unknown(reason: string, decidedBy: string, at: YamlNode | undefined): Unknown {
  return { kind: 'unknown', reason, decidedBy, at };
}
