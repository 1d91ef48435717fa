/** Which choice stands behind which option of the bot's own polls: a vote tells positions only. */
import { z } from "zod";
import type { AdapterContext } from "../../../adapter.ts";

/** Polls of one chat that can still be voted on. */
const KEPT = 10;

const Polls = z.array(z.object({ message: z.string(), choices: z.array(z.string()) }));

export interface Polls {
  /** `message`: the message's own id, without its chat. */
  readonly remember: (chat: string, message: string, choices: readonly string[]) => Promise<void>;
  readonly choicesOf: (chat: string, message: string) => Promise<readonly string[] | undefined>;
}

/** Keeps them in the account's durable values, so that a vote counts after a restart. */
export function createPolls(values: AdapterContext<unknown>["values"]): Polls {
  const recent = new Map<string, z.infer<typeof Polls>>();
  const keyOf = (chat: string): string => `polls:${chat}`;
  const load = async (chat: string): Promise<z.infer<typeof Polls>> =>
    recent.get(chat) ?? Polls.safeParse(await values?.get(keyOf(chat))).data ?? [];
  return {
    remember: async (chat, message, choices) => {
      const others = (await load(chat)).filter((poll) => poll.message !== message);
      const polls = [...others, { message, choices: [...choices] }].slice(-KEPT);
      recent.set(chat, polls);
      await values?.set(keyOf(chat), polls);
    },
    choicesOf: async (chat, message) => (await load(chat)).find((poll) => poll.message === message)?.choices,
  };
}
