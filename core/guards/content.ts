import type { InboundEvent } from "../event.ts";
import type { Guard } from "./guard.ts";
import { pass, refuse, silent } from "./guard.ts";

/** What a turn can work with: some words or a file, within the configured sizes. */
export const content: Guard = {
  name: "content",
  check: ({ event, events, text, bot, phrases }) => {
    const { maxTextLength, maxAttachments, maxAttachmentBytes } = bot.policies.limits;
    const attachments = events.flatMap((one) => ("attachments" in one ? one.attachments : []));
    if (text.length > maxTextLength) {
      return refuse(
        `the text is longer than ${maxTextLength} characters (limits.maxTextLength)`,
        phrases.textTooLong(maxTextLength),
      );
    }
    if (attachments.length > maxAttachments) {
      return refuse(
        `more than ${maxAttachments} attachments (limits.maxAttachments)`,
        phrases.tooManyFiles(maxAttachments),
      );
    }
    if (attachments.some((one) => (one.sizeBytes ?? 0) > maxAttachmentBytes)) {
      return refuse(
        `an attachment is over ${maxAttachmentBytes} bytes (limits.maxAttachmentBytes)`,
        phrases.fileTooLarge(maxAttachmentBytes),
      );
    }
    // A pressed button may come without words: they stand in the reply that showed it.
    if (event.type === "action" || text.trim() !== "" || attachments.length > 0 || events.some(refersToWords))
      return pass;
    const unreadable = events.flatMap((one) =>
      "unreadable" in one && one.unreadable !== undefined ? [one.unreadable] : [],
    );
    if (unreadable.length > 0)
      return refuse(`the message cannot be read (${unreadable.join(", ")})`, phrases.unreadable);
    return silent("the message has neither text nor files, and refers to none");
  },
};

/** "@bot" alone, as an answer to a message, asks about that message; a message handed on asks about itself. */
function refersToWords(event: InboundEvent): boolean {
  const replyTo = "replyTo" in event ? event.replyTo : undefined;
  if (replyTo !== undefined && ((replyTo.text ?? replyTo.quote ?? "").trim() !== "" || replyTo.attachments.length > 0))
    return true;
  return "forwarded" in event && event.forwarded.some(({ text, attachments }) => text !== "" || attachments.length > 0);
}
