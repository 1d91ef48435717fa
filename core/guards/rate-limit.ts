import type { Guard } from "./guard.ts";
import { limited, pass, refuse } from "./guard.ts";

/** At most N messages per window and person. Said once per window; silence after that, so that a flood is not answered by a flood. */
export const rateLimit: Guard = {
  name: "rate-limit",
  check: async ({ event, bot, store, environment, phrases }) => {
    // What a human says in the bot's place is none of the bot's messages.
    if (event.operator === true) return pass;
    const { messages, perSeconds } = bot.policies.limits.rate;
    const who = `${event.account}:${event.user.id}`;
    const at = environment.clock();
    const windowMs = perSeconds * 1000;
    const { allowed, retryAtMs } = await store.usage.hit(`rate:${bot.id}:${who}`, {
      id: event.id,
      at,
      windowMs,
      limit: messages,
      unlessControlled: event.conversation,
    });
    if (allowed) return pass;
    const reason = `more than ${messages} messages within ${perSeconds} s (limits.rate)`;
    const notice = await store.usage.hit(`rate-notice:${bot.id}:${who}`, { id: event.id, at, windowMs, limit: 1 });
    if (!notice.allowed) return limited(reason, Math.max(0, retryAtMs - at));
    return refuse(reason, phrases.rateLimited(Math.max(1, Math.ceil((retryAtMs - at) / 1000))));
  },
};
