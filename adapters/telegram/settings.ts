import { z } from "zod";
import { secret } from "../../adapter.ts";

const Address = z
  .url({ protocol: /^https?$/u })
  .describe('an http(s) address such as "https://bot.example.com"')
  .transform((url) => url.replace(/\/+$/u, ""));

/** Settings of a Telegram account. */
export const TelegramSettings = z.strictObject({
  /** From @BotFather. */
  token: secret(),
  /**
   * Left out: updates are fetched by long polling, which needs no public address. With the public https address of the
   * gateway, Telegram pushes them to `<url>/webhooks/telegram`, and every process may take them.
   */
  webhook: z.strictObject({ url: Address }).optional(),
  /** A Bot API server of one's own. */
  apiRoot: Address.default("https://api.telegram.org"),
  /** How long one poll waits for updates, in seconds. */
  pollSeconds: z.number().int().min(1).max(50).default(30),
  /** Text that is being written streams as a draft in private chats; in groups, and where this is false, by edits. */
  drafts: z.boolean().default(true),
  /** Headings, lists and tables are sent as rich messages where the server knows them; else as text with entities. */
  richMessages: z.boolean().default(true),
  /** `poll`: short questions with choices are shown as a poll, in which everybody may vote. Confirmations never are. */
  choices: z.enum(["buttons", "poll"]).default("buttons"),
  /** Whether an @name in an answer notifies that person. */
  mentions: z.boolean().default(false),
  /** Whether Telegram shows a preview of the first link. */
  linkPreviews: z.boolean().default(false),
});
export type TelegramSettings = z.infer<typeof TelegramSettings>;
export type TelegramInput = z.input<typeof TelegramSettings>;
