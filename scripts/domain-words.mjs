/**
 * `npm run check:domain`: no file of agents/ and core/ may name a line of business, a product of the samples or a tool of
 * the shipped packs, as a string or an identifier. The words stand in domain-words.json, each with its reason; tools are read
 * from the packs, products from the samples.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (path) => readFileSync(join(root, path), "utf8");
const { words, allowed } = JSON.parse(read("scripts/domain-words.json"));

function filesIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?<!\.test(-d)?)\.(ts|json)$/.test(entry.name))
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)).replaceAll("\\", "/"))
    .toSorted();
}

function* nodesOf(node) {
  yield node;
  for (const child of node.getChildren()) yield* nodesOf(child);
}

const parse = (path) => ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);

/** The names that definitions of tools have; one that is made of others is no literal, and is not known here. */
function toolsIn(path) {
  return [...nodesOf(parse(path))].flatMap((node) => {
    if (!ts.isCallExpression(node) || node.expression.getText() !== "defineTool") return [];
    const [definition] = node.arguments;
    if (definition === undefined || !ts.isObjectLiteralExpression(definition)) return [];
    return definition.properties.flatMap((property) =>
      ts.isPropertyAssignment(property) &&
      property.name.getText() === "name" &&
      ts.isStringLiteral(property.initializer)
        ? [property.initializer.text]
        : [],
    );
  });
}

const general = new Set(Object.keys(JSON.parse(read("agents/language/en.json")).requests));
const tools = filesIn("tools")
  .filter((path) => path.endsWith(".ts"))
  .flatMap(toolsIn)
  // People say it to every bot; the tool of that name serves it.
  .filter((name) => !general.has(name));
const products = JSON.parse(read("samples/bank/products.json")).map(({ name }) => name);
if (tools.length === 0 || products.length === 0)
  throw new Error("No tools or no products were found: this check is blind.");

const exact = new Map([
  ...tools.map((name) => [name, "a tool of a pack"]),
  ...products.map((name) => [name.toLowerCase(), "a product of the sample"]),
]);

/** What is written in a file besides comments, with its line. */
function* writtenIn(path) {
  if (path.endsWith(".json")) {
    for (const [index, text] of read(path).split("\n").entries()) yield { text, line: index + 1 };
    return;
  }
  const file = parse(path);
  for (const node of nodesOf(file)) {
    const isWritten = ts.isIdentifier(node) || ts.isLiteralExpression(node) || ts.isTemplateLiteralToken(node);
    if (isWritten) yield { text: node.getText(), line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1 };
  }
}

/** `listPayees` and `list_payees` are of two words. */
const wordsOf = (text) =>
  text
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, " ")
    .toLowerCase()
    .match(/\p{L}+/gu) ?? [];

/** What was allowed and is there. */
const used = new Set();

function isAllowed(path, word) {
  const found = allowed.filter((one) => path.startsWith(one.in) && one.words.includes(word));
  for (const one of found) used.add(`${one.in}: "${word}"`);
  return found.length > 0;
}

function* foundIn(path) {
  for (const { text, line } of writtenIn(path)) {
    const own = wordsOf(text).filter((word) => Object.hasOwn(words, word));
    const plain = `${text} ${text.replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, "_")}`.toLowerCase();
    const names = [...exact.keys()].filter((name) => plain.includes(name));
    for (const word of new Set([...own, ...names]))
      if (!isAllowed(path, word)) yield `${path}:${line}: "${word}" (${words[word] ?? exact.get(word)})`;
  }
}

const found = [...filesIn("agents"), ...filesIn("core")].flatMap((path) => [...foundIn(path)]);
const stale = allowed
  .flatMap((one) => one.words.map((word) => `${one.in}: "${word}"`))
  .filter((one) => !used.has(one))
  .map((one) => `scripts/domain-words.json: ${one} is allowed and not there`);
const faults = [...found, ...stale];
for (const line of faults) console.error(line);
if (faults.length > 0) {
  console.error(
    "\nMove each into the pack that it belongs to, or allow it with a reason in scripts/domain-words.json.",
  );
  process.exitCode = 1;
}
