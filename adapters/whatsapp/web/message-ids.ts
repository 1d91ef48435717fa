/**
 * Ids of the bot's own messages, made from the delivery's key.
 *
 * WhatsApp Web gives its messages random ids of this shape. Ours follow from the key, so that a send in doubt is found
 * again by its id, and end in a mark, so that any process tells what the bot wrote from what a person wrote on the
 * account's telephone.
 */
import { createHash } from "node:crypto";

const PREFIX = "3EB0";
const CHOSEN = 12;
const MARK = 6;

/** The id of the message with this key: the same for the same account and key. */
export function messageIdFor(account: string, key: string): string {
  const chosen = digest(`${account}\n${key}`).slice(0, CHOSEN);
  return PREFIX + chosen + markOf(account, chosen);
}

/** True when the bot's own code chose this id. */
export function isOwnMessageId(account: string, id: string): boolean {
  if (id.length !== PREFIX.length + CHOSEN + MARK || !id.startsWith(PREFIX)) return false;
  return id.slice(-MARK) === markOf(account, id.slice(PREFIX.length, -MARK));
}

function markOf(account: string, chosen: string): string {
  return digest(`mark\n${account}\n${chosen}`).slice(0, MARK);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").toUpperCase();
}
