import type { Rendered, RenderOptions, Reply } from "../../adapter.ts";
import { parseMarkdown, toPlainText } from "../../adapter.ts";
import { markdownToHtml, plainToHtml } from "./html.ts";

/** A reply as programs read it, and its text as a page shows it. */
export interface WebPayload {
  readonly reply: Reply;
  /** The text as safe HTML. Choices, sources and cards are not in it: the page shows them from `reply`. */
  readonly html: string;
}

/** Everything fits, so a reply is one part and nothing is degraded. */
export function renderWeb(reply: Reply, { plain }: Pick<RenderOptions, "plain">): Rendered<WebPayload> {
  const html = plain ? plainToHtml(toPlainText(parseMarkdown(reply.text))) : toMessageHtml(reply);
  return { parts: [{ reply, html }], degraded: [] };
}

/** A reply's text as safe HTML, its citations as buttons. */
export function toMessageHtml({ text, sources }: Pick<Reply, "text" | "sources">): string {
  return markdownToHtml(text, sources.length);
}
