/** The tool by which every crew hands a conversation over to people. Bots have it whose configuration says `handOver`. */
import { z } from "zod";
import { defineTool } from "../../core/define-tool.ts";
import {
  HAND_OVER_TOOL,
  backChoice,
  begunText,
  type HandOverDesk,
  type HandOverPolicy,
} from "../../core/hand-over/index.ts";
import type { Tool } from "../../core/tool.ts";
import german from "./language/de.json" with { type: "json" };
import english from "./language/en.json" with { type: "json" };

export interface HandOverToolOptions {
  readonly bot: string;
  readonly policy: HandOverPolicy;
  readonly desk: Pick<HandOverDesk, "begin">;
}

/** Makes `hand_over`. From the call on the bot is silent in the conversation; its people are told. */
export function handOverTool({ bot, policy, desk }: HandOverToolOptions): Tool {
  return defineTool({
    name: HAND_OVER_TOOL,
    description:
      "Hands this conversation over to a person of the staff, who answers here; you stay silent from then on. Call it when " +
      "the person asks for a human, an adviser or a call back, not because you cannot answer one question. Say what `told` says.",
    input: z.strictObject({
      reason: z
        .enum(["asked", "angry", "fraud"])
        .optional()
        .describe("fraud: the person tells of a fraud that goes on; angry: they are beyond being helped by you"),
    }),
    slots: { reason: { entity: "choice" } },
    language: { en: english, de: german },
    risk: "low",
    confirmation: "never",
    scopes: ["public"],
    depends: "user",
    execute: async ({ reason: cause = "asked" }, { conversation, userId: by, eventId, locale }) => {
      const handOver = { id: bot, policies: { handOver: policy } };
      const { since } = await desk.begin(handOver, { conversation, cause, by, eventId });
      return {
        value: { since, told: begunText(locale, policy.contact) },
        choices: [backChoice(locale)],
      };
    },
    say: ({ told }) => told,
  });
}
