/** Shows a Markdown or text document as a page on its own: readable, without scripts, with an anchor at each heading. */
import type { Element, ElementContent, RootContent, Text } from "hast";
import { defaultSchema, sanitize } from "hast-util-sanitize";
import { toHtml } from "hast-util-to-html";
import { toHast } from "mdast-util-to-hast";
import { parseMarkdown } from "../../core/markdown/index.ts";
import { readingPage } from "../../core/page/reading-page.ts";
import { tableBox } from "../../core/page/table.ts";
import { oneLine } from "../../core/text/cut.ts";
import { escapeHtml } from "../../core/text/escape-html.ts";
import { createAnchors } from "./anchors.ts";
import { splitFrontMatter } from "./front-matter.ts";
import { markQuote } from "./mark-quote.ts";

export interface PageContent {
  readonly title: string;
  readonly updated?: string | undefined;
  /** Where the original is published. */
  readonly url?: string | undefined;
  readonly body: DocumentBody;
  /** Gives the page of a document that a relative link means, or undefined when there is none. */
  readonly resolve: (link: string) => string | undefined;
  /** The words to mark, from their beginning. */
  readonly quote?: string | undefined;
}

/** A document read, as a page shows it. Reading is what takes time: it is done once, and showing works on a copy. */
export type DocumentBody = readonly RootContent[];

const LINK_PROTOCOLS = ["http", "https", "mailto", "tel"];
const schema = { ...defaultSchema, protocols: { ...defaultSchema.protocols, href: LINK_PROTOCOLS } };
/** A page loads nothing: of a picture elsewhere it shows the words, and whose server it is never hears who reads. */
const image = (_state: unknown, { alt }: { readonly alt?: string | null }): Text => ({
  type: "text",
  value: alt ?? "",
});

/** Reads a file's content. Raw HTML in it is shown as text, pictures as their words; links may lead to the web, mail and phone only. */
export function readDocumentBody(source: string, format: "markdown" | "text"): DocumentBody {
  if (format === "text") return [element("pre", [{ type: "text", value: source }])];
  const clean = sanitize(toHast(parseMarkdown(splitFrontMatter(source).body), { handlers: { image } }), schema);
  const children = clean.type === "root" ? clean.children : [];
  const anchorOf = createAnchors();
  for (const child of children) {
    if (child.type === "element" && /^h[1-6]$/.test(child.tagName)) {
      child.properties = { ...child.properties, id: anchorOf(oneLine(textOf(child))) };
    }
  }
  return children;
}

/** The whole page as HTML. */
export function renderDocumentPage({ title, updated, url, body, resolve, quote = "" }: PageContent): string {
  const children = structuredClone([...body]);
  for (const child of children) resolveLinks(child, resolve);
  markQuote(children, quote);
  const main = element("main", children.filter((child) => child.type !== "doctype").flatMap(boxed), ["sheet", "rich"]);
  const published =
    url === undefined ? [] : [`published at <a href="${escapeHtml(url)}" rel="noopener">${escapeHtml(url)}</a>`];
  const facts = [...(updated === undefined ? [] : [`updated ${escapeHtml(updated)}`]), ...published].join(", ");
  return readingPage({
    title,
    about: facts === "" ? "Source document" : `Source document, ${facts}`,
    body: toHtml(main),
  });
}

function element(tagName: string, children: ElementContent[], className: string[] = []): Element {
  return { type: "element", tagName, properties: className.length > 0 ? { className } : {}, children };
}

/** Tables may stand in quotes and lists. */
function boxed(node: ElementContent): ElementContent[] {
  if (node.type !== "element") return [node];
  return node.tagName === "table" ? [tableBox(node)] : [{ ...node, children: node.children.flatMap(boxed) }];
}

function textOf(node: RootContent): string {
  if (node.type === "text") return node.value;
  return "children" in node ? node.children.map(textOf).join("") : "";
}

function resolveLinks(node: RootContent, resolve: PageContent["resolve"]): void {
  if (node.type !== "element") return;
  const { href } = node.properties;
  if (typeof href === "string" && !/^[a-z][a-z0-9+.-]*:|^#/i.test(href)) {
    const target = resolve(href);
    node.properties = target === undefined ? {} : { href: target };
  }
  for (const child of node.children) resolveLinks(child, resolve);
}
