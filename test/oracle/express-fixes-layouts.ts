import ts from 'typescript';

/** Ways to write one and the same program: what an edit must be right in as well as in a tidy file. */
export interface Layout {
  readonly name: string;
  /** The program in this layout; undefined where it would not be the same one any more. */
  lay(text: string): string | undefined;
  /** The language that it is written in then, where that is not the file's own. */
  readonly language?: 'ts';
  /** How many findings may be left without their fix, where code is looked at that comments take apart. */
  readonly declines?: number;
}

export const LAYOUTS: readonly Layout[] = [
  { name: 'CRLF', lay: (text) => text.replaceAll('\n', '\r\n') },
  { name: 'a byte order mark', lay: (text) => `\uFEFF${text}` },
  { name: 'tabs', lay: (text) => text.replace(/^(?: {2})+/gm, (blanks) => '\t'.repeat(blanks.length / 2)) },
  { name: 'no semicolons', lay: withoutSemicolons },
  { name: 'single quotes', lay: (text) => quotedWith(text, "'") },
  { name: 'double quotes', lay: (text) => quotedWith(text, '"') },
  { name: 'backticks', lay: (text) => quotedWith(text, '`') },
  { name: 'a comment in every gap', lay: withComments, declines: 3 },
  { name: 'comments and CRLF', lay: (text) => withComments(text).replaceAll('\n', '\r\n'), declines: 3 },
  { name: 'one line', lay: inOneLine },
  { name: 'types', lay: withTypes, language: 'ts' },
];

interface Token {
  readonly node: ts.Node;
  readonly start: number;
  readonly end: number;
}

/** The tokens of a program in their order, comments and white space left out. */
function tokensOf(text: string): readonly Token[] {
  const source = parsed(text);
  const tokens: Token[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return;
    const children = node.getChildren(source);
    if (children.length > 0) children.forEach(visit);
    else if (node.getStart(source) < node.end) tokens.push({ node, start: node.getStart(source), end: node.end });
  };
  visit(source);
  return tokens;
}

function parsed(text: string): ts.SourceFile {
  return ts.createSourceFile('program.ts', text, ts.ScriptTarget.ES2022, true);
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function changed(text: string, changes: readonly Change[]): string {
  const last = [...changes].sort((a, b) => b.start - a.start);
  return last.reduce((all, { start, end, text: put }) => all.slice(0, start) + put + all.slice(end), text);
}

function withoutSemicolons(text: string): string {
  const tokens = tokensOf(text);
  const changes = tokens.flatMap(({ node, start, end }, i): Change[] => {
    const next = tokens[i + 1];
    if (node.kind !== ts.SyntaxKind.SemicolonToken || ts.isForStatement(node.parent)) return [];
    const isEnd = next === undefined || text.slice(end, next.start).includes('\n');
    const goesOn = next !== undefined && /[(`[+\-/*]/.test(text[next.start] ?? '');
    return isEnd && !goesOn ? [{ start, end, text: '' }] : [];
  });
  return changed(text, changes);
}

function quotedWith(text: string, quote: string): string {
  const changes = tokensOf(text).flatMap(({ node, start, end }): Change[] => {
    if (!ts.isStringLiteral(node)) return [];
    const { parent } = node;
    const isFixed =
      ts.isImportDeclaration(parent) ||
      isRequire(parent) ||
      ts.isExportDeclaration(parent) ||
      ts.isExpressionStatement(parent) ||
      ts.isLiteralTypeNode(parent) ||
      (ts.isPropertyName(node) && 'name' in parent && parent.name === node);
    if (isFixed && quote === '`') return [];
    const inner = node.text
      .replace(/[\\\n]/g, (char) => (char === '\n' ? '\\n' : '\\\\'))
      .replaceAll(quote, `\\${quote}`);
    return [{ start, end, text: `${quote}${quote === '`' ? inner.replaceAll('${', '\\${') : inner}${quote}` }];
  });
  return changed(text, changes);
}

/** The name of a module, which nobody writes as a template. */
function isRequire(node: ts.Node): boolean {
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'require';
}

/** A numbered comment behind every token, so that it can be told which are lost. */
function withComments(text: string): string {
  const changes = tokensOf(text).map(({ end }, i): Change => ({ start: end, end, text: ` /* ${i} */` }));
  return changed(text, changes);
}

function inOneLine(text: string): string | undefined {
  const tokens = tokensOf(text);
  let line = '';
  for (const [i, { node, start, end }] of tokens.entries()) {
    const before = tokens[i - 1];
    const gap = before === undefined ? '' : text.slice(before.end, start);
    // Where a statement ends with its line alone, the next one would run into it.
    if (gap.includes('\n') && before !== undefined && endsWithLine(before, node)) return undefined;
    line += `${gap === '' ? '' : ' '}${text.slice(start, end)}`;
  }
  return `${line}\n`;
}

function endsWithLine({ node: before }: Token, node: ts.Node): boolean {
  if (before.kind === ts.SyntaxKind.SemicolonToken || before.kind === ts.SyntaxKind.CloseBraceToken) return false;
  let up = node;
  while (up.parent !== undefined && up.parent.getStart() === node.getStart()) up = up.parent;
  return ts.isStatement(up);
}

/** `as const`, `satisfies`, type arguments and annotations where a TypeScript project has them. */
function withTypes(text: string): string {
  const changes: Change[] = [];
  const add = (offset: number, type: string): void => {
    changes.push({ start: offset, end: offset, text: type });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.type === undefined && node.initializer !== undefined) {
      const { initializer } = node;
      if (ts.isObjectLiteralExpression(initializer) || ts.isArrayLiteralExpression(initializer))
        add(initializer.end, ' as const');
    }
    if (ts.isCallExpression(node)) {
      for (const argument of node.arguments)
        if (ts.isObjectLiteralExpression(argument)) add(argument.end, ' satisfies object');
    }
    if (ts.isNewExpression(node) && node.expression.getText() === 'Set' && node.typeArguments === undefined)
      add(node.expression.end, '<string>');
    if (ts.isArrowFunction(node) && node.parameters.length > 1) {
      for (const { name, type } of node.parameters) if (ts.isIdentifier(name) && !type) add(name.end, ': any');
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed(text));
  return changed(text, changes);
}
