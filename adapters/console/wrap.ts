import { stripVTControlCharacters } from "node:util";
import { wrapAnsi } from "fast-wrap-ansi";

/** A line's margin: spaces, and the mark of a list's item or a quote, coloured or not. */
// eslint-disable-next-line no-control-regex -- colours begin with one
const MARGIN = /^(?:\u001B\[\d+m|\s|│)*(?:(?:•|\d{1,3}\.)(?:\u001B\[\d+m)* )?/u;

/** Breaks lines between words where the window ends; what goes on begins below the first word. A long word stays whole. */
export function wrapLines(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, columns))
    .join("\n");
}

function wrapLine(line: string, columns: number): string {
  const margin = MARGIN.exec(line)?.[0] ?? "";
  const indent = stripVTControlCharacters(margin).replaceAll(/[^│]/gu, " ");
  return (
    margin + wrapAnsi(line.slice(margin.length), Math.max(1, columns - indent.length)).replaceAll("\n", `\n${indent}`)
  );
}
