/**
 * Where in the admin's files something stands. The compiled module is read as a syntax tree: esbuild has taken the types
 * away and joined the files, and its source map leads back to them.
 */
import { SourceMap } from "node:module";
import { relative, resolve } from "node:path";
import type { AnyNode, CallExpression, ObjectExpression, Program, SpreadElement } from "acorn";
import { parse } from "acorn";
import { z } from "zod";
import type { CompiledConfig } from "./compile.ts";

/** A line of a file, as it is shown: relative to the config's directory. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

export type Places = ReturnType<typeof readPlaces>;

/** Reads a compiled configuration. */
export function readPlaces({ address, code }: CompiledConfig, directory: string) {
  const tree = parse(code, { ecmaVersion: "latest", sourceType: "module", locations: true });
  const original = originalPlaces(code, directory);
  const variables = variablesOf(tree);
  const exported = exportedBy(tree, variables);
  const ofNode = (node: AnyNode): Place | undefined =>
    node.loc ? original(node.loc.start.line, node.loc.start.column + 1) : undefined;
  const follow = (from: AnyNode | undefined, path: readonly string[]): AnyNode | undefined => {
    let [at, value] = [from, from];
    for (const key of path) {
      const next = value === undefined ? undefined : entry(value, key, variables);
      if (next === undefined) break;
      [at, value] = [next.at, next.value];
    }
    return at;
  };
  const frame = (thrown: Error) => framesOf(thrown, address).find(({ line, column }) => original(line, column));
  return {
    ofNode,
    /** What the module waits for before it is ready. */
    awaits: nodes(tree.body, isFunction).filter(({ type }) => type === "AwaitExpression"),
    imports: tree.body.filter((node) => node.type === "ImportDeclaration"),
    /** The setting at a path, or what surrounds it; undefined where the tree says nothing. */
    ofPath: (path: readonly string[]): Place | undefined => {
      const node = follow(exported, path);
      return node === undefined ? undefined : ofNode(node);
    },
    /** Where in the admin's files an error was thrown. */
    ofError: (thrown: Error): Place | undefined => {
      const found = frame(thrown);
      return found === undefined ? undefined : original(found.line, found.column);
    },
    /** The settings of the call from which an error was thrown, with the path of that call. */
    ofCall: (thrown: Error, path: readonly string[]) => {
      const found = frame(thrown);
      const call =
        found && nodes(tree, () => false).find((node) => node.type === "CallExpression" && isAt(node, found));
      const node = follow(call, path);
      const place = node && ofNode(node);
      return call && place && { at: pathTo(call, exported, variables) ?? [], place };
    },
  };
}

type Variables = ReadonlyMap<string, AnyNode>;

/** What the top-level names stand for. */
function variablesOf(tree: Program): Variables {
  return new Map(
    tree.body.flatMap((node) => {
      const declaration = node.type === "ExportNamedDeclaration" ? node.declaration : node;
      if (declaration?.type !== "VariableDeclaration") return [];
      return declaration.declarations.flatMap(({ id, init }) =>
        id.type === "Identifier" && init ? [[id.name, init] as const] : [],
      );
    }),
  );
}

function exportedBy(tree: Program, variables: Variables): AnyNode | undefined {
  for (const node of tree.body) {
    if (node.type === "ExportDefaultDeclaration") return node.declaration;
    if (node.type !== "ExportNamedDeclaration") continue;
    const specifier = node.specifiers.find(
      ({ exported }) => exported.type === "Identifier" && exported.name === "default",
    );
    if (specifier?.local.type === "Identifier") return variables.get(specifier.local.name);
  }
  return undefined;
}

interface Entry {
  readonly at: AnyNode;
  readonly value: AnyNode;
}

/** What stands under a key: in braces, in a list, or in the settings that are handed to a call. */
function entry(from: AnyNode, key: string, variables: Variables): Entry | undefined {
  const node = meant(from, variables);
  if (node.type === "ObjectExpression") return entryOfObject(node, key, variables);
  if (node.type === "CallExpression") return entryOfCall(node, key, variables);
  if (node.type !== "ArrayExpression") return undefined;
  const element = elements(node.elements, variables)[Number(key)];
  return element ? { at: element, value: element } : undefined;
}

/** The last one wins, as it does when the object is made. */
function entryOfObject({ properties }: ObjectExpression, key: string, variables: Variables): Entry | undefined {
  return properties
    .toReversed()
    .map((one) => (one.type === "SpreadElement" ? entry(one.argument, key, variables) : own(one, key)))
    .find((found) => found !== undefined);
}

/** `adapterPackage("name", { settings: { … } })` has them one level further in. */
function entryOfCall(call: CallExpression, key: string, variables: Variables): Entry | undefined {
  return call.arguments
    .map((argument) => {
      const inside = entry(argument, "settings", variables);
      return entry(argument, key, variables) ?? (inside && entry(inside.value, key, variables));
    })
    .find((found) => found !== undefined);
}

function own(node: AnyNode, key: string): Entry | undefined {
  if (node.type !== "Property" || node.computed) return undefined;
  const name =
    node.key.type === "Identifier" ? node.key.name : node.key.type === "Literal" ? String(node.key.value) : "";
  return name === key ? { at: node, value: node.value } : undefined;
}

/** The entries of a list, with those of lists that are spread into it. */
function elements(
  list: readonly (AnyNode | SpreadElement | null)[],
  variables: Variables,
): readonly (AnyNode | null)[] {
  return list.flatMap((one) => {
    if (one?.type !== "SpreadElement") return [one];
    const spread = meant(one.argument, variables);
    return spread.type === "ArrayExpression" ? elements(spread.elements, variables) : [one];
  });
}

/** The expression behind names, members and `await`. */
function meant(node: AnyNode, variables: Variables, depth = 0): AnyNode {
  // Names that stand for each other would lead on for ever.
  if (depth > 20) return node;
  if (node.type === "AwaitExpression") return meant(node.argument, variables, depth + 1);
  if (node.type === "Identifier") {
    const value = variables.get(node.name);
    return value === undefined ? node : meant(value, variables, depth + 1);
  }
  if (node.type === "MemberExpression" && node.property.type === "Identifier" && !node.computed) {
    const found = entry(meant(node.object, variables, depth + 1), node.property.name, variables);
    return found === undefined ? node : meant(found.value, variables, depth + 1);
  }
  return node;
}

/** The path under which a call stands in what is exported. */
function pathTo(call: AnyNode, exported: AnyNode | undefined, variables: Variables): readonly string[] | undefined {
  const search = (from: AnyNode, depth: number): readonly string[] | undefined => {
    const node = meant(from, variables);
    if (node === call) return [];
    if (depth > 8) return undefined;
    const keyed: readonly (readonly [string, AnyNode])[] =
      node.type === "ObjectExpression"
        ? node.properties.flatMap((one) =>
            one.type === "Property" && one.key.type === "Identifier" ? [[one.key.name, one.value] as const] : [],
          )
        : node.type === "ArrayExpression"
          ? elements(node.elements, variables).flatMap((one, index) => (one ? [[String(index), one] as const] : []))
          : [];
    for (const [key, value] of keyed) {
      const found = search(value, depth + 1);
      if (found !== undefined) return [key, ...found];
    }
    // `defineConfig({ … })`, or a helper of the admin's own.
    if (node.type !== "CallExpression") return undefined;
    return node.arguments.map((argument) => search(argument, depth + 1)).find((found) => found !== undefined);
  };
  return exported === undefined ? undefined : search(exported, 0);
}

/** Every node, without those inside of what is left out. */
function nodes(tree: AnyNode | readonly AnyNode[], isLeftOut: (node: AnyNode) => boolean): readonly AnyNode[] {
  const found: AnyNode[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    else if (isNode(value) && !isLeftOut(value)) {
      found.push(value);
      for (const one of Object.values(value)) visit(one);
    }
  };
  visit(tree);
  return found;
}

function isFunction({ type }: AnyNode): boolean {
  return type === "FunctionDeclaration" || type === "FunctionExpression" || type === "ArrowFunctionExpression";
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

interface Position {
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A frame points at the name that is called, or at the brackets behind it. */
function isAt(node: AnyNode, { line, column }: Position): boolean {
  if (!node.loc) return false;
  const { start } = node.loc;
  const callee = node.type === "CallExpression" ? node.callee.loc?.end : undefined;
  if (start.line === line && start.column === column - 1) return true;
  return callee?.line === line && callee.column >= column - 1 && (start.line < line || start.column <= column - 1);
}

/** The frames of a stack that stand in the compiled module. */
function framesOf({ stack = "" }: Error, address: string): readonly Position[] {
  return stack.split("\n").flatMap((text) => {
    const at = text.indexOf(address);
    const [, line, column] = at < 0 ? [] : (/^:(\d+):(\d+)/u.exec(text.slice(at + address.length)) ?? []);
    return line === undefined ? [] : [{ line: Number(line), column: Number(column) }];
  });
}

const Payload = z.object({
  file: z.string().default(""),
  version: z.number(),
  // What a package or a tool leaves out of its map stands as null.
  sources: z.array(
    z
      .string()
      .nullable()
      .transform((source) => source ?? ""),
  ),
  sourcesContent: z
    .array(
      z
        .string()
        .nullable()
        .transform((content) => content ?? ""),
    )
    .default([]),
  names: z.array(z.string()),
  mappings: z.string(),
  sourceRoot: z.string().default(""),
});

/** The source map at the end of the code, as a function from its lines to those of the files. */
function originalPlaces(code: string, directory: string): (line: number, column: number) => Place | undefined {
  const encoded = code.slice(code.lastIndexOf(MARK) + MARK.length);
  const payload = Payload.safeParse(JSON.parse(Buffer.from(encoded, "base64").toString("utf8"))).data;
  // The fault itself matters more than its line.
  const map = payload && new SourceMap(payload);
  return (line, column) => {
    const found = map?.findEntry(line - 1, column - 1);
    if (found === undefined || !("originalSource" in found) || typeof found.originalSource !== "string")
      return undefined;
    const file = relative(directory, resolve(directory, found.originalSource));
    return { file, line: found.originalLine + 1 };
  };
}

const MARK = "//# sourceMappingURL=data:application/json;base64,";
