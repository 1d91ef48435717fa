import type { Capabilities } from "../adapter.ts";
import { splitMarkdown } from "../markdown/index.ts";
import type { SplitText } from "./fragments.ts";

const encoder = new TextEncoder();

/** Length of a text as a platform counts it. */
export function measureIn(unit: Capabilities["text"]["unit"]): (text: string) => number {
  switch (unit) {
    case "utf16":
      return (text) => text.length;
    case "codepoints":
      return (text) => {
        let count = 0;
        for (const _ of text) count += 1;
        return count;
      };
    case "bytes":
      return (text) => encoder.encode(text).length;
  }
}

/** Cuts Markdown without loss by a platform's way of counting. */
export function splitIn(text: Capabilities["text"]): SplitText {
  const measure = measureIn(text.unit);
  return (markdown, limit) => splitMarkdown(markdown, { limit, measure });
}
