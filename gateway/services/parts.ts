/** What the calls about a whole installation work with. */
import { z } from "zod";
import type { BotConfig } from "../../core/bot.ts";
import type { ConversationLife } from "../../core/conversation/index.ts";
import type { Crew, MemoryFact } from "../../core/crew.ts";
import type { Environment } from "../../core/environment.ts";
import type { BotOf } from "../../core/http.ts";
import type { Store } from "../../core/store/store.ts";
import type { DescribedTool } from "../../core/tool.ts";
import type { ActionHistory } from "../../tools/confirmation/action-history.ts";

/** A bot as it runs now. */
export interface ServedBot {
  readonly config: BotConfig;
  readonly crew: Pick<Crew, "check">;
  readonly tools: readonly DescribedTool[];
}

export interface ServiceParts {
  readonly bots: () => readonly ServedBot[];
  readonly store: Pick<Store, "conversations" | "history" | "memory" | "people" | "usage">;
  readonly conversations: Pick<ConversationLife, "end">;
  readonly actions: ActionHistory;
  readonly environment: Pick<Environment, "clock">;
  /** How a person wants to be spoken to, as the bot reads it from what it remembers of them. */
  readonly wishesIn: (memory: readonly MemoryFact[]) => {
    readonly language?: "en" | "de";
    readonly formOfAddress?: "formal" | "informal";
    readonly answers?: "short";
  };
}

/** The bot that is asked about. */
export const OfBot = z.strictObject({
  bot: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe("Left out: all bots, or the only one with which the caller has a role."),
});

export const botAsked: BotOf = ({ query }) => OfBot.loose().parse(query).bot;

/** The running bots that are asked about. */
export function chosen({ bots }: Pick<ServiceParts, "bots">, bot: string | undefined): readonly ServedBot[] {
  return bots().filter(({ config }) => bot === undefined || config.id === bot);
}
