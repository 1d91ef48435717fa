/** Markdown in and out: everything an adapter needs to render, degrade and split replies without loss. */

// Text → tree → text.
export { MAX_MARKDOWN_LENGTH } from "./complexity.ts";
export { parseMarkdown } from "./parse.ts";
export { canonicalTree } from "./canonical.ts";
export { toMarkdown } from "./serialize.ts";
export { toPlainText, type PlainTextOptions } from "./plain.ts";
export { literal, literalTable } from "./literal.ts";

// Splitting at a platform's limit.
export { splitIntoParts, splitMarkdown, splitTree, type MarkdownPart } from "./split.ts";
export { splitPlain, splitPlainRanges, type SourceRange } from "./split-plain.ts";
export type { Measure, SplitOptions } from "./room.ts";

// Text from outside.
export { cleanText, quoteData, type CleanedText, type RemovedKind } from "./sanitize-text.ts";
export { escapeMarkdown } from "./escape.ts";
export { hostOf, withoutForeignLinks } from "./foreign-links.ts";
export { untangled } from "./tangled.ts";
