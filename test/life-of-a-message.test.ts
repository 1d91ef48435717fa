/** `docs/life-of-a-message.md` says which function calls which: each of its steps is looked up in the code. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const DOCS = join(import.meta.dirname, "..", "docs");

interface Hop {
  readonly name: string;
  readonly path: string;
  /** The function that calls it, where that is not the one before. */
  readonly caller?: string;
  /** The member of an interface, or the table, by which it is reached. */
  readonly member?: string;
}

/** The numbered steps of the document. */
function hopsIn(markdown: string): readonly Hop[] {
  return [...markdown.matchAll(/^\d+\. (.*?)\[`(\w+)`\]\(([^)]+)\)/gmu)].map(([, way = "", name = "", path = ""]) => {
    const caller = /back in `(\w+)`/iu.exec(way)?.[1];
    const member = /→ through (?:the table )?`(\w+)`/u.exec(way)?.[1];
    return { name, path, ...(caller !== undefined && { caller }), ...(member !== undefined && { member }) };
  });
}

/** What is declared under this name in a file: a function, or a constant with its value. */
function declarationOf(path: string, name: string): ts.Node | undefined {
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    const isDeclaration = ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node);
    if (isDeclaration && node.name !== undefined && ts.isIdentifier(node.name) && node.name.text === name)
      found ??= node;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Identifiers in a declaration, its own name left out; with `inTexts`, the words of its SQL as well. */
function wordsIn(declaration: ts.Node, inTexts: boolean): ReadonlySet<string> {
  const words = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) words.add(node.text);
    if (inTexts && ts.isStringLiteralLike(node)) for (const word of node.text.split(/\W+/u)) words.add(word);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(declaration, (child) => {
    if (!(ts.isFunctionDeclaration(declaration) || ts.isVariableDeclaration(declaration)) || child !== declaration.name)
      visit(child);
  });
  return words;
}

/** A function that was found, with its name. */
interface Found {
  readonly name: string;
  readonly declaration: ts.Node;
}

/** What speaks against a step from one function to another: one must name the other, or both the member. */
function faultsBetween(caller: Found, called: Found, member: string | undefined): readonly string[] {
  if (member === undefined) {
    return wordsIn(caller.declaration, false).has(called.name) ? [] : [`${caller.name} does not name ${called.name}`];
  }
  return [caller, called]
    .filter(({ declaration }) => !wordsIn(declaration, true).has(member))
    .map(({ name }) => `${name} does not name ${member}`);
}

/** What is wrong with a document's steps; nothing where the code is as they say. */
function faultsIn(hops: readonly Hop[]): readonly string[] {
  const known = new Map<string, Found>();
  return hops.flatMap(({ name, path, caller, member }, index) => {
    const file = join(DOCS, path);
    const declaration = existsSync(file) ? declarationOf(file, name) : undefined;
    if (declaration === undefined) return [`${name} is not in ${path}`];
    const called = { name, declaration };
    known.set(name, called);
    const before = caller ?? hops[index - 1]?.name;
    if (before === undefined) return [];
    const found = known.get(before);
    return found === undefined ? [`${before} is no step before ${name}`] : faultsBetween(found, called, member);
  });
}

const markdown = readFileSync(join(DOCS, "life-of-a-message.md"), "utf8");

describe("docs/life-of-a-message.md", () => {
  it("is told in at most forty steps, each with its number", () => {
    const hops = hopsIn(markdown);
    const numbered = [...markdown.matchAll(/^(\d+)\. /gmu)].map(([, number]) => Number(number));
    expect(hops.length).toBeGreaterThan(20);
    expect(hops.length).toBeLessThanOrEqual(40);
    expect(numbered).toEqual(hops.map((_hop, index) => index + 1));
  });

  it("names functions that are there, and that call one another as it says", () => {
    expect(faultsIn(hopsIn(markdown))).toEqual([]);
  });

  it.each([
    ["a function that is gone", "[`runTurn`]", "[`runTheTurn`]", "runTheTurn is not in"],
    ["a function in another file", "(../core/turn/decide.ts) asks", "(../core/turn/turn.ts) asks", "decide is not in"],
    [
      "a call that is not made",
      "Back in `runTurn`, → through `commit`: ",
      "",
      "toolsOfTurn does not name createMailboxes",
    ],
    [
      "a member that one side does not know",
      "→ through `make`",
      "→ through `makes`",
      "createCallDesk does not name makes",
    ],
  ])("would notice %s", (_what, written, changed, fault) => {
    expect(markdown).toContain(written);
    expect(faultsIn(hopsIn(markdown.replace(written, changed))).join("\n")).toContain(fault);
  });
});
