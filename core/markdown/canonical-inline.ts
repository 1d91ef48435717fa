/** One normal form for the inline content of a tree: what every platform can show and Markdown can write back. */
import type { Break, Definition, Image, Link, Nodes, PhrasingContent, Text } from "mdast";

/** Deepest nesting of emphasis, links and the like; what lies deeper keeps its text and loses its style. */
const MAX_INLINE_DEPTH = 6;

/** What the inline pass needs to know about its surroundings. */
export interface InlineContext {
  /** Headings and table cells hold one line, paragraphs hold several. */
  readonly singleLine: boolean;
  readonly inTable: boolean;
  /** Kinds of the open inline parents, outermost first. */
  readonly within: readonly string[];
  /** Link targets by identifier; hands out `undefined` once a text has expanded too many of them. */
  readonly definition: (identifier: string) => Definition | undefined;
}

const text = (value: string): Text => ({ type: "text", value });
/** Whether a node shows nothing but white space that Markdown ignores at the ends of a style. */
function isBlank(node: Nodes): boolean {
  if (node.type === "text") return /^[ \t\n]*$/.test(node.value);
  return node.type === "break" || ("children" in node && node.children.every(isBlank));
}

/** Line breaks inside a text lose the blanks around them; where only one line fits they become a space. */
function canonicalValue(value: string, singleLine: boolean): string {
  const lines = value.replace(/[ \t]*[\r\n][ \t\r\n]*/g, "\n");
  return singleLine ? lines.replaceAll("\n", " ") : lines;
}

function styled(node: Extract<Nodes, { type: "emphasis" | "strong" | "delete" }>, context: InlineContext) {
  const flat = context.within.includes(node.type) || context.within.length >= MAX_INLINE_DEPTH || isBlank(node);
  const within = flat ? context.within : [...context.within, node.type];
  const children = canonicalRun(node.children, { ...context, within });
  return flat || children.length === 0 ? children : [{ type: node.type, children }];
}

const emailLocal = "[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+";
const emailLabel = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
/** What may stand in `<…>` as an address; GFM also links bare ones that may not, such as `a@b.c_d`. */
const email = new RegExp(`^mailto:${emailLocal}@${emailLabel}(?:\\.${emailLabel})*$`);

/** Whether a link goes somewhere and can be written: one that shows its own address is written as `<…>`. */
function isLinkable({ url, children }: Pick<Link, "url" | "children">): boolean {
  if (url === "") return false;
  const [label] = children;
  const bare = label?.type === "text" && (url === label.value || url === `mailto:${label.value}`);
  return !(bare && url.startsWith("mailto:")) || email.test(url);
}

function link(node: Pick<Link, "url" | "title" | "children">, context: InlineContext): PhrasingContent[] {
  const flat = context.within.includes("link") || !isLinkable(node);
  const within = flat ? context.within : [...context.within, "link"];
  const label = canonicalRun(node.children, { ...context, within });
  if (flat) return label;
  const children = label.some((child) => !isBlank(child)) ? label : [text(node.url)];
  return [{ type: "link", url: node.url, title: node.title ?? null, children }];
}

function image(node: Pick<Image, "url" | "title" | "alt">): PhrasingContent[] {
  const alt = canonicalValue(node.alt ?? "", true);
  return node.url === "" ? [text(alt)] : [{ type: "image", url: node.url, title: node.title ?? null, alt }];
}

type Leaf = Extract<PhrasingContent, { type: "text" | "html" | "inlineCode" | "break" | "footnoteReference" }>;

function leaf(node: Leaf, context: InlineContext): PhrasingContent {
  switch (node.type) {
    case "inlineCode": {
      const value = node.value.replace(/[\r\n]+/g, " ");
      // In a cell a pipe is escaped even within code, so a backslash before it cannot be told apart.
      return context.inTable && /\\\|/.test(value) ? text(value) : { type: "inlineCode", value };
    }
    case "break":
      return context.singleLine ? text(" ") : { type: "break" };
    case "footnoteReference":
      return text(`[${node.label ?? node.identifier}]`);
    case "text":
    case "html":
      return text(canonicalValue(node.value, context.singleLine));
  }
}

function reference(
  node: Extract<PhrasingContent, { type: "linkReference" | "imageReference" }>,
  context: InlineContext,
): PhrasingContent[] {
  const target = context.definition(node.identifier);
  const url = target?.url ?? "";
  return node.type === "linkReference"
    ? link({ ...target, url, children: node.children }, context)
    : image({ ...target, url, alt: node.alt ?? null });
}

const isReference = (node: PhrasingContent) => node.type === "linkReference" || node.type === "imageReference";

function canonicalNode(node: PhrasingContent, context: InlineContext): PhrasingContent[] {
  if (node.type === "emphasis" || node.type === "strong" || node.type === "delete") return styled(node, context);
  if (node.type === "link") return link(node, context);
  if (node.type === "image") return image(node);
  return isReference(node) ? reference(node, context) : [leaf(node, context)];
}

/** Merges neighbours that Markdown could not keep apart: `**a****b**` is one run, not two. */
function merged(left: PhrasingContent, right: PhrasingContent, singleLine: boolean): PhrasingContent | undefined {
  if (left.type === "text" && right.type === "text") {
    return text(canonicalValue(left.value + right.value, singleLine));
  }
  if (left.type === "inlineCode" && right.type === "inlineCode") {
    return { type: "inlineCode", value: left.value + right.value };
  }
  if (left.type === "break" && right.type === "break") return left;
  if (
    (left.type === "emphasis" || left.type === "strong" || left.type === "delete") &&
    left.type === right.type &&
    "children" in right
  ) {
    return { type: left.type, children: joinNeighbours([...left.children, ...right.children], singleLine) };
  }
  return undefined;
}

/** Merges neighbouring texts, codes and styles of the same kind and drops what is empty. */
export function joinNeighbours(nodes: readonly PhrasingContent[], singleLine: boolean): PhrasingContent[] {
  const result: PhrasingContent[] = [];
  for (const node of nodes) {
    if ((node.type === "text" || node.type === "inlineCode") && node.value === "") continue;
    const previous = result.at(-1);
    const both = previous === undefined ? undefined : merged(previous, node, singleLine);
    if (both === undefined) result.push(node);
    else result[result.length - 1] = both;
  }
  return result;
}

function canonicalRun(nodes: readonly PhrasingContent[], context: InlineContext): PhrasingContent[] {
  return joinNeighbours(
    nodes.flatMap((node) => canonicalNode(node, context)),
    context.singleLine,
  );
}

const isSpace = (node: PhrasingContent | undefined): node is Break | Text =>
  node?.type === "break" || (node?.type === "text" && /^[ \t\n]*$/.test(node.value));

/** Cuts blanks and line breaks off both ends of a run and reports them in reading order. */
export function trimRun(nodes: readonly PhrasingContent[]) {
  let start = 0;
  let end = nodes.length;
  while (start < end && isSpace(nodes[start])) start += 1;
  while (end > start && isSpace(nodes[end - 1])) end -= 1;
  const run = nodes.slice(start, end);
  const leading = nodes.slice(0, start);
  const trailing = nodes.slice(end);
  const first = run[0];
  if (first?.type === "text") {
    const value = first.value.replace(/^[ \t\n]+/, "");
    if (value !== first.value) leading.push(text(first.value.slice(0, first.value.length - value.length)));
    run[0] = text(value);
  }
  const last = run.at(-1);
  if (last?.type === "text") {
    const value = last.value.replace(/[ \t\n]+$/, "");
    if (value !== last.value) trailing.unshift(text(last.value.slice(value.length)));
    run[run.length - 1] = text(value);
  }
  return { leading, run, trailing };
}

/** Lines start and end without blanks: Markdown ignores them there. */
function trimAroundBreaks(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  return nodes.map((node, index) => {
    if (node.type !== "text") return node;
    let { value } = node;
    if (nodes[index - 1]?.type === "break") value = value.replace(/^[ \t\n]+/, "");
    if (nodes[index + 1]?.type === "break") value = value.replace(/[ \t\n]+$/, "");
    return value === node.value ? node : text(value);
  });
}

/** The normal form of the inline children of one block. */
export function canonicalInline(nodes: readonly PhrasingContent[], context: InlineContext): PhrasingContent[] {
  const run = trimAroundBreaks(canonicalRun(nodes, context));
  return trimRun(joinNeighbours(run, context.singleLine)).run;
}
