/** Messages that a message refers to, and messages that it hands on. Pure. */
import type { z } from "zod";
import type { ForwardedPart, ReplyTo } from "../../../adapter.ts";
import { attachmentsOf } from "./files.ts";
import { nameOf } from "./origin.ts";
import type { Content, Referred } from "./payloads.ts";
import { wordsIn } from "./words.ts";

interface Where {
  readonly channelId: string;
  readonly messageId: string;
}

/** A message that is answered, or asked about, with its speaker, words and files. */
export function referredTo(message: Referred, where: Where, selfId: string): z.input<typeof ReplyTo> {
  const { author, message_snapshots: snapshots } = message;
  const [handedOn] = snapshots;
  const { name } = nameOf(author);
  const content = handedOn?.message ?? message;
  return {
    messageId: where.messageId,
    userId: author.id,
    ...(name === undefined ? {} : { userName: name }),
    isSelf: author.id === selfId,
    text: wordsIn(content),
    attachments: attachmentsOf(content, where),
    ...(handedOn === undefined ? {} : { isForwarded: true }),
  };
}

/** Whoever forwards a message adds nothing; Discord does not say who wrote it. */
export function forwardedIn(
  { message_snapshots: snapshots }: { readonly message_snapshots: readonly { readonly message: Content }[] },
  where: Where,
): z.input<typeof ForwardedPart>[] {
  return snapshots.map(({ message }) => ({ text: wordsIn(message), attachments: attachmentsOf(message, where) }));
}
