import { ParleyError } from "../errors.ts";
import type { InboundEvent } from "../event.ts";
import type { Turn } from "./decision.ts";

/** How far back a pressed button's reply is looked for, in messages. */
const LOOK_BACK = 60;

/** A number as it is typed for a choice of a list. */
export const TYPED_NUMBER = /^\s*\d{1,2}[.)]?\s*$/u;

/**
 * The words a person means: a typed number stands for the choice it was shown with, a pressed button for its value, a
 * configured command for what it says.
 */
export async function meantText(turn: Turn): Promise<string> {
  const { event, text } = turn;
  if (event.type === "message") return TYPED_NUMBER.test(text) ? await numberedText(turn, event) : text;
  if (event.type === "action" && event.value === "") return await pressedText(turn, event);
  return event.type === "command" ? commandText(turn, event) : text;
}

async function numberedText({ text, dependencies, recorder }: Turn, event: InboundEvent): Promise<string> {
  const choice = await dependencies.numberedChoice(event.conversation, text);
  if (choice === undefined) return text;
  recorder.step({
    kind: "intake",
    name: "numbered-choice",
    outcome: "done",
    detail: "a typed number was read as a choice",
  });
  return choice.value;
}

/** Platforms that hand over a button's id alone: its words stand in the reply that showed it. */
async function pressedText(
  { dependencies, recorder }: Turn,
  { conversation, choiceId }: Extract<InboundEvent, { type: "action" }>,
): Promise<string> {
  const shown = await dependencies.store.history.page(conversation, { limit: LOOK_BACK });
  const choice = shown
    .toReversed()
    .flatMap(({ reply }) => reply?.choices ?? [])
    .find(({ id }) => id === choiceId);
  if (choice === undefined)
    throw new ParleyError("turn/expired-choice", "The pressed button's reply is too far back, or was erased.");
  recorder.step({ kind: "intake", name: "pressed-choice", outcome: "done", detail: "a button was read as its words" });
  return choice.value;
}

function commandText({ bot, text }: Turn, event: Extract<InboundEvent, { type: "command" }>): string {
  const says = bot.config.policies.commands.find(({ name }) => name === event.name)?.says;
  if (says === undefined) return text;
  return event.text === "" ? says : `${says} ${event.text}`;
}
