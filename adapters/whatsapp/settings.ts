import { z } from "zod";
import { secret } from "../../adapter.ts";

/** Whether an answer quotes what it answers. */
const Quote = z.enum(["always", "groups", "never"]).default("groups");

/** Settings of an account on WhatsApp Web: a telephone's account, linked like a browser. */
export const WebSettings = z.strictObject({
  transport: z.literal("web").describe('"web" or "cloud"').default("web"),
  /** Encrypts the stored session. @default one of its own, which is kept sealed in the store */
  sessionKey: secret().optional(),
  /** Where the known versions of WhatsApp Web are kept, and the session on its way to where the installation keeps files. Relative paths start at the working directory. */
  directory: z.string().min(1).default(".parley/whatsapp"),
  /** Where the running browser has its profile, readable by its owner only. @default a directory of the system for temporary files */
  profileDirectory: z.string().min(1).optional(),
  /** Chromium or Chrome. @default the first one found in the usual places */
  chromium: z.string().min(1).optional(),
  /** Further arguments for Chromium, such as a proxy. */
  chromiumArguments: z.array(z.string().startsWith("--").describe('an argument such as "--lang=de"')).default([]),
  /** Links by a code typed on this telephone (digits only, with country code) instead of a QR code. */
  pairPhone: z
    .string()
    .regex(/^\d{6,15}$/u)
    .describe("the digits of a telephone number, with its country code")
    .optional(),
  /** Pins WhatsApp Web to this version, from the versions kept in `directory`; health says so when another one runs. */
  webVersion: z
    .string()
    .regex(/^[\d.]{3,40}$/u)
    .describe('a version such as "2.3000.1017054665"')
    .optional(),
  /** How long a linked account may take to become ready before the browser is started anew. */
  readyTimeoutSeconds: z.number().int().min(5).max(3_600).default(180),
  /** How often the browser is asked whether it still works. */
  watchSeconds: z.number().int().min(1).max(600).default(30),
  /** How often the session is stored while it runs; it is stored at the end in any case. */
  backupMinutes: z.number().int().min(1).max(1_440).default(10),
  /** Messages that arrived while the bot was away are taken up when they are not older than this. */
  catchUpHours: z.number().int().min(0).max(720).default(24),
  quote: Quote,
});
export type WebSettings = z.infer<typeof WebSettings>;

const Template = z.strictObject({
  /** Name of an approved template whose body has one variable: it is filled with the reply. */
  name: z
    .string()
    .regex(/^[a-z0-9_]{1,512}$/u)
    .describe("lower-case letters, digits and underscores"),
  language: z.string().min(2).max(15).default("en"),
});

/** Settings of an account on the official Cloud API. */
export const CloudSettings = z.strictObject({
  transport: z.literal("cloud"),
  /** Access token of a system user with whatsapp_business_messaging. */
  accessToken: secret(),
  /** Signs the webhooks: "App secret" of the Meta app. */
  appSecret: secret(),
  /** Typed in the Meta app beside the webhook's address. */
  verifyToken: secret(),
  phoneNumberId: z
    .string()
    .regex(/^\d{3,32}$/u)
    .describe("the digits of the number's id (not the number itself)"),
  /** For `parley doctor`: whether the app is subscribed and the template approved. */
  businessAccountId: z
    .string()
    .regex(/^\d{3,32}$/u)
    .describe("the digits of the account's id")
    .optional(),
  /** Sent instead of a reply when a person's last message is more than 24 hours old. Without it such a reply fails. */
  template: Template.optional(),
  graphVersion: z
    .string()
    .regex(/^v\d{1,2}\.\d$/u)
    .describe('a version such as "v23.0"')
    .default("v23.0"),
  /** Where the Graph API is. Replaced in tests. */
  graphUrl: z.url().default("https://graph.facebook.com"),
  timeoutSeconds: z.number().int().min(1).max(120).default(20),
  quote: Quote,
});
export type CloudSettings = z.infer<typeof CloudSettings>;

export type WebInput = z.input<typeof WebSettings>;
export type CloudInput = z.input<typeof CloudSettings>;
