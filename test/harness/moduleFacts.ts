import ts from 'typescript';

/** What one module of ours says that its place in the architecture forbids or allows. */
export interface ModuleFacts {
  readonly imports: readonly Import[];
  /** Other things that only some modules may do. */
  readonly acts: readonly Act[];
}

export interface Import {
  readonly specifier: string;
  /** 1-based. */
  readonly line: number;
  /** `type`: gone once compiled; `static`: loaded with the module; `lazy`: `import()` or `require()` with a literal. */
  readonly kind: 'type' | 'static' | 'lazy';
}

export interface Act {
  readonly what: 'computed-import' | 'eval' | 'print' | 'regexp-of-text';
  /** As written. */
  readonly text: string;
  readonly line: number;
}

/** Reads a module with TypeScript's own parser. `text` is never run. */
export function readModule(file: string, text: string): ModuleFacts {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const acts: Act[] = [];
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  const add = (node: ts.Node, specifier: ts.Node | undefined, kind: Import['kind']) => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) {
      imports.push({ specifier: specifier.text, line: lineOf(node), kind });
    } else {
      act(node, 'computed-import');
    }
  };
  const act = (node: ts.Node, what: Act['what']) => {
    acts.push({ what, text: node.getText(source).split('\n')[0] ?? '', line: lineOf(node) });
  };

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isTypeImport(node) ? 'type' : 'static');
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      add(node, node.moduleSpecifier, node.isTypeOnly ? 'type' : 'static');
    } else if (ts.isImportTypeNode(node)) {
      add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, 'type');
    } else if (ts.isExternalModuleReference(node)) add(node, node.expression, 'static');
    else if (ts.isCallExpression(node) || ts.isNewExpression(node)) visitCall(node);
    else if (isPrinter(node)) act(node, 'print');
    ts.forEachChild(node, visit);
  };
  const visitCall = (node: ts.CallExpression | ts.NewExpression) => {
    const callee = node.expression;
    const first = node.arguments?.[0];
    if (callee.kind === ts.SyntaxKind.ImportKeyword) add(node, first, 'lazy');
    if (!ts.isIdentifier(callee)) return;
    if (callee.text === 'require') add(node, first, 'lazy');
    if (callee.text === 'eval' || callee.text === 'Function') act(node, 'eval');
    if (callee.text === 'RegExp' && !(first !== undefined && isLiteral(first))) act(node, 'regexp-of-text');
  };
  visit(source);
  return { imports, acts };
}

/** `import type …`, or every name of it marked `type`; `import 'x'` is none. */
function isTypeImport(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const names = clause.namedBindings;
  return (
    clause.name === undefined &&
    names !== undefined &&
    ts.isNamedImports(names) &&
    names.elements.length > 0 &&
    names.elements.every((element) => element.isTypeOnly)
  );
}

/** The global `console`, `process.stdout` or `process.stderr`. */
function isPrinter(node: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return false;
  const [object, property] = [node.expression.text, node.name.text];
  const prints = object === 'console' || (object === 'process' && (property === 'stdout' || property === 'stderr'));
  return prints && !isDeclaredAround(node, object);
}

/** Whether a parameter or a variable of that name hides the global one here. */
function isDeclaredAround(node: ts.Node, name: string): boolean {
  for (let outer: ts.Node = node; outer.parent !== undefined; outer = outer.parent) {
    const { parent } = outer;
    const declarations = ts.isFunctionLike(parent)
      ? parent.parameters
      : ts.isBlock(parent) || ts.isSourceFile(parent)
        ? parent.statements
            .filter(ts.isVariableStatement)
            .flatMap((statement) => statement.declarationList.declarations)
        : [];
    if (declarations.some((declaration) => ts.isIdentifier(declaration.name) && declaration.name.text === name))
      return true;
  }
  return false;
}

function isLiteral(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || node.kind === ts.SyntaxKind.RegularExpressionLiteral;
}
