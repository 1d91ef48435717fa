import type { Guard } from "./guard.ts";
import { pass, silent } from "./guard.ts";

const TAKEOVER_MS = 30 * 60_000;

/**
 * Mute and hand-over. What a human of the operator's side writes in the bot's place hands the conversation over, so that
 * the bot does not talk over its owner.
 */
export const control: Guard = {
  name: "control",
  check: async ({ event, store, environment }) => {
    const now = environment.clock();
    if (event.operator === true) {
      const since = new Date(now).toISOString();
      const until = new Date(now + TAKEOVER_MS).toISOString();
      await store.controls.handOver(
        event.conversation,
        { kind: "handed-over", since, until, cause: "operator", by: event.user.id, note: undefined, told: event.id },
        since,
      );
      return silent("a human answered in the bot's place; the bot pauses for 30 minutes");
    }
    const current = await store.controls.get(event.conversation, new Date(now).toISOString());
    if (current === undefined) return pass;
    const until = current.until === undefined ? "until it is lifted" : `until ${current.until}`;
    if (current.kind === "muted") return silent(`the conversation is muted ${until}`);
    const { since, cause } = current;
    return { ...silent(`handed over to people since ${since} (${cause}), ${until}`), handedOver: current };
  },
};
