import type { Guard } from "./guard.ts";
import { pass, silent } from "./guard.ts";

const MINUTE = 60_000;

/** Two bots that answer each other never stop and burn money: other bots are ignored or held to a few per minute. */
export const botLoop: Guard = {
  name: "bot-loop",
  check: async ({ event, bot, store, environment }) => {
    if (!event.user.isBot || event.operator === true) return pass;
    const policy = bot.policies.access.otherBots;
    if (policy === "never") return silent("the message comes from another bot (access.otherBots is never)");
    const { allowed } = await store.usage.hit(`bot-loop:${event.conversation}:${event.user.id}`, {
      id: event.id,
      at: environment.clock(),
      windowMs: MINUTE,
      limit: policy.perMinute,
    });
    return allowed ? pass : silent(`another bot sent more than ${policy.perMinute} messages within a minute`);
  },
};
