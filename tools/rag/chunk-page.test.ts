import { expect, it } from "vitest";
import type { Chunk } from "./chunk.ts";
import { chunksBody } from "./chunk-page.ts";
import { renderDocumentPage } from "./document-page.ts";

const header = { kind: "header", text: "Case | Price" } as const;
const chunks: readonly Chunk[] = [
  { section: "", anchor: "", blocks: [{ kind: "text", text: "What <b>cards</b> cost." }] },
  { section: "Fees › Cards", anchor: "cards", blocks: [header, { kind: "row", text: "Lost | € 9" }] },
  { section: "Fees › Cards", anchor: "cards", blocks: [header, { kind: "row", text: "New | € 5" }] },
  { section: "Fees › PIN", anchor: "pin", blocks: [{ kind: "item", text: "by letter" }] },
];

it("shows a document as it was read: a cut table is one again, the quote is marked, nothing of it is markup", () => {
  const html = renderDocumentPage({
    title: "Fees",
    body: chunksBody(chunks),
    resolve: () => undefined,
    quote: "New | € 5",
  });
  expect(html).toContain("What &#x3C;b>cards&#x3C;/b> cost.");
  expect(html).toMatch(/<h2>Fees<\/h2>\s*<h3 id="cards">Cards<\/h3>/u);
  expect(html).toContain('<h3 id="pin">PIN</h3><ul><li>by letter</li></ul>');
  expect(html.match(/<th>Case<\/th>/gu)).toHaveLength(1);
  expect(html).toMatch(/<tr id="quote"><td>New/u);
});
