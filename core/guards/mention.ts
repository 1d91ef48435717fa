import type { InboundEvent } from "../event.ts";
import type { Guard } from "./guard.ts";
import { pass, silent } from "./guard.ts";

/** In a group the bot speaks when spoken to: a mention, a reply to one of its messages, a command, a pressed button. */
export const mention: Guard = {
  name: "mention",
  check: ({ event, events, bot }) => {
    if (event.chat.type === "direct") return pass;
    const policy = bot.policies.access.groups;
    if (policy === "never") return silent("groups are not answered (access.groups is never)");
    if (policy === "always" || (event.type !== "message" && event.type !== "edit")) return pass;
    return events.some(addresses) ? pass : silent("the bot was not mentioned in the group (access.groups is mention)");
  },
};

function addresses(event: InboundEvent): boolean {
  if (event.type !== "message" && event.type !== "edit") return false;
  return event.mentions.some((one) => one.isSelf) || event.replyTo?.isSelf === true;
}
