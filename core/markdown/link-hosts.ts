/** A link whose words name another host than the one it leads to is a trap: the true host is written behind its words. */
import type { Link, Nodes, Root } from "mdast";
import { toString } from "mdast-util-to-string";

/** What a reader takes for a host: dotted names with a last part of letters, with or without a scheme around them. */
const NAMED_HOST = /(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}]{2,}/gu;

/** Writes the true host behind links that name another one. Changes the tree; doing it again changes nothing. */
export function showTrueHosts(root: Root): Root {
  const waiting: Nodes[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === "link") showHost(node);
    else if ("children" in node) waiting.push(...node.children);
  }
  return root;
}

/** Whether the words of a link hold something a reader takes for a host: cut in two, they might name another one. */
export function namesHost(node: Link): boolean {
  return toString(node).search(NAMED_HOST) >= 0;
}

function showHost(node: Link): void {
  const host = hostOf(node.url);
  const label = toString(node);
  if (host === undefined || label.endsWith(` (${host})`)) return;
  const named = label.match(NAMED_HOST) ?? [];
  if (named.some((name) => !isSameHost(name, host))) node.children.push({ type: "text", value: ` (${host})` });
}

/** As a browser will call it: names in other scripts in their ASCII form. */
function hostOf(url: string): string | undefined {
  if (!/^(?:https?:)?\/\//iu.test(url) || !URL.canParse(url, "https://x.invalid")) return undefined;
  return new URL(url, "https://x.invalid").hostname;
}

function isSameHost(named: string, host: string): boolean {
  if (!URL.canParse(`https://${named}`)) return false;
  const bare = (name: string): string => name.replace(/^www\./u, "");
  return bare(new URL(`https://${named}`).hostname) === bare(host);
}
