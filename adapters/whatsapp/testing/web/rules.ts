/** What WhatsApp refuses of what a page sends. */
import { z } from "zod";
import { POLL } from "../../render.ts";

const MAX_TEXT = 65_536;
const MAX_FILE_BASE64 = Math.ceil((64 * 1024 * 1024 * 4) / 3);
const Text = z.string().trim().min(1).max(MAX_TEXT);
const Option = z.string().trim().min(1).max(POLL.option);

const Send = z
  .object({
    name: z.literal("send"),
    id: z.string().min(1),
    stanza: z.string().min(1),
    chat: z.string().min(1),
    type: z.string(),
    body: z.string().max(MAX_TEXT),
    caption: z.string().max(1_024).optional(),
    poll: z
      .object({
        question: z.string().trim().min(1).max(POLL.question),
        options: z.array(Option).min(POLL.fewest).max(POLL.most),
      })
      .refine(({ options }) => new Set(options).size === options.length, "a poll's options must differ")
      .optional(),
    media: z
      .object({ bytes: z.string().max(MAX_FILE_BASE64), name: z.string().optional(), mediaType: z.string() })
      .optional(),
    quoted: z.string().optional(),
    mentions: z.array(z.string()).default([]),
  })
  .refine(
    ({ body, poll, media }) => poll !== undefined || media !== undefined || Text.safeParse(body).success,
    "empty text",
  );
export type Send = z.infer<typeof Send>;

/** What a page says to its server. */
export const Up = z.union([
  Send,
  z.object({ name: z.literal("edit"), id: z.string(), body: Text }),
  z.object({ name: z.literal("revoke"), id: z.string() }),
  z.object({ name: z.literal("react"), id: z.string(), emoji: z.string().max(16) }),
  z.object({ name: z.literal("typing"), chat: z.string(), on: z.boolean() }),
  z.object({ name: z.literal("seen"), chat: z.string() }),
  z.object({ name: z.literal("ref"), ref: z.string() }),
  z.object({ name: z.literal("pairing-code"), phone: z.string(), code: z.string() }),
  z.object({ name: z.literal("synced") }),
  z.object({ name: z.literal("logout") }),
  z.object({ name: z.literal("missing-module"), module: z.string() }),
]);
export type Up = z.infer<typeof Up>;

/** Which message a refused operation was about. */
export const Refused = z.object({ name: z.literal("send"), id: z.string() });
