import { z } from "zod";
import { secret } from "../../core/config/index.ts";

/** Whether an answer quotes what it answers. */
const Quote = z.enum(["always", "groups", "never"]).default("groups");

const Template = z.strictObject({
  /** Name of an approved template whose body has one variable: it is filled with the reply. */
  name: z.string().regex(/^[a-z0-9_]{1,512}$/u, "lower-case letters, digits and underscores"),
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
  phoneNumberId: z.string().regex(/^\d{3,32}$/u, "digits: the id of the number, not the number"),
  /** For `parley doctor`: whether the app is subscribed and the template approved. */
  businessAccountId: z
    .string()
    .regex(/^\d{3,32}$/u, "digits")
    .optional(),
  /** Sent instead of a reply when a person's last message is more than 24 hours old. Without it such a reply fails. */
  template: Template.optional(),
  graphVersion: z
    .string()
    .regex(/^v\d{1,2}\.\d$/u, 'such as "v23.0"')
    .default("v23.0"),
  /** Where the Graph API is. Replaced in tests. */
  graphUrl: z.url().default("https://graph.facebook.com"),
  timeoutSeconds: z.number().int().min(1).max(120).default(20),
  quote: Quote,
});
export type CloudSettings = z.infer<typeof CloudSettings>;

export type CloudInput = z.input<typeof CloudSettings>;
