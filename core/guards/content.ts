import type { InboundEvent } from "../event.ts";
import type { Guard } from "./guard.ts";
import { pass, refuse, silent } from "./guard.ts";

/** What a turn can work with: some words or a file, within the configured sizes. */
export const content: Guard = {
  name: "content",
  check: ({ event, text, bot, phrases }) => {
    const { maxTextLength, maxAttachments, maxAttachmentBytes } = bot.policies.limits;
    const attachments = attachmentsOf(event);
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
    if (event.type !== "action" && text.trim() === "" && attachments.length === 0)
      return silent("the message has neither text nor files");
    return pass;
  },
};

function attachmentsOf(event: InboundEvent) {
  return "attachments" in event ? event.attachments : [];
}
