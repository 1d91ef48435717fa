/** Under which headings a part of a PDF stands. */
import { oneLine } from "../../../core/text/cut.ts";
import type { PagePart } from "./join-pages.ts";
import type { OutlineEntry } from "./read-pages.ts";
import type { Paragraph } from "./paragraphs.ts";

/** Headings that the outline does not name stand under those that it names. */
const BELOW_OUTLINE = 100;

export function createHeadings(pages: readonly (readonly PagePart[])[], outline: readonly OutlineEntry[]) {
  const found = pages.flat().flatMap((part) => (part.kind === "heading" ? [part] : []));
  const ranks = [...new Set(found.toSorted(bySize).map(styleOf))];
  const named = new Map(outline.map(({ title, page, depth }) => [keyOf(title, page), depth]));
  let open: readonly { readonly depth: number; readonly text: string }[] = [];
  const depthOf = (part: PagePart, page: number): number | undefined => {
    if (part.kind === "table") return undefined;
    const depth = named.get(keyOf(part.text, page));
    if (depth !== undefined || part.kind !== "heading") return depth;
    return ranks.indexOf(styleOf(part)) + (named.size > 0 ? BELOW_OUTLINE : 0);
  };
  return {
    /** What is set in the largest font. */
    largest: found.toSorted(bySize)[0]?.text,
    /** The headings from a heading on, the outermost first and without the document's title; undefined for what is none. */
    under: (part: PagePart, page: number, title: string): readonly string[] | undefined => {
      const depth = depthOf(part, page);
      if (depth === undefined || part.kind === "table") return undefined;
      open = [...open.filter((heading) => heading.depth < depth), { depth, text: part.text }];
      return open.flatMap(({ text }) => (text === title ? [] : [text]));
    },
  };
}

const bySize = (one: Paragraph, other: Paragraph): number =>
  other.size - one.size || Number(other.bold) - Number(one.bold);
const styleOf = ({ size, bold }: Paragraph): string => `${Math.round(size * 2)} ${bold}`;
const keyOf = (title: string, page: number): string => `${page} ${oneLine(title).toLowerCase()}`;
