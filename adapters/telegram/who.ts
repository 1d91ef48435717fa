/** Who did it: people, chats that write as themselves, and whom a forwarded message is of. */
import { z } from "zod";
import type { EventDraft } from "../../adapter.ts";
import { optionalPart } from "../../adapter.ts";

export const User = z.object({
  id: z.number(),
  is_bot: z.boolean().catch(false),
  first_name: z.string().catch(""),
  last_name: optionalPart(z.string()),
  language_code: optionalPart(z.string().max(35)),
});
export type User = z.infer<typeof User>;

export const Chat = z.object({
  id: z.number(),
  type: z.enum(["private", "group", "supergroup", "channel"]),
  title: optionalPart(z.string()),
});
export type Chat = z.infer<typeof Chat>;

/** Where a message that was handed on, or that stands in another chat, comes from. */
export const Origin = z.object({
  sender_user: optionalPart(User),
  sender_user_name: optionalPart(z.string()),
  sender_chat: optionalPart(Chat),
  chat: optionalPart(Chat),
});
type Origin = z.infer<typeof Origin>;

type EventUser = EventDraft["user"];

export function userOf({
  id,
  is_bot: isBot,
  first_name: first,
  last_name: last,
  language_code: locale,
}: User): EventUser {
  const name = [first, last].filter((part) => part !== undefined && part !== "").join(" ");
  return { id: String(id), isBot, ...(name === "" ? {} : { name }), ...(locale === undefined ? {} : { locale }) };
}

/** A chat that acts as itself: an anonymous administrator's group, a channel. Nobody can press a button in its name. */
function chatAsUser({ id, title }: Chat): EventUser {
  return { id: String(id), isShared: true, ...(title === undefined ? {} : { name: title }) };
}

/** Who acted: the person, or the chat that a person acted as. */
export function actorOf(user: User | undefined, chat: Chat | undefined): EventUser | undefined {
  if (chat !== undefined) return chatAsUser(chat);
  return user === undefined ? undefined : userOf(user);
}

/** The first author of words that were handed on. A hidden one has a name alone. */
export function authorOf(origin: Origin): { readonly userId?: string; readonly userName?: string } {
  const { sender_user: person, sender_user_name: userName, sender_chat: group, chat } = origin;
  const known = actorOf(person, person === undefined ? (group ?? chat) : undefined);
  if (known === undefined) return userName === undefined ? {} : { userName };
  return { userId: known.id, ...(known.name === undefined ? {} : { userName: known.name }) };
}
