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

/** Dots that a browser reads as one in a host's name. */
const DOT = "[.\\u3002\\uFF0E\\uFF61]";
const LABEL = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?`;
const REST = String.raw`[^\s)\]<>]*`;
/** Endings of files that are no endings of hosts. */
const FILES =
  "tsx?|jsx?|[mc]js|[mc]ts|json[lc]?|csv|tsv|txt|pdf|png|jpe?g|gif|webp|html?|css|ya?ml|xml|sql|docx?|xlsx?|pptx?|env|log|lock|toml|ini|sqlite";
/** What chat apps turn into a link by themselves: an address of any scheme, a host's name of any ending, an IP address with a path or port. */
const BARE = new RegExp(
  [
    String.raw`(?<![\p{L}\p{N}+.-])[a-z][a-z0-9+.-]{1,20}:\/\/${REST}`,
    String.raw`(?<![\p{L}\p{N}:/])\/\/${LABEL}${DOT}${REST}`,
    String.raw`(?<![\p{L}\p{N}@./-])(?:\d{1,3}\.){3}\d{1,3}(?:[:/]${REST})`,
    String.raw`(?<![\p{L}\p{N}@./-])localhost(?::\d+|\/)${REST}`,
    String.raw`(?<![\p{L}\p{N}@.-]|\p{L}\p{L}\/|\d\/)(?:${LABEL}${DOT}){1,8}(?!(?:${FILES})(?![\p{L}\p{N}-]))(?:xn--[a-z0-9-]{2,59}|\p{L}{2,24})(?![\p{L}\p{N}-])(?::\d{1,5})?(?:\/${REST})?`,
  ].join("|"),
  "giu",
);

/** Without the transform that makes links of text a second time: they would have no place in the source. */
const fromGfm = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }));

/** The text with foreign links and images taken apart, and how many there were. */
export function withoutForeignLinks(
  written: string,
  hosts: ReadonlySet<string>,
): { readonly text: string; readonly foreign: number } {
  const changes: Change[] = [];
  const text = untangled(written);
  const root = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: fromGfm });
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
  if (from === undefined || to === undefined || node.type !== "text") return [];
  const source = text.slice(from, to);
  // Escapes and character references hide a name from whoever reads the source, not from whoever reads the message.
  if (source !== node.value) return hidden(node.value, hosts, { start: from, end: to });
  return foreignNames(source, hosts).map(({ 0: name, index }) => {
    const start = from + index;
    // A backslash before it would take the mark of code for a plain sign.
    const isEscaped = source.charAt(index - 1) === "\\";
    return { start: isEscaped ? start - 1 : start, end: start + name.length, text: inCode(name) };
  });
}

function foreignNames(source: string, hosts: ReadonlySet<string>): readonly RegExpExecArray[] {
  return [...source.matchAll(BARE)].filter(({ 0: name }) => {
    const plain = name.replaceAll(/[\u3002\uFF0E\uFF61]/gu, ".").replace(/^\/\//u, "https://");
    return !isKnown(/^[a-z][a-z0-9+.-]*:\/\//iu.test(plain) ? plain : `https://${plain}`, hosts);
  });
}

/** A piece of text whose source reads otherwise, written anew where it names a foreign host. */
function hidden(value: string, hosts: ReadonlySet<string>, span: Pick<Change, "start" | "end">): readonly Change[] {
  const names = foreignNames(value, hosts);
  if (names.length === 0) return [];
  const parts: string[] = [];
  let at = 0;
  for (const { 0: name, index } of names) {
    parts.push(escaped(value.slice(at, index)), inCode(name));
    at = index + name.length;
  }
  return [{ ...span, text: [...parts, escaped(value.slice(at))].join("") }];
}

function inCode(name: string): string {
  return `\`${name.replaceAll("`", "")}\``;
}

function escaped(value: string): string {
  return value.replaceAll(/[\\`*_[\]<>!#|~&]/gu, String.raw`\$&`);
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
