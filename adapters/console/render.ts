import type { Rendered, RenderOptions } from "../../core/adapter.ts";
import { replyMarkdown } from "../../core/delivery/index.ts";
import { parseMarkdown, toPlainText } from "../../core/markdown/index.ts";
import type { Choice, Reply } from "../../core/reply.ts";
import { toAnsi } from "./ansi.ts";

/** What the terminal prints, and what it then offers to choose. */
export interface ConsolePayload {
  /** The whole reply with colours. */
  readonly styled: string;
  /** The whole reply without. */
  readonly plain: string;
  readonly choices: readonly Choice[];
}

/** Markdown to terminal text; nothing is lost, since a terminal takes any length. */
export function renderConsole(reply: Reply, { plain }: RenderOptions): Rendered<ConsolePayload> {
  const tree = parseMarkdown(replyMarkdown(reply, { choices: true }));
  const bare = toPlainText(tree);
  return {
    parts: [{ styled: plain ? bare : toAnsi(tree), plain: bare, choices: reply.choices ?? [] }],
    degraded: [],
  };
}
