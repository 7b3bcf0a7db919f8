import type { TSESTree } from '@typescript-eslint/types';
import type { Edit } from '../../../../cors/repair';
import { enclosingFunction, placeOf, type SourceModule, staticName, unwrap } from '../../../../javascript';
import { platformRule } from '../../../../lint/defineRule';
import type { ExpressAnalysis } from '../../analysis';

type Data =
  | { readonly kind: 'case'; readonly written: string; readonly edits: readonly Edit[] }
  | { readonly kind: 'falls'; readonly written: string; readonly edits: readonly Edit[] };

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-options-fallthrough',
    title: 'A hand-written OPTIONS branch that is never taken or runs on',
    severity: 'warning',
    category: 'broken',
    tags: ['preflight', 'middleware'],
    reference: 'https://expressjs.com/en/guide/writing-middleware.html',
  },
  check({ analysis }, report) {
    const { module } = analysis;
    if (!/options/i.test(module.text)) return;
    for (const comparison of module.index.of('BinaryExpression')) {
      const literal = methodComparison(comparison);
      if (literal === undefined) continue;
      if (literal.value === 'OPTIONS') {
        const statement =
          comparison.parent?.type === 'IfStatement' && comparison.parent.test === comparison
            ? comparison.parent
            : undefined;
        const answer = statement && runsOn(statement);
        if (answer) {
          const place = placeOf(module, answer);
          report({
            place,
            data: {
              kind: 'falls',
              written: shortened(module, answer),
              edits: [{ ...place, end: place.start, text: 'return ' }],
            },
          });
        }
      } else if (/^options$/i.test(literal.value) && !isHapi(module, comparison)) {
        const place = placeOf(module, literal);
        const edits = [{ ...place, start: place.start + 1, end: place.end - 1, text: 'OPTIONS' }];
        report({ place, data: { kind: 'case', written: literal.value, edits } });
      }
    }
  },
  message: (data) =>
    data.kind === 'case'
      ? `Methods are upper case: nothing ever equals \`${data.written}\`, and preflights pass this branch by. Write \`OPTIONS\`.`
      : `\`${data.written}\` answers the preflight and the function runs on: what comes after fails with "headers already sent" or answers twice. Return here.`,
  fixes: (data) => [
    { title: data.kind === 'case' ? 'Write `OPTIONS`' : 'Return here', preferred: true, edits: data.edits },
  ],
});

/** The text that `req.method` is compared with. */
function methodComparison({ operator, left, right }: TSESTree.BinaryExpression): TSESTree.StringLiteral | undefined {
  if (operator !== '===' && operator !== '==') return undefined;
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const member = unwrap(one);
    if (other.type !== 'Literal' || typeof other.value !== 'string') continue;
    if (member.type !== 'MemberExpression' || staticName(member) !== 'method') continue;
    const object = unwrap(member.object);
    if (object.type === 'Identifier' && /^_?req(?:uest)?$/i.test(object.name)) return other;
  }
  return undefined;
}

/** Whether the request is hapi's, where methods are in lower case. https://hapi.dev/api/#-requestmethod */
function isHapi({ text }: SourceModule, comparison: TSESTree.Node): boolean {
  const toolkit = enclosingFunction(comparison)?.params[1];
  return /['"](?:@hapi\/)?hapi['"]/.test(text) || (toolkit?.type === 'Identifier' && toolkit.name === 'h');
}

const ANSWERS = new Set(['sendStatus', 'send', 'json', 'end']);

/** The last statement of an OPTIONS branch when it answers without leaving, and something that answers follows. */
function runsOn(statement: TSESTree.IfStatement): TSESTree.ExpressionStatement | undefined {
  if (statement.alternate) return undefined;
  const { consequent, parent } = statement;
  const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
  if (last?.type !== 'ExpressionStatement' || !isAnswer(last.expression)) return undefined;
  const owner = enclosingFunction(statement);
  if (parent?.type !== 'BlockStatement' || parent.parent !== owner) return undefined;
  const after = parent.body.slice(parent.body.indexOf(statement) + 1);
  return after.some((one) => one.type === 'ExpressionStatement' && (isNext(one.expression) || isAnswer(one.expression)))
    ? last
    : undefined;
}

function isAnswer(node: TSESTree.Expression): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  const name = staticName(node.callee);
  let object = unwrap(node.callee.object);
  while (object.type === 'CallExpression' && object.callee.type === 'MemberExpression')
    object = unwrap(object.callee.object);
  return name !== null && ANSWERS.has(name) && object.type === 'Identifier' && /^_?res(?:ponse)?$/i.test(object.name);
}

function isNext(node: TSESTree.Expression): boolean {
  return node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'next';
}

function shortened(module: SourceModule, node: TSESTree.Node): string {
  const text = module.text
    .slice(...node.range)
    .replace(/;$/, '')
    .replace(/\s+/g, ' ');
  return text.length > 50 ? `${text.slice(0, 49)}…` : text;
}
