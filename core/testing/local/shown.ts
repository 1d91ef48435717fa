/** Markup as a platform's clients show it: words alone, and as safe HTML. */
import { escapeHtml } from "../../text/escape-html.ts";
import type { SeenMessage } from "../local-platform.ts";

export type Shown = Pick<SeenMessage, "plain" | "html">;

/** Text without markup. */
export function shownText(text: string): Shown {
  return { plain: text, html: escapeHtml(text).replaceAll("\n", "<br>") };
}

/** The same words in a tag. */
export function shownIn(tag: string, { plain, html }: Shown, attributes = ""): Shown {
  return { plain, html: `<${tag}${attributes}>${html}</${tag}>` };
}

/** Parts one after another; what has no words leaves no separator. */
export function shownTogether(parts: readonly Shown[], separator = ""): Shown {
  const words = parts.map(({ plain }) => plain);
  return {
    plain: (separator === "" ? words : words.filter((text) => text !== "")).join(separator),
    html: parts.map(({ html }) => html).join(""),
  };
}
