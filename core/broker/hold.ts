/** One process at a time is connected for an account: a lease of its own beside that of the delivery. */
import { conversationParts, accountId, type AccountId } from "../conversation-id.ts";
import type { HoldWork, Running } from "./broker.ts";
import { type OwnershipParts, runWhileOwner } from "./ownership.ts";

/** Runs the work while this process is the only one that holds the account's connection, until closed. */
export function startHold(parts: OwnershipParts, account: AccountId, work: HoldWork): Running {
  const { platform, account: name } = conversationParts(`${account}:x`);
  return runWhileOwner(parts, {
    name: accountId("connection", `${platform}:${name}`),
    work: async ({ closing, stopping }) => await work({ closing, stopping }),
  });
}
