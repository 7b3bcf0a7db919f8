import { deref, entriesOf, type YamlNode, type YamlValue } from '../../yaml/tree';

/** An intrinsic function with its argument. */
export interface Intrinsic {
  /** `Ref`, `Sub`, `GetAtt`: without `Fn::`. */
  readonly name: string;
  /** What stands behind the function's name; for a short form the node itself, whose tag then says nothing more. */
  readonly argument: YamlValue;
}

/**
 * The function that a node calls, in its short form (`!Sub …`) or its long one (`Fn::Sub: …`).
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export function intrinsicOf(node: YamlNode | undefined): Intrinsic | undefined {
  const value = deref(node);
  if (value === undefined) return undefined;
  if (value.tag?.startsWith('!') && value.tag.length > 1) return { name: value.tag.slice(1), argument: value };
  if (value.kind !== 'map' || value.entries.length !== 1) return undefined;
  for (const [key, entry] of entriesOf(value)) {
    const name = key === 'Ref' ? 'Ref' : /^Fn::(\w+)$/.exec(key)?.[1];
    const argument = name === undefined ? undefined : deref(entry.value);
    if (name !== undefined && argument !== undefined) return { name, argument };
  }
  return undefined;
}

/** The logical id that a node refers to as a whole: `!Ref Api`, `!GetAtt Bucket.Arn`; undefined for anything else. */
export function referenceOf(node: YamlNode | undefined): string | undefined {
  const call = intrinsicOf(node);
  if (call === undefined) return undefined;
  const { name, argument } = call;
  if (name === 'Ref') return textOf(argument);
  if (name === 'GetAtt') {
    const first = argument.kind === 'list' ? deref(argument.items[0]) : argument;
    return textOf(first)?.split('.')[0];
  }
  return name === 'Sub' ? /^\$\{([\w]+)(?:\.[\w.]+)?\}$/.exec(textOf(argument) ?? '')?.[1] : undefined;
}

/** The first logical id that a text is made of: `!Sub '${Bucket}.s3.amazonaws.com'`, `!Join ['', [!Ref Bucket, …]]`. */
export function mentionedIn(node: YamlNode | undefined): string | undefined {
  const whole = referenceOf(node);
  if (whole !== undefined) return whole;
  const call = intrinsicOf(node);
  const [first, second] = call?.argument.kind === 'list' ? call.argument.items : [call?.argument];
  if (call?.name === 'Sub') return /\$\{(\w+)(?:\.[\w.]+)?\}/.exec(textOf(deref(first)) ?? '')?.[1];
  const list = call?.name === 'Join' ? deref(second) : undefined;
  return list?.kind === 'list' ? list.items.map(referenceOf).find((id) => id !== undefined) : undefined;
}

function textOf(node: YamlValue | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
