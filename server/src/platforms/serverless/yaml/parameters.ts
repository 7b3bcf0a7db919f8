import { entriesOf, entryOf, type YamlNode, type YamlScalar, type YamlValue } from '../../../yaml/tree';
import { choice, type Resolution, type ResolutionOption, unknown } from './resolution';

/** The part of the resolver that is needed here. */
interface Follows {
  resolve(node: YamlNode | undefined): Resolution;
  certain(node: YamlNode | undefined): YamlValue | undefined;
  get(node: YamlNode | undefined, key: string): YamlValue | undefined;
}

/**
 * What `${param:name}` comes to: `params.<stage>` over `params.default`; version 4 also has `stages.<stage>.params`.
 *
 * @param usual the stage of a deployment that names none, where that is certain
 * @param rest what the variable says next; undefined where it says no more
 */
export function parameter(
  resolver: Follows,
  root: YamlNode | undefined,
  name: string,
  usual: string | undefined,
  at: YamlScalar,
  rest: (() => Resolution) | undefined,
): Resolution {
  const others: ResolutionOption[] = [];
  let fallback: Resolution | undefined;
  let own: Resolution | undefined;
  for (const [stage, params] of stageParams(resolver, root)) {
    const entry = entryOf(params, name);
    if (entry === undefined) continue;
    const value = resolver.resolve(entry.value);
    if (stage === 'default') fallback ??= value;
    else if (stage === usual) own ??= value;
    else others.push({ holds: `the stage is ${stage}`, otherwise: `the stage is not ${stage}`, value });
  }
  const last =
    fallback ?? rest?.() ?? unknown(`the parameter ${name} is given at deployment`, `the parameter ${name}`, at);
  if (own === undefined) return choice(others, last);
  // Without --stage the usual stage's value counts; the default is for stages that have none.
  const unlike = { holds: 'the stage is another one', otherwise: `the stage is ${usual}`, value: last };
  return choice(fallback === undefined ? others : [...others, unlike], own);
}

function* stageParams(resolver: Follows, root: YamlNode | undefined): Iterable<[string, YamlNode | undefined]> {
  const params = resolver.certain(entryOf(root, 'params')?.value);
  if (params?.kind === 'map') {
    for (const [stage, entry] of entriesOf(params)) yield [stage, resolver.certain(entry.value)];
  }
  const stages = resolver.certain(entryOf(root, 'stages')?.value);
  if (stages?.kind === 'map') {
    for (const [stage, entry] of entriesOf(stages))
      yield [stage, resolver.get(resolver.certain(entry.value), 'params')];
  }
}
