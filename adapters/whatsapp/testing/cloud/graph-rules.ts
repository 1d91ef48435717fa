/** What the Graph API refuses, with its codes and words. */
import { z } from "zod";
import { INTERACTIVE, MAX_TEXT } from "../../render.ts";

/** An error as the Graph API answers it. */
export interface GraphRefusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

const Id = z.string().min(1).max(256);
const Title = z.string().trim().min(1);
const Body = z.object({ text: z.string().trim().min(1).max(INTERACTIVE.body) });
const Buttons = z.object({
  type: z.literal("button"),
  body: Body,
  action: z.object({
    buttons: z
      .array(
        z.object({ type: z.literal("reply"), reply: z.object({ id: Id, title: Title.max(INTERACTIVE.buttonTitle) }) }),
      )
      .min(1)
      .max(INTERACTIVE.buttons),
  }),
});
const Row = z.object({
  id: Id.max(200),
  title: Title.max(INTERACTIVE.rowTitle),
  description: z.string().max(INTERACTIVE.rowText).optional(),
});
const List = z.object({
  type: z.literal("list"),
  body: Body,
  action: z.object({
    button: Title.max(20),
    sections: z
      .array(z.object({ title: z.string().max(24).optional(), rows: z.array(Row).min(1) }))
      .min(1)
      .max(10),
  }),
});
const Media = z.object({ id: Id, caption: z.string().max(1_024).optional(), filename: z.string().optional() });
export type Media = z.infer<typeof Media>;

const envelope = {
  messaging_product: z.literal("whatsapp"),
  recipient_type: z.enum(["individual", "group"]).optional(),
  /** A number or a group's id. */
  to: z.string().min(1).optional(),
  /** A user id. */
  recipient: z
    .string()
    .regex(/^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/u)
    .optional(),
  context: z.object({ message_id: z.string().min(1) }).optional(),
  biz_opaque_callback_data: z.string().max(512).optional(),
};

/** A message that a bot sends. */
export const OutboundMessage = z.discriminatedUnion("type", [
  z.object({
    ...envelope,
    type: z.literal("text"),
    text: z.object({ body: z.string().trim().min(1).max(MAX_TEXT), preview_url: z.boolean().optional() }),
  }),
  z.object({ ...envelope, type: z.literal("interactive"), interactive: z.discriminatedUnion("type", [Buttons, List]) }),
  z.object({
    ...envelope,
    type: z.literal("reaction"),
    reaction: z.object({ message_id: z.string().min(1), emoji: z.string().max(16) }),
  }),
  z.object({
    ...envelope,
    type: z.literal("template"),
    template: z.object({
      name: z.string(),
      language: z.object({ code: z.string() }),
      components: z
        .array(
          z.object({
            type: z.literal("body"),
            parameters: z.array(
              z.object({
                type: z.literal("text"),
                text: z
                  .string()
                  .min(1)
                  .max(1_024)
                  .regex(/^(?!.*(?:[\n\t]| {5}))/su, "no line breaks, tabs, or five blanks"),
              }),
            ),
          }),
        )
        .default([]),
    }),
  }),
  z.object({ ...envelope, type: z.literal("image"), image: Media }),
  z.object({ ...envelope, type: z.literal("audio"), audio: Media }),
  z.object({ ...envelope, type: z.literal("video"), video: Media }),
  z.object({ ...envelope, type: z.literal("document"), document: Media }),
]);
export type OutboundMessage = z.infer<typeof OutboundMessage>;

/** A read receipt, with or without "typing…". */
export const ReadReceipt = z.object({
  messaging_product: z.literal("whatsapp"),
  status: z.literal("read"),
  message_id: z.string().min(1),
  typing_indicator: z.object({ type: z.literal("text") }).optional(),
});

/** A call that the Graph API does not carry out. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly refusal: GraphRefusal;

  constructor(refusal: GraphRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

export function refuse(code: number, words: string, status = 400): never {
  throw new Refused({ status, code, message: `(#${code}) ${words}` });
}

/** Reads a message. Throws the refusal. */
export function readOutbound(body: unknown): OutboundMessage {
  const { data, error } = OutboundMessage.safeParse(body);
  if (data === undefined) {
    const [issue] = error.issues;
    return refuse(100, `Invalid parameter ${issue?.path.join(".") ?? "body"}: ${issue?.message ?? ""}`);
  }
  if (data.to === undefined && data.recipient === undefined) refuse(100, "The parameter to is required.");
  if (data.recipient_type === "group" && data.type === "interactive")
    refuse(131_009, "Not supported in groups: interactive");
  const labels = labelsOf(data);
  if (new Set(labels).size !== labels.length) refuse(131_009, "Duplicated title or id");
  if (labels.length > INTERACTIVE.rows) refuse(131_009, "Total row count exceed max allowed count: 10");
  return data;
}

function labelsOf(message: OutboundMessage): readonly string[] {
  if (message.type !== "interactive") return [];
  const { interactive } = message;
  return interactive.type === "button"
    ? interactive.action.buttons.map(({ reply }) => reply.title)
    : interactive.action.sections.flatMap(({ rows }) => rows.map(({ title }) => title));
}

/** The answer's body for a refusal. */
export function errorBody({ code, message }: GraphRefusal): object {
  return {
    error: {
      message,
      type: "OAuthException",
      code,
      error_data: { messaging_product: "whatsapp", details: message },
      fbtrace_id: "local",
    },
  };
}
