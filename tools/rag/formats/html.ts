/** Reads the readable part of an HTML page: headings, paragraphs, lists, tables; without menus, banners, footers and scripts. */
import { countWords, titleFromPath, type ReadDocument } from "../document.ts";
import { createCollector, type Found } from "./html-collector.ts";
import { needReaders } from "./packages.ts";
import { sectionsOf } from "./sections.ts";

/** A page's main part is what is read, unless it says next to nothing. */
const LEAST_WORDS = 10;

/** Its title is its one first-level heading, else what its head says, else its file name. */
export async function readHtml(source: string, path: string): Promise<ReadDocument & { readonly problem?: string }> {
  needReaders("html");
  const { Parser } = await import("htmlparser2");
  const collect = (all: boolean): ReturnType<ReturnType<typeof createCollector>["end"]> => {
    const collector = createCollector(all);
    const parser = new Parser(collector);
    parser.end(source);
    return collector.end();
  };
  const strict = collect(false);
  // Where everything seems to be a menu or a footer, nothing is.
  const { found, facts, title: inHead, leftOut } = strict.found.length > 0 ? strict : collect(true);
  const kept = mainOf(found);
  const heads = kept.filter((item) => "heading" in item && item.depth === 1);
  const title = heads.length === 1 ? heads[0] : undefined;
  const named = title !== undefined && "heading" in title ? title.heading : undefined;
  return {
    ...facts,
    title: named ?? firstOf(inHead, facts.title) ?? titleFromPath(path),
    sections: sectionsOf(kept, title),
    ...(leftOut > 0 && { problem: `${leftOut} rows of its tables are left out` }),
  };
}

function firstOf(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined && text !== "");
}

function mainOf(found: readonly Found[]): readonly Found[] {
  const main = found.filter((item) => item.isMain);
  const words = main.reduce((sum, item) => sum + ("block" in item ? countWords(item.block.text) : 0), 0);
  return words >= LEAST_WORDS ? main : found;
}
