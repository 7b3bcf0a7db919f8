import type { AST } from '@eslint-community/regexpp';

/** The flags that change what a character matches. */
export interface CharacterFlags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
}

type CharacterNode = AST.Character | AST.CharacterSet | AST.CharacterClass;

/**
 * Which UTF-16 code units the node accepts; undefined for what is not looked into (Unicode properties, set
 * operations). Code points above U+FFFF never occur in an origin and are not told apart.
 * https://tc39.es/ecma262/#sec-compileatom
 */
export function acceptsCharacter(node: CharacterNode, flags: CharacterFlags): ((code: number) => boolean) | undefined {
  if (node.type !== 'CharacterClass') return member(node, flags);
  const members: ((code: number) => boolean)[] = [];
  for (const element of node.elements) {
    if (element.type !== 'Character' && element.type !== 'CharacterSet' && element.type !== 'CharacterClassRange') {
      return undefined;
    }
    const accepts = member(element, flags);
    if (!accepts) return undefined;
    members.push(accepts);
  }
  return (code) => members.some((accepts) => accepts(code)) !== node.negate;
}

function member(
  node: AST.Character | AST.CharacterSet | AST.CharacterClassRange,
  flags: CharacterFlags,
): ((code: number) => boolean) | undefined {
  const folded = (accepts: (code: number) => boolean) =>
    flags.ignoreCase ? (code: number) => accepts(code) || accepts(otherCase(code)) : accepts;
  switch (node.type) {
    case 'Character':
      return folded((code) => code === node.value);
    case 'CharacterClassRange':
      return folded((code) => code >= node.min.value && code <= node.max.value);
    case 'CharacterSet':
      return set(node, flags);
  }
}

function set(node: AST.CharacterSet, flags: CharacterFlags): ((code: number) => boolean) | undefined {
  const within = (pattern: RegExp, negate: boolean) => (code: number) =>
    pattern.test(String.fromCharCode(code)) !== negate;
  switch (node.kind) {
    case 'any':
      return flags.dotAll ? () => true : within(/[\n\r\u2028\u2029]/, true);
    case 'digit':
      return within(/\d/, node.negate);
    case 'space':
      return within(/\s/, node.negate);
    case 'word':
      return within(/\w/, node.negate);
    default:
      return undefined;
  }
}

/** https://tc39.es/ecma262/#sec-runtime-semantics-canonicalize-ch, for one pair of letters. */
function otherCase(code: number): number {
  const character = String.fromCharCode(code);
  const upper = character.toUpperCase();
  const other = upper === character ? character.toLowerCase() : upper;
  return other.length === 1 ? other.charCodeAt(0) : code;
}
