import { readFileSync } from "node:fs";

const read = new Map<string, string>();

/** A stylesheet of this folder, read when a page first needs it: most processes show none. */
export function stylesheet(name: "look.css" | "reading.css"): string {
  const known = read.get(name) ?? readFileSync(new URL(name, import.meta.url), "utf8");
  read.set(name, known);
  return known;
}

/** The style that every page of the product has: the chat, the documents behind sources, the description of the calls. */
export function look(): string {
  return stylesheet("look.css");
}
