/**
 * The one place where conversation and account keys are built and taken apart.
 *
 * A conversation is the unit of order and memory: `platform:account:chat[:thread]`.
 * Parts are percent-encoded, so a platform id may hold any character and the key still round-trips.
 */
import { z } from "zod";
import { InvalidInputError } from "./errors.ts";

export const PlatformName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "lower-case letters, digits and dashes");
export type PlatformName = z.infer<typeof PlatformName>;

const encodedPart = "[A-Za-z0-9_.~!*'()%@+=,-]+";

/** `platform:account`: one connected bot identity. */
export const AccountId = z
  .string()
  .max(300)
  .regex(new RegExp(`^[a-z][a-z0-9-]*:${encodedPart}$`))
  .brand<"AccountId">();
export type AccountId = z.infer<typeof AccountId>;

/** `platform:account:chat[:thread]`. */
export const ConversationId = z
  .string()
  .max(1000)
  .regex(new RegExp(`^[a-z][a-z0-9-]*(:${encodedPart}){2,3}$`))
  .brand<"ConversationId">();
export type ConversationId = z.infer<typeof ConversationId>;

/** The parts a conversation key is made of, as the platform writes them. */
export interface ConversationParts {
  readonly platform: string;
  readonly account: string;
  readonly chat: string;
  readonly thread?: string | undefined;
}

/** Builds the account key. */
export function accountId(platform: string, account: string): AccountId {
  return AccountId.parse(`${platform}:${encode(account)}`);
}

/** Builds the conversation key. */
export function conversationId(parts: ConversationParts): ConversationId {
  const { platform, account, chat, thread } = parts;
  const base = `${platform}:${encode(account)}:${encode(chat)}`;
  return ConversationId.parse(thread === undefined ? base : `${base}:${encode(thread)}`);
}

/** Takes a conversation key apart. Throws `conversation/invalid-id` when it is not one. */
export function conversationParts(id: string): ConversationParts {
  const parsed = ConversationId.safeParse(id);
  const [platform, account, chat, thread] = parsed.success ? parsed.data.split(":") : [];
  if (platform === undefined || account === undefined || chat === undefined) {
    throw new InvalidInputError(
      "conversation/invalid-id",
      "A conversation id has the form platform:account:chat[:thread], each part percent-encoded.",
    );
  }
  return {
    platform,
    account: decodeURIComponent(account),
    chat: decodeURIComponent(chat),
    ...(thread === undefined ? {} : { thread: decodeURIComponent(thread) }),
  };
}

/** The account a conversation belongs to. */
export function accountOf(id: ConversationId): AccountId {
  const { platform, account } = conversationParts(id);
  return accountId(platform, account);
}

function encode(part: string): string {
  return encodeURIComponent(part.replaceAll(/\p{Cs}/gu, "\uFFFD")).replaceAll("*", "%2A");
}
