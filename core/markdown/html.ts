/** Writes trees as HTML that a platform or a page may show as it is: no raw HTML, no remote images, no scripts. */
import type { Element, Root as HtmlRoot } from "hast";
import { sanitize } from "hast-util-sanitize";
import { toHtml as writeHtml } from "hast-util-to-html";
import type { Root } from "mdast";
import { toHast } from "mdast-util-to-hast";

/** Everything the tree may consist of; what is not named here is dropped, its text kept. */
const schema = {
  tagNames:
    "p br hr strong em del code pre blockquote a h1 h2 h3 h4 h5 h6 ul ol li input table thead tbody tr th td".split(
      " ",
    ),
  attributes: {
    a: ["href", "title"],
    ol: ["start"],
    th: [["align", "left", "center", "right"] satisfies [string, ...string[]]],
    td: [["align", "left", "center", "right"] satisfies [string, ...string[]]],
    input: [
      ["type", "checkbox"] satisfies [string, ...string[]],
      ["disabled", true] satisfies [string, ...boolean[]],
      "checked",
    ],
  },
  protocols: { href: ["http", "https", "mailto"] },
  required: { input: { type: "checkbox", disabled: true } },
};

/** The tree as HTML elements, for adapters that change some of them before they write. Images become links. */
export function toSafeHast(tree: Root): HtmlRoot {
  const elements = toHast(tree, {
    handlers: {
      image: (_state, { url, alt }: { readonly url: string; readonly alt?: string | null }): Element => ({
        type: "element",
        tagName: "a",
        properties: { href: url },
        children: [{ type: "text", value: alt === "" ? url : (alt ?? url) }],
      }),
    },
  });
  const safe = sanitize(elements, schema);
  return safe.type === "root" ? safe : { type: "root", children: [] };
}

/**
 * The tree as HTML, for platforms that take a subset of it.
 *
 * @example toHtml(parseMarkdown("**yes**")) // "<p><strong>yes</strong></p>"
 */
export function toHtml(tree: Root): string {
  return writeHtml(toSafeHast(tree));
}
