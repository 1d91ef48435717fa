import type { Choice, Rendered, RenderOptions, Reply, ReplyFile } from "../../adapter.ts";
import { parseMarkdown, replyMarkdown, toPlainText } from "../../adapter.ts";
import { menuOf } from "./menu.ts";
import type { ConsoleSettings } from "./settings.ts";
import { TABLE_WIDTH, toAnsi } from "./ansi.ts";

/** What the terminal prints, and what it then offers to choose. */
export interface ConsolePayload {
  /** The whole reply with colours. */
  readonly styled: string;
  /** The whole reply without. */
  readonly plain: string;
  readonly choices: readonly Choice[];
  /** They are saved, and where is printed below the reply. */
  readonly files: readonly ReplyFile[];
}

/** Markdown to terminal text; nothing is lost, since a terminal takes any length. */
export function renderConsole(
  reply: Reply,
  { plain, ...language }: RenderOptions,
  { typedCodeFrom }: Pick<ConsoleSettings, "typedCodeFrom">,
): Rendered<ConsolePayload> {
  const tree = parseMarkdown(replyMarkdown(reply, { choices: true, files: true }, language));
  const bare = toPlainText(tree, { tableWidth: TABLE_WIDTH });
  return {
    parts: [
      {
        styled: plain ? bare : toAnsi(tree),
        plain: bare,
        choices: menuOf(reply, typedCodeFrom),
        files: reply.files ?? [],
      },
    ],
    degraded: [],
  };
}
