/**
 * Writes docs/errors.md from the code: every stable error code with what it says. `--check` fails when the page is not
 * what the code says.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, "docs", "errors.md");
const folders = ["core", "adapters", "agents", "tools", "recommender", "gateway", "cli"];

function* sourcesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* entry.name === "dist" ? [] : sourcesIn(path);
    else if (/(?<!\.test)\.ts$/.test(entry.name)) yield path;
  }
}

const found = new Map();
for (const folder of folders) {
  for (const path of sourcesIn(join(root, folder))) {
    const source = readFileSync(path, "utf8");
    for (const [, code, quoted, template = ""] of source.matchAll(
      /"([a-z]+(?:-[a-z]+)*\/[a-z0-9-]+)",\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g,
    )) {
      const said = quoted ?? template;
      // In a list of codes the next one follows: those are no words.
      const message = /^[a-z-]+\/[a-z0-9-]+$/.test(said) ? "" : said;
      if (/\.(ts|js)$/.test(code) || /^(text|application|image|audio|video)\//.test(code)) continue;
      const words = message
        .replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "…")
        .replaceAll("|", "\\|")
        .replaceAll("\\", "");
      if (!found.has(code) || found.get(code).length < words.length) found.set(code, words);
    }
  }
}

const rows = [...found]
  .toSorted(([left], [right]) => left.localeCompare(right))
  .map(([code, words]) => `| \`${code}\` | ${words} |`);
const text = `# Errors

Every deliberate error has a stable code and says what happened, where, and what to do. Over HTTP it is a problem document
(RFC 9457) with the code in \`code\` and the correlation id that logs and traces carry; browsers
that open an address get the same as a page. Anything without a code is a bug.

Made from the code by \`npm run docs:errors\`; "…" stands for a value.

| code | says |
|---|---|
${rows.join("\n")}
`;

if (process.argv.includes("--check")) {
  if (readFileSync(page, "utf8") !== text) {
    console.error("docs/errors.md is not what the code says. Run: npm run docs:errors");
    process.exit(1);
  }
} else writeFileSync(page, text);
