/** What the bot's process and the browser's process say to each other. */
import { z } from "zod";

/** How the browser's process is to run. The key travels here alone: neither arguments nor environment show it. */
export const StartOptions = z.object({
  account: z.string(),
  deviceName: z.string(),
  /** The browser's profile while it runs. */
  profile: z.string(),
  /** The encrypted session. */
  sealed: z.string(),
  /** Pages of WhatsApp Web by version. */
  versions: z.string(),
  sessionKey: z.string(),
  chromium: z.string(),
  chromiumArguments: z.array(z.string()),
  /** How the browser reaches WhatsApp. */
  proxy: z.object({ server: z.string(), username: z.string(), password: z.string() }).optional(),
  pairPhone: z.string().optional(),
  webVersion: z.string().optional(),
  backupMs: z.number().int().positive(),
});
export type StartOptions = z.infer<typeof StartOptions>;

const chat = { chat: z.string() };
const sending = { ...chat, id: z.string(), quoted: z.string().optional() };

/** What the browser's process can be asked to do. */
export const Call = z.discriminatedUnion("name", [
  z.object({ name: z.literal("send-text"), ...sending, text: z.string() }),
  z.object({ name: z.literal("send-poll"), ...sending, question: z.string(), options: z.array(z.string()) }),
  z.object({
    name: z.literal("send-file"),
    ...sending,
    fileName: z.string(),
    mediaType: z.string(),
    bytes: z.instanceof(Uint8Array),
    caption: z.string().optional(),
  }),
  z.object({ name: z.literal("find"), ...chat, id: z.string() }),
  z.object({ name: z.literal("edit"), messageId: z.string(), text: z.string() }),
  z.object({ name: z.literal("remove"), messageId: z.string() }),
  z.object({ name: z.literal("react"), messageId: z.string(), emoji: z.string() }),
  z.object({ name: z.literal("typing"), ...chat, on: z.boolean() }),
  z.object({ name: z.literal("download"), messageId: z.string() }),
  /** Hands in the messages since a time, in seconds, as if they arrived now. */
  z.object({ name: z.literal("catch-up"), since: z.number() }),
  z.object({ name: z.literal("watch") }),
]);
export type Call = z.infer<typeof Call>;

/** A message as the platform has it after a send: `failed` when it gave up. */
export const SentMessage = z.object({ messageId: z.string(), failed: z.boolean() });
export const FoundMessage = z.object({ message: SentMessage.optional() });
export const Downloaded = z.object({ bytes: z.instanceof(Uint8Array) });
export const Watched = z.object({ state: z.string().nullable() });
export const Nothing = z.object({});

/** From the bot's process. */
export const ToBrowser = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), options: StartOptions }),
  z.object({ type: z.literal("call"), id: z.number().int(), call: Call }),
  /** Store the session and end. */
  z.object({ type: z.literal("stop") }),
]);
export type ToBrowser = z.infer<typeof ToBrowser>;

/** Why a call failed: `not-ready` and `refused` did nothing, after `broken` nobody knows. */
export const CallFailure = z.object({ kind: z.enum(["not-ready", "refused", "broken"]), detail: z.string() });
export type CallFailure = z.infer<typeof CallFailure>;

/** What happened to the connection. */
export const Fact = z.discriminatedUnion("name", [
  z.object({ name: z.literal("started"), browserPid: z.number().int().optional() }),
  z.object({ name: z.literal("login"), kind: z.enum(["qr", "pairing-code"]), value: z.string() }),
  z.object({ name: z.literal("syncing"), percent: z.number() }),
  z.object({ name: z.literal("authenticated") }),
  z.object({ name: z.literal("ready"), version: z.string(), ids: z.array(z.string()), choosesIds: z.boolean() }),
  /** The page's own word for its connection: CONNECTED, TIMEOUT, CONFLICT, … */
  z.object({ name: z.literal("socket"), state: z.string() }),
  z.object({ name: z.literal("logged-out") }),
  z.object({ name: z.literal("sealed") }),
  /** Something that an admin should see; the connection goes on. */
  z.object({ name: z.literal("problem"), detail: z.string() }),
  /** The process ends. */
  z.object({
    name: z.literal("failed"),
    detail: z.string(),
    reason: z.enum(["browser", "login", "version", "conflict"]),
  }),
]);
export type Fact = z.infer<typeof Fact>;

/** From the browser's process. */
export const FromBrowser = z.discriminatedUnion("type", [
  z.object({ type: z.literal("fact"), fact: Fact }),
  /** Something that happened on WhatsApp, for `normalize`: just now, or found by catching up. */
  z.object({ type: z.literal("raw"), raw: z.unknown(), heard: z.enum(["live", "missed"]) }),
  z.object({ type: z.literal("answer"), id: z.number().int(), value: z.unknown() }),
  z.object({ type: z.literal("failure"), id: z.number().int(), failure: CallFailure }),
]);
export type FromBrowser = z.infer<typeof FromBrowser>;
