/** Bodies of `POST /{phone-number-id}/messages`. */
import { oneLine } from "../../../adapter.ts";
import type { Option, WhatsappPart } from "../render.ts";
import type { CloudSettings } from "../settings.ts";

const TEMPLATE_TEXT = 1_024;

/** The part of a body that says what is shown. */
export type Shown = Readonly<Record<string, unknown>> & { readonly type: string };

/** A business-scoped user id: a country, a dot, letters and digits (`ENT.` before them for several portfolios). */
const USER_ID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/u;
const NUMBER = /^\+?\d{3,20}$/u;

/** True where a chat is a group's: neither a number nor a person's user id. */
export function isGroup(chat: string): boolean {
  return !USER_ID.test(chat) && !NUMBER.test(chat);
}

/** The part of a body that says to whom. */
export function addressOf(chat: string): object {
  if (isGroup(chat)) return { recipient_type: "group", to: chat };
  return { recipient_type: "individual", ...(USER_ID.test(chat) ? { recipient: chat } : { to: chat }) };
}

/** A part as the API takes it. Files are uploaded first: `mediaId` is what that gave. */
export function shownOf(part: WhatsappPart, mediaId?: string): Shown {
  switch (part.kind) {
    case "text":
      return { type: "text", text: { body: part.text, preview_url: false } };
    case "buttons":
      return interactive(part.text, "button", {
        buttons: part.options.map(({ id, label }) => ({ type: "reply", reply: { id, title: label } })),
      });
    case "list":
      return interactive(part.text, "list", {
        button: part.open,
        sections: [{ title: part.open, rows: part.options.map(rowOf) }],
      });
    case "poll":
      // Polls are rendered for WhatsApp Web alone; here their words are kept.
      return {
        type: "text",
        text: {
          body: [part.question, ...part.options.map(({ label }) => `- ${label}`)].join("\n"),
          preview_url: false,
        },
      };
    case "file": {
      const type = mediaKindOf(part.mediaType);
      const named = type === "document" ? { filename: part.name } : {};
      const below = part.caption === undefined || type === "audio" ? {} : { caption: part.caption };
      return { type, [type]: { id: mediaId, ...named, ...below } };
    }
  }
}

/** A body that may be sent at any time: the approved template, its one variable filled with the words. */
export function templateOf(template: NonNullable<CloudSettings["template"]>, words: string): Shown {
  return {
    type: "template",
    template: {
      name: template.name,
      language: { code: template.language },
      // Variables of templates may have no line breaks, tabs or more than four blanks in a row.
      components: [{ type: "body", parameters: [{ type: "text", text: oneLine(words, TEMPLATE_TEXT) }] }],
    },
  };
}

/** The words of a part, for a template. */
export function wordsOf(part: WhatsappPart): string {
  if (part.kind === "file") return part.caption ?? part.name;
  if (part.kind === "poll") return part.question;
  if (part.kind === "text") return part.text;
  return [part.text, ...part.options.map(({ label }) => label)].join(" · ");
}

/** Images, sounds and films of the kinds that WhatsApp shows as such; everything else is a document. */
export function mediaKindOf(mediaType: string): "image" | "audio" | "video" | "document" {
  if (mediaType === "image/jpeg" || mediaType === "image/png") return "image";
  if (/^audio\/(?:aac|amr|mpeg|mp4|ogg)$/u.test(mediaType)) return "audio";
  return mediaType === "video/mp4" || mediaType === "video/3gpp" ? "video" : "document";
}

function interactive(text: string, type: "button" | "list", action: object): Shown {
  return { type: "interactive", interactive: { type, body: { text }, action } };
}

function rowOf({ id, label, detail }: Option): object {
  return { id, title: label, ...(detail === undefined ? {} : { description: detail }) };
}
