/** A conversation of this folder as the evaluation plays it. */
import type { Script } from "../../cli/evaluation/play.ts";
import type { Conversation } from "./format.ts";
import { judge } from "./judge.ts";

/** `where`: file and line. */
export function scriptOf({ id, kind, language, linked, chat, turns }: Conversation, where: string): Script {
  return {
    id,
    kind,
    language,
    where,
    chat: chat ?? "direct",
    before: linked === undefined ? [] : [`link ${linked}`],
    turns: turns.map(({ expect, file, ...turn }) => ({
      ...turn,
      ...(file !== undefined && { file: { name: file, text: "" } }),
      judge: (facts) => judge(expect, facts, linked),
    })),
  };
}
