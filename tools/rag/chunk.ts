import { z } from "zod";
import { Block, countWords, type ReadDocument, type Section } from "./document.ts";
import { splitSentences } from "../../core/text/sentences.ts";

/** A piece of a document that is found, judged and cited as one. */
export const Chunk = z.object({
  /** `Section › Subsection`, or empty at the document's beginning. */
  section: z.string(),
  anchor: z.string(),
  page: z.number().int().positive().optional(),
  blocks: z.array(Block).readonly(),
});
export type Chunk = z.infer<typeof Chunk>;

const MOST_WORDS = 220;
/** A chunk of at least this many words ends where the next block would make it too long. */
const TARGET_WORDS = 170;

/**
 * Cuts a document into chunks: never across sections or pages, at about 120 to 220 words, between blocks. A table that
 * must be cut takes its header row along; a paragraph that is too long alone is cut between sentences.
 */
export function chunkDocument(document: ReadDocument): readonly Chunk[] {
  return document.sections.flatMap((section) =>
    groupBlocks(section.blocks.flatMap(splitBlock)).map((blocks) => chunkOf(section, blocks)),
  );
}

function chunkOf({ headings, anchor, page }: Section, blocks: readonly Block[]): Chunk {
  return { section: headings.join(" › "), anchor, ...(page !== undefined && { page }), blocks };
}

function groupBlocks(blocks: readonly Block[]): readonly (readonly Block[])[] {
  const groups: Block[][] = [];
  let group: Block[] = [];
  let words = 0;
  let header: Block | undefined;
  for (const block of blocks) {
    const length = countWords(block.text);
    header = block.kind === "row" ? header : undefined;
    if (group.length > 0 && (words + length > MOST_WORDS || (words >= TARGET_WORDS && block.kind !== "item"))) {
      groups.push(group);
      group = header === undefined ? [] : [header];
      words = header === undefined ? 0 : countWords(header.text);
    }
    if (block.kind === "header") header = block;
    group.push(block);
    words += length;
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

function splitBlock(block: Block): readonly Block[] {
  if (countWords(block.text) <= MOST_WORDS) return [block];
  const parts: string[] = [];
  let part = "";
  for (const piece of splitSentences(block.text).flatMap(splitLongSentence)) {
    if (part !== "" && countWords(part) + countWords(piece) > TARGET_WORDS) {
      parts.push(part);
      part = piece;
    } else {
      part = part === "" ? piece : `${part} ${piece}`;
    }
  }
  return [...parts, part].map((text) => ({ kind: block.kind, text }));
}

function splitLongSentence(sentence: string): readonly string[] {
  const words = sentence.split(" ");
  if (words.length <= MOST_WORDS) return [sentence];
  return Array.from({ length: Math.ceil(words.length / TARGET_WORDS) }, (_, index) =>
    words.slice(index * TARGET_WORDS, (index + 1) * TARGET_WORDS).join(" "),
  );
}
