/** Where there are no buttons, choices are a numbered list, and a typed number is read as the choice. */
import { z } from "zod";
import type { Broker } from "../broker/broker.ts";
import type { ConversationId } from "../conversation-id.ts";
import { Choice } from "../reply.ts";

/** How long a number stays an answer to the list. */
export const NUMBERS_LIVE_MS = 30 * 60_000;

const Remembered = z.array(Choice);

const keyOf = (conversation: ConversationId): string => `choices:${conversation}`;

/**
 * The choices that may be offered as numbers, in the order of their numbers (from 1). Confirmations never are: a "1"
 * typed for something else must not move money, so a typed code is asked for instead.
 */
export function numberable(choices: readonly Choice[]): readonly Choice[] {
  return choices.filter((choice) => !/^(?:confirm|cancel):/i.test(choice.id));
}

/** Remembers which number is which choice, in place of what was remembered before. */
export async function rememberChoices(
  broker: Pick<Broker, "remember">,
  conversation: ConversationId,
  choices: readonly Choice[],
): Promise<void> {
  await broker.remember(keyOf(conversation), JSON.stringify(numberable(choices)), NUMBERS_LIVE_MS);
}

/** The choices that a typed number may mean now, number 1 first; undefined when no list was shown lately. */
export async function recallChoices(
  broker: Pick<Broker, "recall">,
  conversation: ConversationId,
): Promise<readonly Choice[] | undefined> {
  const stored = await broker.recall(keyOf(conversation));
  if (stored === undefined) return undefined;
  const choices = Remembered.parse(JSON.parse(stored));
  return choices.length === 0 ? undefined : choices;
}

/** What follows a list ends it: a later "2" is an answer to something else. */
async function forgetChoices(broker: Pick<Broker, "remember" | "recall">, conversation: ConversationId): Promise<void> {
  if ((await recallChoices(broker, conversation)) !== undefined) await rememberChoices(broker, conversation, []);
}

/** The lists that an account's replies show and end. */
export interface ChoiceLists {
  readonly show: (conversation: ConversationId, choices: readonly Choice[]) => Promise<void>;
  /** `period`: stands for the time during which only this process delivers for the account. */
  readonly end: (conversation: ConversationId, period: object) => Promise<void>;
}

const ENDED_KEPT = 10_000;

/** Only the account's owner writes lists, so within its ownership it asks once for each conversation without one. */
export function createChoiceLists(broker: Pick<Broker, "remember" | "recall">): ChoiceLists {
  const ended = new Set<ConversationId>();
  let known: object | undefined;
  return {
    show: async (conversation, choices) => {
      ended.delete(conversation);
      await rememberChoices(broker, conversation, choices);
    },
    end: async (conversation, period) => {
      if (known !== period || ended.size >= ENDED_KEPT) ended.clear();
      known = period;
      if (ended.has(conversation)) return;
      await forgetChoices(broker, conversation);
      if (known === period) ended.add(conversation);
    },
  };
}

const typedNumber = /^[#(]?(\d{1,2})[.):]?$/;

/** The choice a message means that is nothing but its number ("2", "2.", "(2)", "#2", "２", "2️⃣"). Pure. */
export function readNumber(text: string, remembered: readonly Choice[]): Choice | undefined {
  if (text.length > 16) return undefined;
  const plain = text
    .normalize("NFKC")
    .replaceAll(/[\uFE0F\u20E3]/g, "")
    .trim();
  const digits = typedNumber.exec(plain)?.[1];
  return digits === undefined ? undefined : remembered[Number(digits) - 1];
}
