/** What one source file holds: lines with code, functions and casts. */
import ts from "typescript";

export interface FunctionSize {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

export interface SourceFacts {
  /** Lines that hold at least one token: no blank lines, no comments. */
  readonly lines: number;
  readonly functions: readonly FunctionSize[];
  readonly anys: number;
  /** `as` and `<T>` casts (`as const` is none), and `!`. */
  readonly casts: number;
}

/** Reads the text of one file. */
export function readSource(name: string, text: string): SourceFacts {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const coded = linesWithTokens(source);
  const functions: FunctionSize[] = [];
  let anys = 0;
  let casts = 0;
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) anys += 1;
    if (isCast(node)) casts += 1;
    if (ts.isFunctionLike(node)) functions.push(functionFacts(node, source, coded));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { lines: coded.size, functions, anys, casts };
}

function isCast(node: ts.Node): boolean {
  if (ts.isAsExpression(node)) return node.type.getText() !== "const";
  return ts.isTypeAssertionExpression(node) || ts.isNonNullExpression(node);
}

function functionFacts(node: ts.Node, source: ts.SourceFile, coded: ReadonlySet<number>): FunctionSize {
  const from = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
  const to = source.getLineAndCharacterOfPosition(node.getEnd()).line;
  let lines = 0;
  for (let line = from; line <= to; line += 1) if (coded.has(line)) lines += 1;
  const name = ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) ? node.name?.getText(source) : undefined;
  return { name: name ?? "(anonymous)", line: from + 1, lines };
}

/** Tokens are the leaves of the tree; comments are none. A text over several lines counts each of them. */
function linesWithTokens(source: ts.SourceFile): ReadonlySet<number> {
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(source);
    if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return;
    if (children.length > 0) {
      for (const child of children) visit(child);
      return;
    }
    if (node.getWidth(source) === 0) return;
    const from = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const to = source.getLineAndCharacterOfPosition(node.getEnd()).line;
    for (let line = from; line <= to; line += 1) lines.add(line);
  };
  visit(source);
  return lines;
}
