import { numberable } from "../delivery/index.ts";
import type { Choice, ReplyDraft } from "../reply.ts";
import type { Session, Turn } from "./decision.ts";
import { TYPED_NUMBER } from "./meant-text.ts";

type Chosen = Pick<Choice, "id" | "value">;

/**
 * The answer to a chosen choice, or to words that need no model, by the tool pack to which they belong. Undefined for
 * everything else.
 */
export async function answerOfPack(turn: Turn, { tools, latest }: Session): Promise<ReplyDraft | undefined> {
  const choice = await chosenChoice(turn, latest);
  if (choice !== undefined) {
    const called = { ...tools, idempotencyKey: `${turn.event.id}:${choice.id}` };
    for (const { chosen } of turn.bot.packs) {
      const draft = await chosen?.(choice, called);
      if (draft !== undefined) return draft;
    }
  }
  if (turn.event.type !== "message") return undefined;
  const called = { ...tools, idempotencyKey: `${turn.event.id}:said` };
  for (const { said } of turn.bot.packs) {
    const draft = await said?.(turn.text, called);
    if (draft !== undefined) return draft;
  }
  return undefined;
}

/** A pressed button, or the choice whose number or words were typed. */
export async function chosenChoice(turn: Turn, latest: Session["latest"]): Promise<Chosen | undefined> {
  const { event, text, dependencies } = turn;
  if (event.type === "action") return { id: event.choiceId, value: event.value };
  if (event.type !== "message") return undefined;
  if (TYPED_NUMBER.test(text)) return await dependencies.numberedChoice(event.conversation, text);
  return typedChoice(text, latest);
}

/** Longer texts are no button's words. */
const LONGEST_WORDS = 120;

/** In how many of the latest turns the reply must be whose choice is typed: one may have had no answer. */
export const CHOICES_LOOK_BACK = 2;

/** The choice of the last reply whose words were typed. Confirmations are none: they are pressed, or typed as a code. */
function typedChoice(text: string, latest: Session["latest"]): Chosen | undefined {
  if (text.length > LONGEST_WORDS) return undefined;
  const last = latest.slice(-CHOICES_LOOK_BACK).findLast(({ replies }) => replies.length > 0);
  const choices = numberable(last?.replies.at(-1)?.choices ?? []);
  if (choices.length === 0) return undefined;
  const typed = plain(text);
  return choices.find(({ label, value }) => [label, value].map(plain).includes(typed));
}

const plain = (words: string): string =>
  words
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
