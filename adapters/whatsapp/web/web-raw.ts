/** What the browser's process tells of WhatsApp Web, as far as it is read. */
import { z } from "zod";
import { optionalPart, readableItems } from "../../../adapter.ts";
import { Numeric } from "../normalize.ts";

/** Ids come as text or as objects of the page. */
const Wid = z.union([z.string(), z.object({ _serialized: z.string() }).transform(({ _serialized }) => _serialized)]);

/** `id` is the message's own, the same for everybody who has the message; `whole` says the chat as well. */
const MessageId = z
  .object({
    fromMe: z.boolean(),
    remote: Wid,
    id: z.string().min(1),
    _serialized: z.string().min(1),
    participant: optionalPart(Wid),
  })
  .transform(({ _serialized: whole, ...id }) => ({ ...id, whole }));

/** A message of WhatsApp Web, in the fields that are read. */
const MessageData = z.object({
  id: MessageId,
  type: z.string(),
  body: optionalPart(z.string()),
  caption: optionalPart(z.string()),
  t: Numeric,
  author: optionalPart(Wid),
  from: optionalPart(Wid),
  notifyName: optionalPart(z.string()),
  mimetype: optionalPart(z.string()),
  filename: optionalPart(z.string()),
  size: optionalPart(z.number()),
  directPath: optionalPart(z.string()),
  lat: optionalPart(Numeric),
  lng: optionalPart(Numeric),
  loc: optionalPart(z.string()),
  vcardFormattedName: optionalPart(z.string()),
  vcardList: readableItems(z.object({ displayName: optionalPart(z.string()), vcard: optionalPart(z.string()) })),
  isForwarded: optionalPart(z.boolean()),
  pollName: optionalPart(z.string()),
  pollOptions: readableItems(z.object({ name: z.string() })),
  mentionedJidList: readableItems(Wid),
  quotedStanzaID: optionalPart(z.string()),
  quotedParticipant: optionalPart(Wid),
  quotedMsg: optionalPart(
    z.object({ type: optionalPart(z.string()), body: optionalPart(z.string()), caption: optionalPart(z.string()) }),
  ),
  latestEditSenderTimestampMs: optionalPart(z.number()),
  protocolMessageKey: optionalPart(MessageId),
  isStatusV3: optionalPart(z.boolean()),
});
export type MessageData = z.infer<typeof MessageData>;

const around = {
  /** The numbers behind LIDs. */
  phones: z.record(z.string(), z.string()).default({}),
};

/** What the browser's process hands over. */
export const WebRaw = z.discriminatedUnion("kind", [
  /** `own`: the bot's code sent it. */
  z.object({ kind: z.enum(["message", "edit", "delete"]), own: z.boolean(), data: MessageData, ...around }),
  z.object({
    kind: z.literal("reaction"),
    message: MessageId,
    sender: z.string(),
    emoji: optionalPart(z.string()),
    at: z.number(),
    ...around,
  }),
  z.object({
    kind: z.literal("vote"),
    message: MessageId,
    voter: z.string(),
    /** Positions in the poll. */
    options: z.array(z.number().int()),
    at: z.number(),
    /** Ids of the choices behind the positions, where the poll is the bot's. */
    choices: z.array(z.string()).optional(),
    ...around,
  }),
  z.object({
    kind: z.literal("membership"),
    change: z.enum(["added", "removed"]),
    id: MessageId,
    chat: z.string(),
    author: z.string(),
    recipients: z.array(z.string()),
    at: z.number(),
    ...around,
  }),
]);
export type ParsedRaw = z.infer<typeof WebRaw>;
/** As it comes: `normalize` reads it with care. */
export interface WebRaw {
  readonly kind: ParsedRaw["kind"];
}
