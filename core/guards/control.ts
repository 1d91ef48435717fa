import type { Guard } from "./guard.ts";
import { pass, silent } from "./guard.ts";

const TAKEOVER_MS = 30 * 60_000;

/**
 * Mute and human takeover. A message written from the bot's own account by a human (its phone, the operator's console)
 * starts a takeover, so that the bot does not talk over its owner.
 */
export const control: Guard = {
  name: "control",
  check: async ({ event, store, environment }) => {
    const now = environment.clock();
    if (event.user.isSelf) {
      const until = new Date(now + TAKEOVER_MS).toISOString();
      await store.controls.set(event.conversation, { kind: "human-takeover", until, by: event.user.id });
      return silent("a human answered from the bot's own account; the bot pauses for 30 minutes");
    }
    const current = await store.controls.get(event.conversation, new Date(now).toISOString());
    if (current === undefined) return pass;
    const until = current.until === undefined ? "until it is lifted" : `until ${current.until}`;
    return silent(current.kind === "muted" ? `the conversation is muted ${until}` : `a human has taken over ${until}`);
  },
};
