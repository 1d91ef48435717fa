/** Meta's webhook: the check of its address, and signed notifications with any number of messages and statuses. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { AdapterContext } from "../../../core/adapter.ts";
import { describeError } from "../../../core/errors.ts";
import type { HttpRequest, HttpRoute } from "../../../core/http.ts";
import { SignatureError, VerifyTokenError } from "../errors.ts";
import type { CloudSettings } from "../settings.ts";
import { normalizeCloud } from "./normalize.ts";

const MAX_WEBHOOK_BYTES = 3 * 1024 * 1024;

const Status = z.object({
  /** The id of the message it is about. */
  id: z.string(),
  status: z.string(),
  recipient_id: z.string().optional(),
  /** What the send gave along: our key of it. */
  biz_opaque_callback_data: z.string().optional(),
  errors: z.array(z.object({ code: z.number() })).optional(),
});
export type Status = z.infer<typeof Status>;

const Value = z.object({
  metadata: z.object({ phone_number_id: z.string(), display_phone_number: z.string().optional() }),
  contacts: z
    .array(z.object({ wa_id: z.string(), profile: z.object({ name: z.string().optional() }).optional() }))
    .default([]),
  messages: z.array(z.looseObject({ from: z.string().optional() })).default([]),
  statuses: z.array(z.unknown()).default([]),
});

const Notification = z.object({
  object: z.literal("whatsapp_business_account"),
  entry: z.array(z.object({ changes: z.array(z.object({ field: z.string(), value: z.unknown() })) })),
});

export interface WebhookOptions {
  readonly context: Pick<AdapterContext<CloudSettings>, "settings" | "accept" | "log" | "accountName">;
  /** Hears each message before it is handed in, and each status. */
  readonly onMessage: (message: { readonly from: string; readonly id: string }) => void;
  readonly onStatus: (status: Status) => void;
}

/** Where Meta sends the account's notifications. */
export function webhookPath(accountName: string): string {
  return accountName === "main" ? "/webhooks/whatsapp" : `/webhooks/whatsapp/${encodeURIComponent(accountName)}`;
}

/** The two routes of a webhook. */
export function webhookRoutes(options: WebhookOptions): readonly HttpRoute[] {
  const route = { path: webhookPath(options.context.accountName), hidden: true } as const;
  return [
    {
      ...route,
      method: "GET",
      summary: "Meta checks the webhook's address",
      handle: async (request) => await verify(request, options),
    },
    {
      ...route,
      method: "POST",
      summary: "Meta notifies of messages and statuses",
      bodyLimit: MAX_WEBHOOK_BYTES,
      handle: async (request) => await receive(request, options),
    },
  ];
}

async function verify({ raw }: HttpRequest, { context }: WebhookOptions): Promise<Response> {
  const query = new URL(raw.url).searchParams;
  const token = query.get("hub.verify_token") ?? "";
  if (query.get("hub.mode") !== "subscribe" || !sameText(token, context.settings.verifyToken.reveal()))
    throw new VerifyTokenError();
  return await Promise.resolve(
    new Response(query.get("hub.challenge") ?? "", { headers: { "content-type": "text/plain; charset=utf-8" } }),
  );
}

/** 200 only when every message is durable: Meta repeats the whole notification otherwise, for up to seven days. */
async function receive({ raw }: HttpRequest, options: WebhookOptions): Promise<Response> {
  const bytes = new Uint8Array(await raw.arrayBuffer());
  const { appSecret, phoneNumberId } = options.context.settings;
  checkSignature(bytes, raw.headers.get("x-hub-signature-256"), appSecret.reveal());
  for (const value of valuesIn(bytes)) {
    if (value.metadata.phone_number_id !== phoneNumberId) {
      await options.context.accept({ ignored: "a notification for another number of the app" });
      continue;
    }
    await takeMessages(value, options);
    for (const one of value.statuses) {
      const status = Status.safeParse(one);
      if (status.success) options.onStatus(status.data);
    }
  }
  return new Response(null, { status: 200 });
}

/** Hands in every message, in order. One that can never be accepted does not hold up the others. */
async function takeMessages(value: z.infer<typeof Value>, { context, onMessage }: WebhookOptions): Promise<void> {
  const { accept, log } = context;
  for (const message of value.messages) {
    const contact = value.contacts.find(({ wa_id }) => wa_id === message.from) ?? value.contacts[0];
    const raw = {
      message,
      name: contact?.profile?.name,
      self: value.metadata.display_phone_number?.replaceAll(/\D/gu, ""),
    };
    const normalized = normalizeCloud(raw);
    if ("event" in normalized) onMessage({ from: normalized.event.chat.id, id: normalized.event.key });
    try {
      await accept(normalized);
    } catch (thrown) {
      if (isRetryable(thrown)) throw thrown;
      log.warn({ error: describeError(thrown) }, "a message was refused");
    }
  }
}

function isRetryable(thrown: unknown): boolean {
  return !(typeof thrown === "object" && thrown !== null && "retryable" in thrown && thrown.retryable === false);
}

function valuesIn(bytes: Uint8Array): readonly z.infer<typeof Value>[] {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Signed, but no JSON: nothing in it concerns us.
    return [];
  }
  const notification = Notification.safeParse(body);
  if (!notification.success) return [];
  return notification.data.entry
    .flatMap(({ changes }) => changes)
    .filter(({ field }) => field === "messages")
    .flatMap(({ value }) => Value.safeParse(value).data ?? []);
}

/** Checks Meta's signature over exactly the bytes that came. Throws `whatsapp/signature`. */
function checkSignature(bytes: Uint8Array, header: string | null, appSecret: string): void {
  const expected = `sha256=${createHmac("sha256", appSecret).update(bytes).digest("hex")}`;
  if (header === null || !sameText(header, expected)) throw new SignatureError();
}

function sameText(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHmac("sha256", "compare").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
