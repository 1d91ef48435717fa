/** Takes updates in: durable first, then what Telegram waits for. */
import type { Api } from "grammy";
import type { CallbackQuery, Update } from "grammy/types";
import type { AdapterContext, Identity } from "../../adapter.ts";
import { describeError, ParleyError } from "../../adapter.ts";
import type { Moves } from "./moves.ts";
import { normalizeTelegram } from "./normalize.ts";
import type { createPolls } from "./polls.ts";
import { troubleIn } from "./probe.ts";
import { keyboardAfter, readChoiceData } from "./render.ts";

/** Presses of which it is known that they were answered. */
const REMEMBERED = 1_000;

export type Take = (update: Update) => Promise<void>;

interface Parts {
  readonly api: Api;
  /** The bot itself. */
  readonly identity: Identity;
  readonly polls: ReturnType<typeof createPolls>;
  readonly moves: Moves;
}

/** Makes an update durable, then answers a pressed button. Rejects when it must be offered again. */
export function createTake(
  context: Pick<AdapterContext<unknown>, "accept" | "environment" | "log">,
  { api, identity, polls, moves }: Parts,
): Take {
  const { accept, environment, log } = context;
  const inBackground = (work: Promise<unknown>, what: string): void => {
    work.catch((thrown: unknown) => log.debug({ error: troubleIn(thrown).detail }, what));
  };
  const answered = new Set<string>();
  const answer = ({ id }: CallbackQuery): void => {
    if (answered.has(id)) return;
    if (answered.size >= REMEMBERED) answered.clear();
    answered.add(id);
    inBackground(api.answerCallbackQuery(id), "A pressed button was not answered");
  };
  const take: Take = async (update) => {
    const { callback_query: query, poll_answer: vote, message } = update;
    if (message !== undefined) await moves.read(message);
    const poll = vote === undefined ? undefined : await polls.recall(vote.poll_id);
    const raw = { update, at: environment.clock(), poll };
    try {
      const accepted = await accept(await moves.applied(normalizeTelegram(raw, { identity })), raw);
      // Offered again: it was answered, and its buttons were taken, the first time.
      if (accepted?.status === "duplicate") return;
    } catch (thrown) {
      // The person need not wait for what is taken in later.
      if (query !== undefined) answer(query);
      if (!(thrown instanceof ParleyError) || thrown.retryable) throw thrown;
      log.error({ error: describeError(thrown), updateId: update.update_id }, "An update does not fit and is left out");
      return;
    }
    if (query === undefined) return;
    answer(query);
    inBackground(takeButtons(api, query), "Pressed buttons were not removed");
  };
  return take;
}

/** Only the person who was asked takes buttons away; to press them is open to others in a group. */
async function takeButtons(api: Api, { message, data = "", from }: CallbackQuery): Promise<void> {
  if (message === undefined || readChoiceData(data).ownerId !== String(from.id)) return;
  const shown = "reply_markup" in message ? (message.reply_markup?.inline_keyboard ?? []) : [];
  const left = { inline_keyboard: keyboardAfter(shown, data).map((row) => [...row]) };
  await api.editMessageReplyMarkup(message.chat.id, message.message_id, { reply_markup: left });
}
