/** The person behind a message: from the message itself and from the contacts that its notification lists. */
import { z } from "zod";
import { optionalPart } from "../../../adapter.ts";
import type { Addresses } from "./identity.ts";

const Address = z.union([z.string().min(1), z.number().int().transform(String)]);

/** Somebody whom a notification names. */
export const NamedContact = z.object({
  wa_id: optionalPart(Address),
  user_id: optionalPart(Address),
  profile: optionalPart(z.object({ name: optionalPart(z.string()) })),
});
type NamedContact = z.infer<typeof NamedContact>;

const Named = z.object({ from: optionalPart(Address), from_user_id: optionalPart(Address) });

export interface Sender extends Addresses {
  readonly name: string | undefined;
}

/** Who sent the message: the message says it, and its contact adds what it leaves out. */
export function senderOf(message: unknown, contacts: readonly NamedContact[]): Sender {
  const { from, from_user_id: id } = Named.catch({}).parse(message);
  const contact =
    contacts.find(({ user_id }) => user_id !== undefined && user_id === id) ??
    contacts.find(({ wa_id }) => wa_id !== undefined && wa_id === from) ??
    onlyOne(contacts, id);
  return {
    // A message with a user id alone has no number on purpose; the contact's is then of the same person.
    phone: from ?? contact?.wa_id,
    userId: id ?? contact?.user_id,
    name: contact?.profile?.name,
  };
}

/** A number and its WhatsApp id may differ: one contact alone is the sender's, unless it has another user id. */
function onlyOne([only, ...others]: readonly NamedContact[], id: string | undefined): NamedContact | undefined {
  const isOther = id !== undefined && only?.user_id !== undefined;
  return others.length > 0 || isOther ? undefined : only;
}
