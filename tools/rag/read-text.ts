import { oneLine } from "../../core/text/cut.ts";
import { titleFromPath, type ReadDocument } from "./document.ts";

/** Reads plain text: paragraphs are parted by empty lines; the file name is the title. */
export function readText(source: string, path: string): ReadDocument {
  const blocks = source
    .replace(/^\u{feff}/u, "")
    .split(/\r?\n[ \t]*\r?\n/)
    .map((text) => oneLine(text))
    .filter((text) => text !== "")
    .map((text) => ({ kind: "text" as const, text }));
  return { title: titleFromPath(path), sections: blocks.length === 0 ? [] : [{ headings: [], anchor: "", blocks }] };
}
