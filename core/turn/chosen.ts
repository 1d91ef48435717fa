import type { Choice, ReplyDraft } from "../reply.ts";
import type { Session, Turn } from "./decision.ts";
import { toolContextOf } from "./tool-context.ts";

type Chosen = Pick<Choice, "id" | "value">;

/** The answer to a chosen choice by the tool pack to which it belongs; no model is asked. Undefined for everything else. */
export async function answerOfPack(turn: Turn, session: Session): Promise<ReplyDraft | undefined> {
  const choice = await chosenChoice(turn);
  if (choice === undefined) return undefined;
  const context = { ...toolContextOf(turn, session, []), idempotencyKey: `${turn.event.id}:${choice.id}` };
  for (const { chosen } of turn.bot.packs) {
    const draft = await chosen?.(choice, context);
    if (draft !== undefined) return draft;
  }
  return undefined;
}

/** A pressed button, or the choice that a typed number stands for. */
async function chosenChoice({ event, text, dependencies }: Turn): Promise<Chosen | undefined> {
  if (event.type === "action") return { id: event.choiceId, value: event.value };
  if (event.type !== "message" || !/^\s*\d{1,2}[.)]?\s*$/u.test(text)) return undefined;
  return await dependencies.numberedChoice(event.conversation, text);
}
