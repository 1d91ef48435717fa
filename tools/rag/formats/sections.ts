/** Headings and blocks in their order, put into sections. */
import { createAnchors } from "../anchors.ts";
import type { Block, Section } from "../document.ts";

export type Item = { readonly heading: string; readonly depth: number } | { readonly block: Block };

/** @param title the one heading that names the document and not a section */
export function sectionsOf(items: readonly Item[], title?: Item): readonly Section[] {
  const anchorOf = createAnchors();
  const sections: Section[] = [];
  let open: readonly { readonly depth: number; readonly text: string }[] = [];
  let anchor = "";
  let blocks: Block[] = [];
  const close = (): void => {
    if (blocks.length > 0) sections.push({ headings: open.map(({ text }) => text), anchor, blocks });
    blocks = [];
  };
  for (const item of items) {
    if ("block" in item) {
      blocks.push(item.block);
      continue;
    }
    close();
    const { depth, heading } = item;
    open = item === title ? [] : [...open.filter((outer) => outer.depth < depth), { depth, text: heading }];
    anchor = anchorOf(heading);
  }
  close();
  return sections;
}
