/** Hand-overs: those that people have now, compared with those that were told. One that ends by silence is noticed too. */
import { z } from "zod";
import { ConversationId } from "../../core/conversation-id.ts";
import type { Clock } from "../../core/environment.ts";
import type { Controls } from "../../core/store/store.ts";
import type { Watch, WatchParts } from "./keep-watch.ts";

const Told = z.array(z.object({ conversation: ConversationId, bot: z.string(), since: z.string() }));
type Told = z.infer<typeof Told>;

interface HandOverParts {
  readonly controls: Pick<Controls, "handedOver">;
  readonly clock: Clock;
  readonly tell: WatchParts["tell"];
}

/** Tells of each that begins or ends. One that begins and ends within a second is not seen. */
export function handOverWatch({ controls, clock, tell }: HandOverParts): Watch {
  return {
    name: "hand-overs",
    look: async (known) => {
      const now = new Date(clock()).toISOString();
      const standing = (await controls.handedOver(now)).flatMap(({ bot, ...one }) =>
        bot === undefined ? [] : [{ ...one, bot }],
      );
      const next = standing.map(({ conversation, bot, since }) => ({ conversation, bot, since }));
      const told = Told.safeParse(known);
      if (!told.success) return next;
      const ended = missing(told.data, next);
      const begun = standing.filter(({ conversation, since }) => !isAmong(told.data, { conversation, since }));
      for (const { conversation, bot, since } of ended)
        await tell({
          source: `${conversation} ${since}`,
          bot,
          at: now,
          type: "hand_over.ended",
          data: { conversation },
        });
      for (const { conversation, bot, since, cause } of begun)
        await tell({
          source: `${conversation} ${since}`,
          bot,
          at: since,
          type: "hand_over.begun",
          data: { conversation, cause },
        });
      return ended.length + begun.length === 0 ? undefined : next;
    },
  };
}

function missing(from: Told, present: Told): Told {
  return from.filter((one) => !isAmong(present, one));
}

function isAmong(all: Told, { conversation, since }: Pick<Told[number], "conversation" | "since">): boolean {
  return all.some((one) => one.conversation === conversation && one.since === since);
}
