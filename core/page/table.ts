/** Tables on pages: they scroll in a box of their own, and their figures stay whole. */
import type { Element, ElementContent, Text } from "hast";

/** Longer runs of figures are text, and may wrap. */
const LONGEST_FIGURE = 40;

/** The table in a box that can be scrolled, by keyboard too. */
export function tableBox(table: Element): Element {
  const properties = { className: ["table"], role: "region", ariaLabel: "Table", tabIndex: 0 };
  return { type: "element", tagName: "div", properties, children: [{ ...table, children: whole(table.children) }] };
}

function whole(nodes: readonly ElementContent[]): ElementContent[] {
  return nodes.flatMap((node): ElementContent[] => {
    if (node.type === "text") return runsOf(node.value).map(pieceOf);
    return node.type === "element" ? [{ ...node, children: whole(node.children) }] : [node];
  });
}

interface Run {
  text: string;
  readonly isFigure: boolean;
}

/** Figures that single spaces join, as in an IBAN or before a currency, are one run. The dots stand for hidden digits. */
function runsOf(value: string): readonly Run[] {
  const runs: Run[] = [];
  const words = value.split(/(\s+)/u);
  for (const [index, text] of words.entries()) {
    const last = runs.at(-1);
    const isFigure = /[\d•]/u.test(text) || (last?.isFigure === true && /^[%\p{Sc}][.,;]?$/u.test(text));
    const isJoint = text === " " && last?.isFigure === true && /[\d•]|^[%\p{Sc}][.,;]?$/u.test(words[index + 1] ?? "");
    if (last !== undefined && (last.isFigure ? isFigure || isJoint : !isFigure)) last.text += text;
    else if (text !== "") runs.push({ text, isFigure });
  }
  return runs;
}

function pieceOf({ text, isFigure }: Run): ElementContent {
  const piece: Text = { type: "text", value: text };
  // Nothing but letters and digits has no place where a line could break.
  if (!isFigure || text.length > LONGEST_FIGURE || !/[^\p{L}\d]/u.test(text)) return piece;
  return { type: "element", tagName: "span", properties: { className: ["whole"] }, children: [piece] };
}
