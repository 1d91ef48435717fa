import { AccountId, ConversationId } from "../../core/conversation-id.ts";
import type { NewProposal } from "../../tools/confirmation/proposal-table.ts";
import { NOON } from "./bank-chat.ts";

/** Who makes the proposals below. */
export const proposer = {
  bot: "harbour",
  person: "anna",
  account: AccountId.parse("console:main"),
  userId: "u",
  conversation: ConversationId.parse("console:main:c"),
};

/** A proposal as it is stored at first; it waits for a second. */
export function proposal(id: string, more: Partial<NewProposal> = {}): NewProposal {
  return {
    id,
    tool: "pay",
    arguments: { to: "Emre", amount: 4 },
    argumentsHash: "hash",
    echo: { summary: "Pay", amount: { minor: 400, currency: "EUR" } },
    risk: "high",
    ...proposer,
    chatType: "direct",
    scopes: ["private"],
    locale: "en",
    eventId: "event",
    callId: "call",
    userTexts: ["pay 4 to Emre"],
    code: "A2B3C4",
    createdAt: NOON,
    expiresAt: NOON + 1_000,
    ...more,
  };
}
