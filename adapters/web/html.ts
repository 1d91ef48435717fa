/**
 * Markdown to HTML that a page may show as it is: made from the tree, without raw HTML, remote images or scripts.
 */
import type { Element, ElementContent, Root, RootContent } from "hast";
import { toHtml } from "hast-util-to-html";
import { parseMarkdown, tableBox, toSafeHast } from "../../adapter.ts";

/** A message's headings stand under the page's own. */
const HEADINGS: Readonly<Record<string, string>> = { h1: "h3", h2: "h4", h3: "h5", h4: "h6", h5: "h6" };
const VERBATIM: ReadonlySet<string> = new Set(["a", "code", "pre"]);

/** The message as HTML. `[1]` becomes a button where there are that many sources; images become links. */
export function markdownToHtml(markdown: string, sources = 0): string {
  return toHtml(decorated(toSafeHast(parseMarkdown(markdown)), sources));
}

/** Plain text as HTML: every line and every character in its place. */
export function plainToHtml(text: string): string {
  return toHtml(element("p", { className: ["plain"] }, [{ type: "text", value: text }]));
}

function decorated(root: Root, sources: number): Root {
  return { type: "root", children: root.children.flatMap((child) => decorate(child, sources)) };
}

function decorate(node: RootContent, sources: number): ElementContent[] {
  if (node.type === "text") return withCitations(node.value, sources);
  if (node.type !== "element") return [];
  const inner = VERBATIM.has(node.tagName) ? 0 : sources;
  const children = node.children.flatMap((child) => decorate(child, inner));
  const tagName = HEADINGS[node.tagName] ?? node.tagName;
  if (tagName === "a") return [link(node, children)];
  if (tagName === "table") {
    return [tableBox(element("table", {}, children))];
  }
  return [element(tagName, node.properties, children)];
}

/** A link that leads nowhere allowed is its words. */
function link({ properties }: Element, children: ElementContent[]): ElementContent {
  const { href, title } = properties;
  if (typeof href !== "string" || href === "") return element("span", {}, children);
  return element(
    "a",
    {
      href,
      ...(typeof title === "string" ? { title } : {}),
      target: "_blank",
      rel: ["noopener", "noreferrer", "nofollow"],
    },
    children,
  );
}

function withCitations(text: string, sources: number): ElementContent[] {
  if (sources === 0) return [{ type: "text", value: text }];
  return text.split(/(\[\d{1,3}\])/u).flatMap((piece): ElementContent[] => {
    const number = Number(/^\[(\d{1,3})\]$/u.exec(piece)?.[1] ?? 0);
    if (piece === "") return [];
    if (number < 1 || number > sources) return [{ type: "text", value: piece }];
    const properties = {
      type: "button",
      className: ["cite"],
      dataSource: String(number),
      ariaLabel: `Source ${number}`,
    };
    return [element("button", properties, [{ type: "text", value: String(number) }])];
  });
}

function element(tagName: string, properties: Element["properties"], children: ElementContent[]): Element {
  return { type: "element", tagName, properties, children };
}
