import type { Rendered, RenderOptions, Reply } from "../../adapter.ts";
import { parseMarkdown, toPlainText } from "../../adapter.ts";
import { markdownToHtml, plainToHtml } from "./html.ts";
import type { ProgramReply } from "./protocol.ts";

/** A reply as programs read it, and its text as a page shows it. */
export interface WebPayload {
  readonly reply: ProgramReply;
  /** The text as safe HTML. Choices, sources and cards are not in it: the page shows them from `reply`. */
  readonly html: string;
}

/** Everything fits, so a reply is one part and nothing is degraded. */
export function renderWeb(reply: Reply, { plain }: Pick<RenderOptions, "plain">): Rendered<WebPayload> {
  const text = toPlainText(parseMarkdown(reply.text));
  // Citations become buttons.
  const html = plain ? plainToHtml(text) : markdownToHtml(reply.text, reply.sources.length);
  return { parts: [{ reply: { ...reply, text, markdown: reply.text }, html }], degraded: [] };
}
