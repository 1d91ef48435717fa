/** What sends one-time codes to users, by mail and by SMS. */
import { z } from "zod";
import { secret } from "./secret.ts";

/** A code on its way to somebody. */
export interface CodeMessage {
  readonly kind: "mail" | "sms";
  /** A mail address, or a telephone number such as `+41790000000`. */
  readonly address: string;
  /** Six figures. */
  readonly code: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** What to send: the code in a sentence, in the language of the first bot. */
  readonly text: string;
}

/** Sends a code. Throws, or rejects, where it could not. */
export type SendCodeMessage = (message: CodeMessage) => Promise<void>;

const WebhookAddress = z
  .url({ protocol: /^https?$/u, abort: true })
  .refine((address) => /^https:|^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])[:/]/u.test(address))
  .describe('an address such as "https://sms.example.com/codes", by https');
const Sender = z
  .string()
  .regex(/^(?:[^\r\n<>"]{1,100} <[^\s@<>,;]+@[^\s@<>,;]+>|[^\s@<>,;]+@[^\s@<>,;]+)$/u)
  .describe('a sender such as "My Bot <codes@example.com>"');

const Webhook = z.strictObject({
  kind: z.literal("webhook"),
  /** Called with POST and JSON, signed as webhooks are (docs/webhooks.md). */
  url: WebhookAddress,
  /** `whsec_` and 32 bytes in base64. */
  secret: secret(),
});
const OwnFunction = z.strictObject({
  kind: z.literal("function"),
  send: z
    .custom<SendCodeMessage>((value) => typeof value === "function")
    .describe("a function, such as async ({ address, text }) => { … }"),
});
const Smtp = z.strictObject({
  kind: z.literal("smtp"),
  /** `smtps://user:password@mail.example.com:465`, or `smtp://…:587`, which goes on by STARTTLS. */
  url: secret(),
  from: Sender,
});

/** `gateway.codes`. */
export const CodeSenders = z
  .strictObject({
    mail: z.discriminatedUnion("kind", [Smtp, Webhook, OwnFunction]).optional(),
    sms: z.discriminatedUnion("kind", [Webhook, OwnFunction]).optional(),
  })
  .prefault({});
export type CodeSenders = z.output<typeof CodeSenders>;
export type CodeSender = NonNullable<CodeSenders["mail"]>;

/** What is wrong with the address of a mail server; undefined where nothing is. */
export function smtpAddressFault(address: string): string | undefined {
  if (!URL.canParse(address)) return "is no address";
  const { protocol, hostname, pathname, search } = new URL(address);
  if (protocol !== "smtp:" && protocol !== "smtps:") return "is neither smtp:// nor smtps://";
  if (hostname === "") return "names no host";
  return (pathname === "" || pathname === "/") && search === "" ? undefined : "has more than a host and a port";
}

/** Whether it is a key as webhooks are signed with: 24 to 64 bytes in base64, with or without the mark. */
export function isSigningSecret(text: string): boolean {
  return /^(?:whsec_)?[A-Za-z0-9+/]{32,86}={0,2}$/u.test(text);
}

/** For `plan`: where secrets come from, never themselves. */
export function describeCodeSenders({ mail, sms }: CodeSenders): Record<string, unknown> {
  return {
    ...(mail !== undefined && { mail: describeSender(mail) }),
    ...(sms !== undefined && { sms: describeSender(sms) }),
  };
}

function describeSender(sender: CodeSender): Record<string, unknown> {
  if (sender.kind === "smtp") return { ...sender, url: `from ${sender.url.from}` };
  if (sender.kind === "webhook") return { ...sender, secret: `from ${sender.secret.from}` };
  return { kind: sender.kind };
}
