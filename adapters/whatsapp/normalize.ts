/** What both transports make of a person's words and files. */
import { z } from "zod";
import type { Attachment, EventDraft } from "../../adapter.ts";

/** Times and coordinates come as numbers or in quotes. */
export const Numeric = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d{1,12}(?:\.\d+)?$/u)
    .transform(Number),
]);

/** The fields that every event of a message has. */
export type EventBase = Pick<EventDraft, "key" | "chat" | "user" | "operator" | "timestamp" | "reference">;

/** What a person sent, in either transport. */
export interface Content {
  readonly messageId: string;
  readonly text: string;
  readonly attachments?: EventContent["attachments"];
  readonly mentions?: EventContent["mentions"];
  readonly replyTo?: EventContent["replyTo"];
  readonly forwarded?: EventContent["forwarded"];
  readonly unreadable?: EventContent["unreadable"];
}
type EventContent = Extract<EventDraft, { readonly type: "message" }>;

/** `/name words` is a command, everything else a message. */
export function contentEvent(base: EventBase, content: Content): EventDraft {
  const { mentions: _mentions, forwarded: _forwarded, unreadable: _unreadable, text, ...rest } = content;
  const command = /^\/([a-z0-9_-]{1,64})(?:\s+([\s\S]*))?$/u.exec(text.trim());
  if (command?.[1] === undefined) return { ...base, type: "message", ...content };
  return { ...base, type: "command", ...rest, name: command[1], text: command[2] ?? "" };
}

/** The kind of a file by WhatsApp's name of the message's type. */
export function kindOf(type: string): Attachment["kind"] {
  if (type === "image" || type === "sticker") return "image";
  if (type === "audio" || type === "ptt" || type === "voice") return "audio";
  if (type === "video" || type === "ptv") return "video";
  return type === "document" ? "document" : "other";
}

/** Seconds of the platform's clock as the event's time. */
export function timeOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

/** A place as a link that a person and a model understand. */
export function placeText(place: {
  readonly latitude: number;
  readonly longitude: number;
  readonly name?: string | undefined;
  readonly address?: string | undefined;
}): string {
  const words = [place.name, place.address].filter((part) => part !== undefined && part !== "").join(", ");
  const link = `https://maps.google.com/?q=${place.latitude},${place.longitude}`;
  return words === "" ? link : `${words} ${link}`;
}

/** A telephone's user id is its number, as the Cloud API writes it; one that is known by its LID only keeps that. */
export function userIdOf(id: string): string {
  return id.replace(/(?::\d+)?@(?:c\.us|s\.whatsapp\.net)$/u, "");
}
