/** Marks on a document's page what a citation quotes. */
import type { Element, ElementContent, RootContent } from "hast";
import { cutText } from "../../core/text/cut.ts";
import { splitSentences } from "../../core/text/sentences.ts";

/** Fragment of the address that leads to what is marked. */
export const QUOTE_ANCHOR = "quote";
/** So much of a quote stands in an address; the page marks its sentence to the end. */
const LONGEST = 120;
const BLOCKS = new Set(["p", "li", "tr", "pre", "h1", "h2", "h3", "h4", "h5", "h6"]);

/** The beginning of a quote, as far as an address carries it. */
export function quoteForAddress(quote: string): string {
  return quote.length <= LONGEST ? quote : cutText(quote, LONGEST).replace(/\s+\S*$/u, "");
}

/** Marks the first place that holds these words, whatever stands around them. Changes the tree; false where there is none. */
export function markQuote(nodes: readonly RootContent[], quote: string): boolean {
  const wanted = compact(quote.replaceAll(" | ", " ")).text;
  return wanted !== "" && nodes.some((node) => node.type === "element" && markIn(node, wanted));
}

function markIn(node: Element, wanted: string): boolean {
  const text = BLOCKS.has(node.tagName) ? textOf(node) : "";
  const { text: squeezed, places } = compact(text);
  const at = squeezed.indexOf(wanted);
  if (at < 0) return node.children.some((child) => child.type === "element" && markIn(child, wanted));
  const from = places[at] ?? 0;
  const to = (places[at + wanted.length - 1] ?? text.length) + 1;
  if (node.tagName === "tr") node.properties = { ...node.properties, id: QUOTE_ANCHOR };
  else node.children = marked(node.children, { from, to: endOfSentence(text, to) }, { at: 0, isFirst: true });
  return true;
}

function textOf(node: ElementContent): string {
  if (node.type === "text") return node.value;
  return node.type === "element" ? node.children.map(textOf).join("") : "";
}

/** Without spaces, which differ between a document and what was read from it; and where each character stood. */
function compact(text: string): { readonly text: string; readonly places: readonly number[] } {
  const places = Array.from(text.matchAll(/\S/g), ({ index }) => index);
  return { text: text.replaceAll(/\s+/g, ""), places };
}

function endOfSentence(text: string, to: number): number {
  let end = 0;
  for (const sentence of splitSentences(text)) {
    end = text.indexOf(sentence, end) + sentence.length;
    if (end >= to) return end;
  }
  return to;
}

function marked(
  nodes: readonly ElementContent[],
  { from, to }: { readonly from: number; readonly to: number },
  state: { at: number; isFirst: boolean },
): ElementContent[] {
  return nodes.flatMap((node): ElementContent[] => {
    if (node.type === "element") return [{ ...node, children: marked(node.children, { from, to }, state) }];
    if (node.type !== "text") return [node];
    const [start, value] = [state.at, node.value];
    state.at += value.length;
    const [first, last] = [Math.max(0, from - start), Math.min(value.length, to - start)];
    if (first >= last || value.slice(first, last).trim() === "") return [node];
    const properties = state.isFirst ? { id: QUOTE_ANCHOR } : {};
    state.isFirst = false;
    const text = (words: string): ElementContent[] => (words === "" ? [] : [{ type: "text", value: words }]);
    const mark: Element = { type: "element", tagName: "mark", properties, children: text(value.slice(first, last)) };
    return [...text(value.slice(0, first)), mark, ...text(value.slice(last))];
  });
}
