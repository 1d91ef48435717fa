import type { Guard } from "./guard.ts";
import { pass, silent } from "./guard.ts";

const TAKEOVER_MS = 30 * 60_000;

/**
 * Mute and human takeover. What a human of the operator's side writes in the bot's place starts a takeover, so that the
 * bot does not talk over its owner.
 */
export const control: Guard = {
  name: "control",
  check: async ({ event, store, environment }) => {
    const now = environment.clock();
    if (event.operator === true) {
      const until = new Date(now + TAKEOVER_MS).toISOString();
      await store.controls.set(event.conversation, { kind: "human-takeover", until, by: event.user.id });
      return silent("a human answered in the bot's place; the bot pauses for 30 minutes");
    }
    const current = await store.controls.get(event.conversation, new Date(now).toISOString());
    if (current === undefined) return pass;
    const until = current.until === undefined ? "until it is lifted" : `until ${current.until}`;
    return silent(current.kind === "muted" ? `the conversation is muted ${until}` : `a human has taken over ${until}`);
  },
};
