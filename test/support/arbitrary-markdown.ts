/** Markdown of every kind for property tests: nested blocks and inlines, and strings made of markup. */
import fc from "fast-check";

/** Things that a careless cut would break: clusters of several code points. */
export const CLUSTERS = ["👩‍👩‍👧‍👦", "🇩🇪", "🇫🇷", "👍🏽", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "é", "ạ̈", "क्षि", "한", "1️⃣", "𝒳"] as const;

const word = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-zA-Z]{1,12}$/) },
  { weight: 2, arbitrary: fc.constantFrom(...CLUSTERS) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("שלום", "مرحبا", "很长的中文句子", "สวัสดีครับ", "ends.", "why?", "a*b", "x_y", "~5"),
  },
  { weight: 1, arbitrary: fc.constantFrom("<b>", "&amp;", "\\*", "[a]", "#1", "1.", "$5", "a@b.c", "http://a.b/c") },
);
const words = fc.array(word, { minLength: 1, maxLength: 12 }).map((list) => list.join(" "));
const codeText = fc
  .array(fc.constantFrom("let a = 1;", "", "``", "```", "  x", "\t", "~~~", "| a |", "`", "y".repeat(60), "# no"), {
    minLength: 1,
    maxLength: 12,
  })
  .map((lines) => lines.join("\n"));
const url = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom("http://a.b", "https://en.wikipedia.org/wiki/A_(b)", "<a b>", "#top", "mailto:a@b.c"),
  },
  { weight: 1, arbitrary: fc.integer({ min: 60, max: 400 }).map((length) => `http://a.b/${"u".repeat(length)}`) },
);

const { inline } = fc.letrec<{ inline: string; styled: string }>((tie) => ({
  inline: fc
    .array(fc.oneof({ maxDepth: 2, withCrossShrink: true }, words, tie("styled")), { minLength: 1, maxLength: 3 })
    .chain((parts) => fc.constantFrom(" ", "", "\n", "\\\n").map((glue) => parts.join(glue))),
  styled: fc.oneof(
    words,
    tie("inline").map((text) => `**${text}**`),
    tie("inline").map((text) => `*${text}*`),
    tie("inline").map((text) => `~~${text}~~`),
    fc.constantFrom("`code`", "`` a`b ``", "`  `", "![alt](http://a.b/i.png)", "[^1]", "[ref]", "<http://c.d>"),
    fc.tuple(tie("inline"), url).map(([label, target]) => `[${label}](${target})`),
    fc.tuple(words, url).map(([label, target]) => `[${label}](${target} "title")`),
  ),
}));

const table = fc
  .tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.array(fc.oneof(words, fc.constantFrom("", "`a\\|b`", "**x**")), { maxLength: 24 }),
  )
  .map(([columns, cells]) => {
    const row = (at: number): string =>
      `| ${Array.from({ length: columns }, (_, column) => cells[at * columns + column] ?? "").join(" | ")} |`;
    const rows = Array.from({ length: Math.ceil(cells.length / columns) }, (_, at) => row(at + 1));
    return [row(0), `|${" :-: |".repeat(columns)}`, ...rows].join("\n");
  });

const indent = (text: string, first: string, others: string): string =>
  text
    .split("\n")
    .map((line, index) => (index === 0 ? first : others) + line)
    .join("\n");

const blocks = fc.letrec<{ block: string; many: string }>((tie) => ({
  block: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    inline,
    fc.tuple(fc.integer({ min: 1, max: 6 }), words).map(([depth, text]) => `${"#".repeat(depth)} ${text}`),
    fc
      .tuple(codeText, fc.constantFrom("", "ts", "js title=x"))
      .map(([code, info]) => `\`\`\`\`${info}\n${code}\n\`\`\`\``),
    codeText.map((code) => `~~~~\n${code}\n~~~~`),
    table,
    fc.constantFrom("---", "***", "[ref]: http://r.e/f", "[^1]: the note", "    indented code"),
    tie("many").map((text) => indent(text, "> ", "> ")),
    fc
      .array(tie("many"), { minLength: 1, maxLength: 3 })
      .map((items) => items.map((item) => indent(item, "- ", "  ")).join("\n")),
    fc
      .tuple(fc.array(tie("many"), { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 998 }))
      .map(([items, start]) => items.map((item, at) => indent(item, `${String(start + at)}. `, "     ")).join("\n\n")),
    fc.array(words, { minLength: 1, maxLength: 4 }).map((items) => items.map((item) => `- [ ] ${item}`).join("\n")),
  ),
  many: fc.array(tie("block"), { minLength: 1, maxLength: 3 }).map((list) => list.join("\n\n")),
}));

/** Well-formed Markdown with everything a model writes, nested. */
export const structuredMarkdown: fc.Arbitrary<string> = fc
  .array(blocks.block, { minLength: 1, maxLength: 4 })
  .map((list) => list.join("\n\n"));

const FRAGMENTS = [
  ["a", "b", " ", "  ", "\n", "\n\n", "\r\n", "\t", "    ", "*", "**", "_", "`", "```", "~~", "~~~", "- ", "+ ", "1. "],
  [
    "2) ",
    "> ",
    "# ",
    "#",
    "|",
    "---",
    "===",
    "[",
    "]",
    "(",
    ")",
    "[a](b)",
    "![",
    "[a]: b\n",
    "[a]",
    "[^a]",
    "[^a]: x\n",
  ],
  ["\\", "&", "&#10;", "&#32;", "&lt;", "!", "<", ">", "<br>", "http://a.b", "www.a.b", "a@b.c", ":", "\u00A0", "\0"],
  ["|a|b|\n|-|-|\n", "[ ] ", "[x] ", "\uD83D", "\u200D", "\u0301", ...CLUSTERS],
].flat();
const fragment = fc.constantFrom(...FRAGMENTS);

/** Strings that are mostly markup, in no order at all. */
export const markupSoup: fc.Arbitrary<string> = fc.array(fragment, { maxLength: 60 }).map((list) => list.join(""));

/** Any text a model, a person or an attacker could write. */
export const anyMarkdown: fc.Arbitrary<string> = fc.oneof(
  structuredMarkdown,
  markupSoup,
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.tuple(structuredMarkdown, markupSoup).map((pair) => pair.join("\n")),
);
