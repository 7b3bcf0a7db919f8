import { type Branch, condition, type JsValue, wordsOf } from '../../../javascript';
import type { YamlNode } from '../../../yaml/tree';
import type { Resolution, ResolutionOption, TemplatePart, Unknown } from '../yaml/resolution';

/** What nodes come to whose text says nothing. */
export type Given = Map<YamlNode, Resolution>;

/**
 * What a value comes to that is neither text nor a collection: a choice by an environment variable, a template with
 * holes, or nothing that can be known.
 *
 * @param node where it stands
 * @param nodeOf the tree of a value inside it
 */
export function givenFor(value: JsValue, node: YamlNode, nodeOf: (value: JsValue) => YamlNode): Resolution {
  switch (value.kind) {
    case 'template':
      return {
        kind: 'template',
        at: { ...node, kind: 'scalar', value: null, style: 'plain', computed: true },
        parts: value.parts.map((part): TemplatePart => {
          if (part.kind === 'string' || part.kind === 'number') return { text: String(part.value) };
          return { hole: unknownOf(part, node) };
        }),
      };
    case 'choice':
      return choiceOf(value.branches, node, (inner) => {
        const made = nodeOf(inner);
        return made.kind === 'alias' ? unknownOf(inner, node) : { kind: 'node', node: made };
      });
    default:
      return unknownOf(value, node);
  }
}

/** Branches that a variable of the environment decides. What else decides is not told apart. */
function choiceOf(branches: readonly Branch[], node: YamlNode, resolve: (value: JsValue) => Resolution): Resolution {
  const last = branches.at(-1);
  const options: ResolutionOption[] = [];
  for (const { when, value } of branches.slice(0, -1)) {
    const [first, ...others] = when;
    if (first === undefined || others.length > 0) return worked(node);
    const otherwise = condition(first.of, !first.holds).words;
    options.push({ holds: wordsOf(when) ?? first.words, otherwise, value: resolveIn(value, node, resolve) });
  }
  return last === undefined ? worked(node) : { kind: 'choice', options, last: resolveIn(last.value, node, resolve) };
}

function resolveIn(value: JsValue, node: YamlNode, resolve: (value: JsValue) => Resolution): Resolution {
  return PLAIN.has(value.kind) ? resolve(value) : givenFor(value, node, () => node);
}

const PLAIN: ReadonlySet<JsValue['kind']> = new Set([
  'string',
  'number',
  'boolean',
  'null',
  'undefined',
  'array',
  'object',
]);

function unknownOf(value: JsValue, at: YamlNode): Unknown {
  if (value.kind !== 'environment') return worked(at);
  return {
    kind: 'unknown',
    reason: `${value.name} is set where the deployment runs`,
    decidedBy: value.name,
    at,
  };
}

function worked(at: YamlNode): Unknown {
  return {
    kind: 'unknown',
    reason: 'it is worked out when the configuration is loaded',
    decidedBy: 'the configuration',
    at,
  };
}
