/** Meta's webhook: the check of its address, and signed notifications with any number of messages and statuses. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { AdapterContext, EventDraft, HttpRequest, HttpRoute } from "../../../adapter.ts";
import { describeError, optionalPart, ParleyError, readableItems } from "../../../adapter.ts";
import type { CloudSettings } from "../settings.ts";
import type { Addresses, Identities } from "./identity.ts";
import { normalizeCloud } from "./normalize.ts";
import { NamedContact, senderOf } from "./sender.ts";

const MAX_WEBHOOK_BYTES = 3 * 1024 * 1024;

const Status = z.object({
  /** The id of the message it is about. */
  id: z.string(),
  status: z.string(),
  /** What the send gave along: our key of it. */
  biz_opaque_callback_data: optionalPart(z.string()),
  errors: readableItems(z.object({ code: z.number() })),
});
export type Status = z.infer<typeof Status>;

const Value = z.object({
  metadata: z.object({ phone_number_id: z.string(), display_phone_number: optionalPart(z.string()) }),
  contacts: readableItems(NamedContact),
  messages: z.array(z.unknown()).catch([]),
  statuses: readableItems(Status),
});
type Value = z.infer<typeof Value>;

const Change = z.object({ field: z.literal("messages"), value: z.unknown() });
const Notification = z.object({
  object: z.literal("whatsapp_business_account"),
  entry: readableItems(z.object({ changes: readableItems(Change) })),
});

export interface WebhookOptions {
  readonly context: Pick<AdapterContext<CloudSettings>, "settings" | "accept" | "log" | "accountName" | "environment">;
  readonly identities: Identities;
  /** Hears each event before it is handed in, and each status. */
  readonly onEvent: (event: EventDraft) => void;
  readonly onStatus: (status: Status) => void;
}

/** Where Meta sends the account's notifications. */
export function webhookPath(accountName: string): string {
  return accountName === "main" ? "/webhooks/whatsapp" : `/webhooks/whatsapp/${encodeURIComponent(accountName)}`;
}

/** The two routes of a webhook. */
export function webhookRoutes(options: WebhookOptions): readonly HttpRoute[] {
  const route = { path: webhookPath(options.context.accountName), hidden: true, permission: "signed" } as const;
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
    throw new ParleyError(
      "whatsapp/verify-token",
      "The verify token is not the one of this account: type the account's verifyToken beside the webhook's address in the Meta app.",
      { status: 403 },
    );
  return new Response(query.get("hub.challenge") ?? "", { headers: { "content-type": "text/plain; charset=utf-8" } });
}

/** 200 only when every message is durable: Meta repeats the whole notification otherwise, for up to seven days. */
async function receive({ raw }: HttpRequest, options: WebhookOptions): Promise<Response> {
  const bytes = new Uint8Array(await raw.arrayBuffer());
  const { appSecret, phoneNumberId } = options.context.settings;
  checkSignature(bytes, raw.headers.get("x-hub-signature-256"), appSecret.reveal());
  for (const change of changesIn(bytes)) {
    const read = Value.safeParse(change.value);
    if (!read.success) {
      const where = read.error.issues.map(({ path }) => path.join(".")).join(", ");
      await options.context.accept({ ignored: `a change that cannot be read: ${where}` });
    } else if (read.data.metadata.phone_number_id === phoneNumberId) {
      for (const message of read.data.messages) await takeMessage(message, read.data, options);
      for (const status of read.data.statuses) options.onStatus(status);
    } else {
      await options.context.accept({ ignored: "a notification for another number of the app" });
    }
  }
  return new Response(null, { status: 200 });
}

/** Hands in one message. One that can never be accepted does not hold up the others. */
async function takeMessage(message: unknown, { metadata, contacts }: Value, options: WebhookOptions): Promise<void> {
  const { context, identities, onEvent } = options;
  const { phone, userId, name } = senderOf(message, contacts);
  try {
    const isNews = await heedNews(message, { phone, userId }, identities);
    const normalized = normalizeCloud({
      message,
      name,
      userId,
      // News may name the new address beside the old one: these are not one person's.
      knownAs: isNews ? undefined : await identities.idOf({ phone, userId }),
      self: metadata.display_phone_number?.replaceAll(/\D/gu, ""),
      at: Math.floor(context.environment.clock() / 1_000),
    });
    if ("event" in normalized) onEvent(normalized.event);
    await context.accept(normalized);
  } catch (thrown) {
    if (isRetryable(thrown)) throw thrown;
    context.log.warn({ error: describeError(thrown) }, "a message was refused");
  }
}

const News = z.object({
  id: z.string(),
  system: z.object({ type: z.string(), previous_user_id: optionalPart(z.string()) }),
});

/** A number that its owner gave up, and a person who may be another, are not who they were: before anything is answered. */
async function heedNews(message: unknown, { phone, userId }: Addresses, identities: Identities): Promise<boolean> {
  const news = News.safeParse(message);
  if (!news.success) return false;
  const { id, system } = news.data;
  const { previous_user_id: previous } = system;
  if (previous !== undefined) await identities.depart({ userId: previous }, id);
  if (system.type.endsWith("_changed_number")) await identities.depart({ phone }, id);
  if (system.type.endsWith("_identity_changed")) await identities.depart({ phone, userId }, id);
  return true;
}

function isRetryable(thrown: unknown): boolean {
  return !(typeof thrown === "object" && thrown !== null && "retryable" in thrown && thrown.retryable === false);
}

function changesIn(bytes: Uint8Array): readonly z.infer<typeof Change>[] {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Signed, but no JSON: nothing in it concerns us.
    return [];
  }
  return Notification.safeParse(body).data?.entry.flatMap(({ changes }) => changes) ?? [];
}

/** Checks Meta's signature over exactly the bytes that came. Throws `whatsapp/signature`. */
function checkSignature(bytes: Uint8Array, header: string | null, appSecret: string): void {
  const expected = `sha256=${createHmac("sha256", appSecret).update(bytes).digest("hex")}`;
  if (header === null || !sameText(header, expected))
    throw new ParleyError(
      "whatsapp/signature",
      "This webhook is not signed with the app's secret. If it comes from Meta, appSecret is not the secret of the app that sends it.",
      { status: 401 },
    );
}

function sameText(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHmac("sha256", "compare").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
