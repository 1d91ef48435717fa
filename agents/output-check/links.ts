/** Links and images of a model lead to known hosts only; all others are shown as what they are, and cannot be pressed. */
import type { Image, Link, Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { toString } from "mdast-util-to-string";
import { gfm } from "micromark-extension-gfm";
import { untangled } from "./tangled.ts";

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A name with a path or a usual ending, which chat apps turn into a link by themselves. */
const BARE =
  /(?<![\p{L}\p{N}@./`-])(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+(?:com|net|org|info|biz|io|co|me|app|dev|xyz|top|site|online|link|click|shop|live|de|at|ch|eu|uk|fr|es|it|nl|pl|ru|ua|cn|example|invalid|test)(?:\/[^\s)\]]*)?(?![\p{L}\p{N}-])/giu;

/** The text with foreign links and images taken apart, and how many there were. */
export function withoutForeignLinks(
  written: string,
  hosts: ReadonlySet<string>,
): { readonly text: string; readonly foreign: number } {
  const changes: Change[] = [];
  const text = untangled(written);
  const root = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const waiting: Nodes[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const change = changeOf(node, hosts);
    if (change !== undefined) changes.push(change);
    else if (node.type === "text") changes.push(...bareNames(node, { text, hosts }));
    else if ("children" in node) waiting.push(...node.children);
  }
  let changed = text;
  for (const { start, end, text: shown } of changes.toSorted((left, right) => right.start - left.start)) {
    changed = changed.slice(0, start) + shown + changed.slice(end);
  }
  return { text: changed, foreign: changes.length + (text === written ? 0 : 1) };
}

function changeOf(node: Nodes, hosts: ReadonlySet<string>): Change | undefined {
  const start = node.position?.start.offset;
  const end = node.position?.end.offset;
  if (start === undefined || end === undefined) return undefined;
  // Raw HTML is of no use in a chat, and hides where it leads to.
  if (node.type === "html") return { start, end, text: "" };
  if (node.type === "definition") return isKnown(node.url, hosts) ? undefined : { start, end, text: "" };
  if (node.type !== "link" && node.type !== "image") return undefined;
  if (isKnown(node.url, hosts)) return undefined;
  return { start, end, text: takenApart(node) };
}

function takenApart(node: Link | Image): string {
  const label = node.type === "image" ? (node.alt ?? "") : toString(node);
  const shown = `\`${shownHost(node.url)}\``;
  return label.trim() === "" || BARE_URL.test(label) ? shown : `${label.replaceAll(BARE, "…")} (${shown})`;
}

/** A label that is an address itself says nothing besides it, or names another one. */
const BARE_URL = /^\s*(?:[a-z][a-z0-9+.-]*:|www\.|\/\/)|^\S+\.\S+$|^\S+@\S+$/iu;

function bareNames(
  node: Nodes,
  { text, hosts }: { readonly text: string; readonly hosts: ReadonlySet<string> },
): readonly Change[] {
  const from = node.position?.start.offset;
  const to = node.position?.end.offset;
  if (from === undefined || to === undefined) return [];
  return Array.from(text.slice(from, to).matchAll(BARE)).flatMap(({ 0: name, index }): readonly Change[] => {
    if (isKnown(`https://${name}`, hosts)) return [];
    const start = from + index;
    return [{ start, end: start + name.length, text: `\`${name.replaceAll("`", "")}\`` }];
  });
}

/** Only plain web addresses of known hosts; `mailto:` and `tel:` lead out of the chat without a host that could be known. */
function isKnown(url: string, hosts: ReadonlySet<string>): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/u.test(parsed.protocol) || parsed.username !== "") return false;
  return isHostOf(parsed.hostname, hosts);
}

/** `example.com` stands for its subdomains too. */
function isHostOf(hostname: string, hosts: ReadonlySet<string>): boolean {
  const labels = hostname.replace(/\.$/u, "").split(".");
  return labels.some((_label, index) => hosts.has(labels.slice(index).join(".")));
}

/** Where it leads to: the host, else the scheme. Never more, so that no message is carried out in a path. */
function shownHost(url: string): string {
  if (!URL.canParse(url)) return url.replaceAll(/[`\s]/gu, "").slice(0, 60);
  const { hostname, protocol, pathname } = new URL(url);
  if (protocol === "mailto:" || protocol === "tel:") return pathname.replaceAll("`", "").slice(0, 100);
  return hostname === "" ? `${protocol}${pathname.replaceAll("`", "").slice(0, 60)}` : hostname;
}

/** The host of an address, where it has one. */
export function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname || undefined : undefined;
}
