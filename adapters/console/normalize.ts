import { z } from "zod";
import type { EventDraft, Normalized } from "../../adapter.ts";

/** What the session makes of a key press: a typed line, or a choice that was taken. */
export const ConsoleRaw = z.discriminatedUnion("type", [
  z.object({ type: z.literal("line"), id: z.string(), at: z.iso.datetime(), user: z.string(), text: z.string() }),
  z.object({
    type: z.literal("choice"),
    id: z.string(),
    at: z.iso.datetime(),
    user: z.string(),
    choiceId: z.string(),
    value: z.string(),
  }),
]);
export type ConsoleRaw = z.infer<typeof ConsoleRaw>;

/** A typed line is a message, `/name words` a command, a chosen entry an action. */
export function normalizeConsole(raw: unknown): Normalized {
  const parsed = ConsoleRaw.safeParse(raw);
  if (!parsed.success) return { ignored: "not a line of a terminal" };
  const { id, at, user } = parsed.data;
  const base = {
    key: `line:${id}`,
    // A terminal is the person's own chat: another person in it finds nothing of the first one.
    chat: { id: user, type: "direct" },
    user: { id: user, name: user },
    timestamp: at,
  } as const;
  if (parsed.data.type === "choice") {
    return { event: { ...base, type: "action", choiceId: parsed.data.choiceId, value: parsed.data.value } };
  }
  const text = parsed.data.text.trim();
  if (text === "") return { ignored: "an empty line", messageId: id, chat: user };
  return { event: lineEvent(base, id, text) };
}

function lineEvent(
  base: Pick<EventDraft, "key" | "chat" | "user" | "timestamp">,
  messageId: string,
  text: string,
): EventDraft {
  const command = /^\/([a-z0-9_-]{1,64})(?:\s+([\s\S]*))?$/u.exec(text);
  if (command?.[1] === undefined) return { ...base, type: "message", messageId, text };
  return { ...base, type: "command", messageId, name: command[1], text: command[2] ?? "" };
}
