/** Shows a Markdown or text document as a page on its own: readable, without scripts, with an anchor at each heading. */
import type { Element, Root as HtmlRoot, RootContent } from "hast";
import { defaultSchema, sanitize } from "hast-util-sanitize";
import { toHtml } from "hast-util-to-html";
import { toHast } from "mdast-util-to-hast";
import { parseMarkdown } from "../../core/markdown/index.ts";
import { createAnchors } from "./anchors.ts";
import { oneLine } from "./document.ts";
import { splitFrontMatter } from "./front-matter.ts";

export interface PageContent {
  readonly title: string;
  readonly updated?: string | undefined;
  /** Where the original is published. */
  readonly url?: string | undefined;
  /** The file's content: Markdown, or plain text. */
  readonly source: string;
  readonly format: "markdown" | "text";
  /** Gives the page of a document that a relative link means, or undefined when there is none. */
  readonly resolve: (link: string) => string | undefined;
}

const STYLE = `
:root { color-scheme: light dark; font: 1.0625rem/1.6 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem 1.25rem 4rem; overflow-wrap: anywhere; }
h1, h2, h3, h4 { line-height: 1.25; margin: 2em 0 .5em; scroll-margin-top: 1rem; }
h1 { margin-top: 0; }
:target { background: light-dark(#fff3b8, #4a3f00); box-shadow: 0 0 0 .35rem light-dark(#fff3b8, #4a3f00); }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid light-dark(#c4c8ce, #4d535b); padding: .35rem .6rem; text-align: left; vertical-align: top; }
pre { white-space: pre-wrap; }
header { color: light-dark(#54595f, #a9b0b8); border-bottom: 1px solid light-dark(#c4c8ce, #4d535b); margin-bottom: 1.5rem; }
`;

/** The whole page as HTML. Raw HTML in the document is shown as text; links may lead to the web, mail and phone only. */
export function renderDocumentPage(content: PageContent): string {
  const body = content.format === "markdown" ? markdownBody(content) : [element("pre", {}, [text(content.source)])];
  const page: HtmlRoot = {
    type: "root",
    children: [
      { type: "doctype" },
      element("html", {}, [
        element("head", {}, [
          element("meta", { charSet: "utf-8" }, []),
          element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }, []),
          element("title", {}, [text(content.title)]),
          element("style", {}, [text(STYLE)]),
        ]),
        element("body", {}, [element("header", {}, about(content)), element("main", {}, body)]),
      ]),
    ],
  };
  return toHtml(page);
}

function element(tagName: string, properties: Element["properties"], children: Element["children"]): Element {
  return { type: "element", tagName, properties, children };
}

function text(value: string): { type: "text"; value: string } {
  return { type: "text", value };
}

function about({ updated, url, title }: PageContent): Element["children"] {
  return [
    element("p", {}, [
      text(updated === undefined ? title : `${title}, updated ${updated}`),
      ...(url === undefined
        ? []
        : [text(". Published at "), element("a", { href: url, rel: ["noopener"] }, [text(url)])]),
    ]),
  ];
}

function markdownBody({ source, resolve }: PageContent): Element["children"] {
  const tree = toHast(parseMarkdown(splitFrontMatter(source).body));
  const clean = sanitize(tree, { ...defaultSchema, protocols: { ...defaultSchema.protocols, href: LINK_PROTOCOLS } });
  const children = clean.type === "root" ? clean.children : [];
  const anchorOf = createAnchors();
  for (const child of children) {
    if (child.type === "element" && /^h[1-6]$/.test(child.tagName)) {
      child.properties = { ...child.properties, id: anchorOf(oneLine(textOf(child))) };
    }
    resolveLinks(child, resolve);
  }
  return children.filter((child) => child.type !== "doctype");
}

const LINK_PROTOCOLS = ["http", "https", "mailto", "tel"];

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
