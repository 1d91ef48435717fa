import type { Guard } from "./guard.ts";
import { pass, silent } from "./guard.ts";

/** Who is answered: lists of platform ids, never of display names. */
export const access: Guard = {
  name: "access",
  check: ({ event, bot }) => {
    const { allowUsers, allowChats } = bot.policies.access;
    if (!listed(allowUsers, event.platform, event.user.id)) return silent("the user is not on access.allowUsers");
    // A chat that the platform renamed stays on the list by the id that it was listed with.
    const chats = [event.chat.id, event.chat.keptAs ?? event.chat.id];
    if (!chats.some((id) => listed(allowChats, event.platform, id)))
      return silent("the chat is not on access.allowChats");
    return pass;
  },
};

function listed(list: readonly string[], platform: string, id: string): boolean {
  return list.length === 0 || list.includes(id) || list.includes(`${platform}:${id}`);
}
