/**
 * One account: its updates by long polling or by webhook, and everything it can do in its chats.
 *
 * The library's own polling loop stops for good at the first conflict or refused token, so the account polls itself.
 * States: asking → taking in (durably) → asking again with the offset that confirms what is durable; after a failure a
 * pause, then asking again, for ever. Every request has an end, so a connection that died without a word is noticed.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Api } from "grammy";
import type { Update } from "grammy/types";
import { z } from "zod";
import type { AdapterContext, AdapterSession, Health, HttpRoute } from "../../adapter.ts";
import { backOffMs, describeError, ParleyError, pauseFor } from "../../adapter.ts";
import { openTelegramFile } from "./download.ts";
import { registerMenu } from "./menu.ts";
import { createMoves } from "./moves.ts";
import { createPolls } from "./polls.ts";
import type { Traffic, Trouble } from "./probe.ts";
import {
  healthOf,
  isCallFailure,
  isWebhookConflict,
  openApi,
  refusalIn,
  troubleIn,
  whoAmI,
  withDeadline,
} from "./probe.ts";
import type { TelegramPayload } from "./render.ts";
import { createSender } from "./send.ts";
import type { TelegramSettings } from "./settings.ts";
import type { Take } from "./take.ts";
import { createTake } from "./take.ts";
import { UPDATE_KINDS } from "./update.ts";

type Context = AdapterContext<TelegramSettings>;

/** How an account receives. */
interface Receiver {
  readonly health: () => Health;
  readonly routes: readonly HttpRoute[];
  /** Nothing is taken in after it resolves. */
  readonly close: () => Promise<void>;
}

/** Connects the account. Throws `telegram/cannot-connect` with the remedy. */
export async function connectTelegram(context: Context): Promise<AdapterSession<TelegramPayload>> {
  const { settings } = context;
  const api = await openApi(settings, context.network);
  const polls = createPolls(context);
  const moves = createMoves(context);
  try {
    const me = await whoAmI(api);
    await registerMenu(api, context);
    const identity = { userIds: [String(me.id)], name: me.username };
    context.identify(identity);
    const take = createTake(context, { api, identity, polls, moves });
    const receiver =
      settings.webhook === undefined ? await pollUpdates(context, api, take) : await hookUpdates(context, api, take);
    let closed = false;
    return {
      ...createSender({ api, settings, openFile: context.openFile, rememberPoll: polls.remember, moved: moves.note }),
      health: () => (closed ? { state: "closed", detail: "closed" } : receiver.health()),
      routes: receiver.routes,
      fetchAttachment: async (file, signal) => await openTelegramFile({ ...context, api }, file, signal),
      close: async () => {
        closed = true;
        await receiver.close();
      },
    };
  } catch (thrown) {
    if (!isCallFailure(thrown)) throw thrown;
    const { detail, remedy } = troubleIn(thrown);
    throw new ParleyError("telegram/cannot-connect", `${detail}. ${remedy}`, { retryable: true });
  }
}

/** An answer that is overdue by as long again, but by no more than this, is not waited for: the connection is dead. */
const MAX_GRACE_MS = 10_000;
const BACK_OFF = { baseDelayMs: 1_000, maxDelayMs: 30_000 };

async function pollUpdates(context: Context, api: Api, take: Take): Promise<Receiver> {
  const { environment, settings } = context;
  await api.deleteWebhook();
  const closing = new AbortController();
  const poller: Poller = {
    context,
    api,
    take,
    closing: closing.signal,
    overdueMs: settings.pollSeconds * 1_000 + Math.min(MAX_GRACE_MS, settings.pollSeconds * 1_000),
    state: { failures: 0, lastAnswerAt: environment.clock() },
  };
  const running = keepPolling(poller);
  return {
    health: () => healthOf(poller.state, { now: environment.clock(), overdueMs: 2 * poller.overdueMs, how: "polling" }),
    routes: [],
    close: async () => {
      const isFirst = !closing.signal.aborted;
      closing.abort();
      await running;
      if (isFirst) await confirmLast(poller);
    },
  };
}

interface Poller {
  readonly context: Context;
  readonly api: Api;
  readonly take: Take;
  readonly closing: AbortSignal;
  readonly overdueMs: number;
  readonly state: Traffic & { failures: number; offset?: number };
}

async function keepPolling(poller: Poller): Promise<void> {
  const { state, closing, context } = poller;
  while (!closing.aborted) {
    try {
      await pollOnce(poller);
      if (state.trouble !== undefined) context.log.info({}, "Telegram's updates arrive again");
      delete state.trouble;
      state.failures = 0;
    } catch (thrown) {
      if (!closing.aborted) await pauseAfter(thrown, poller);
    }
  }
}

async function pollOnce({ context, api, take, closing, overdueMs, state }: Poller): Promise<void> {
  const { environment, settings } = context;
  const { offset } = state;
  const request = {
    // After an outage the first poll does not wait, so that health and deliveries know at once.
    timeout: state.trouble?.state === "down" ? 0 : settings.pollSeconds,
    allowed_updates: UPDATE_KINDS,
    ...(offset === undefined ? {} : { offset }),
  };
  const updates = await withDeadline(overdueMs, closing, async (signal) => await api.getUpdates(request, signal));
  state.lastAnswerAt = environment.clock();
  if (updates.length > 0) state.lastUpdateAt = state.lastAnswerAt;
  const failed = await takeAll(updates, take);
  const last = updates.at(-1);
  if (failed !== undefined) state.offset = failed.updateId;
  else if (last !== undefined) state.offset = last.update_id + 1;
  if (failed !== undefined) throw new NotTakenError(failed.thrown);
}

async function pauseAfter(thrown: unknown, { context, api, closing, state }: Poller): Promise<void> {
  const { environment, log } = context;
  const trouble = thrown instanceof NotTakenError ? thrown.trouble : troubleIn(thrown);
  if (state.trouble?.detail !== trouble.detail)
    log.warn({ detail: trouble.detail }, "Telegram's updates do not arrive");
  state.trouble = trouble;
  const askedMs = (refusalIn(thrown)?.parameters.retry_after ?? 0) * 1_000;
  // Two pollers that waited equally long would meet again and again.
  state.failures += 1;
  await pauseFor(Math.max(askedMs, backOffMs(state.failures, BACK_OFF, environment.random())), closing);
  if (isWebhookConflict(thrown) && !closing.aborted) await api.deleteWebhook().catch(() => undefined);
}

/** Updates that could not be made durable stay at Telegram. */
class NotTakenError extends Error {
  override readonly name = "NotTakenError";
  readonly trouble: Trouble;

  constructor(cause: unknown) {
    super("an update was not taken in", { cause });
    this.trouble = {
      state: "degraded",
      detail: `updates cannot be stored now and wait at Telegram (${describeError(cause)})`,
      remedy: "See that the broker works: parley doctor. Telegram keeps updates for 24 hours.",
    };
  }
}

interface Failed {
  readonly updateId: number;
  readonly thrown: unknown;
}

/** Takes in a batch: chats side by side, each in order. Gives the first update that was not taken. */
async function takeAll(updates: readonly Update[], take: Take): Promise<Failed | undefined> {
  const byChat = new Map<number | undefined, Update[]>();
  for (const update of updates) byChat.set(chatOf(update), [...(byChat.get(chatOf(update)) ?? []), update]);
  const takeChat = async (ofChat: readonly Update[]): Promise<Failed | undefined> => {
    for (const update of ofChat) {
      try {
        await take(update);
      } catch (thrown) {
        return { updateId: update.update_id, thrown };
      }
    }
    return undefined;
  };
  const failed = (await Promise.all([...byChat.values()].map(takeChat))).filter((one) => one !== undefined);
  return failed.toSorted((left, right) => left.updateId - right.updateId)[0];
}

function chatOf(update: Update): number | undefined {
  const { message, edited_message: edited, callback_query: query, message_reaction: reaction } = update;
  return (message ?? edited ?? query?.message ?? reaction ?? update.my_chat_member)?.chat.id;
}

/** Without it the next process would get the last updates once more; no harm, since they are known by their keys. */
async function confirmLast({ api, state: { offset } }: Poller): Promise<void> {
  if (offset === undefined) return;
  const request = { offset, timeout: 0, limit: 1 };
  await withDeadline(2_000, undefined, async (signal) => await api.getUpdates(request, signal)).catch(() => undefined);
}

/** How often a webhook is looked after: a lost one is set again, and what Telegram says of it is told. */
const CHECK_WEBHOOK_MS = 10_000;

async function hookUpdates(context: Context, api: Api, take: Take): Promise<Receiver> {
  const { environment, settings, accountName } = context;
  const path = webhookPath(accountName);
  // The same in every process, and known to nobody who has not the token.
  const secret = createHmac("sha256", settings.token.reveal()).update(`webhook ${accountName}`).digest("hex");
  const hook = { url: `${settings.webhook?.url ?? ""}${path}`, secret };
  const state: Traffic & { closed: boolean } = { lastAnswerAt: environment.clock(), closed: false };
  await setWebhook(api, hook);
  const timer = setInterval(() => void checkWebhook(api, { hook, state, context }), CHECK_WEBHOOK_MS);
  const route: HttpRoute = {
    method: "POST",
    path,
    summary: "Updates from Telegram",
    hidden: true,
    permission: "signed",
    handle: async ({ raw }) => {
      const given = raw.headers.get("x-telegram-bot-api-secret-token") ?? "";
      if (!isSecret(given, secret)) return new Response(null, { status: 401 });
      // Anything but a success makes Telegram offer the update again.
      if (state.closed) return new Response(null, { status: 503 });
      state.lastUpdateAt = environment.clock();
      await take(PushedUpdate.parse(await raw.json()));
      return new Response(null, { status: 200 });
    },
  };
  return {
    health: () => healthOf(state, { now: environment.clock(), overdueMs: 3 * CHECK_WEBHOOK_MS, how: "by webhook" }),
    routes: [route],
    close: async () => {
      // The webhook stays set: another process takes the updates, or Telegram keeps them.
      clearInterval(timer);
      state.closed = true;
    },
  };
}

/** Where Telegram sends the account's updates, on the gateway. */
function webhookPath(accountName: string): string {
  return accountName === "main" ? "/webhooks/telegram" : `/webhooks/telegram/${encodeURIComponent(accountName)}`;
}

const PushedUpdate = z.custom<Update>((value) => z.object({ update_id: z.number() }).safeParse(value).success);

interface Webhook {
  readonly url: string;
  readonly secret: string;
}

async function setWebhook(api: Api, { url, secret }: Webhook): Promise<void> {
  await api.setWebhook(url, { secret_token: secret, allowed_updates: UPDATE_KINDS });
}

async function checkWebhook(
  api: Api,
  { hook, state, context }: { readonly hook: Webhook; readonly state: Traffic; readonly context: Context },
): Promise<void> {
  const now = context.environment.clock();
  try {
    const { url, last_error_date: failedAt = 0, last_error_message: why = "no answer" } = await api.getWebhookInfo();
    if (url !== hook.url) await setWebhook(api, hook);
    state.lastAnswerAt = now;
    const failedLately = failedAt * 1_000 > Math.max(now - 60_000, state.lastUpdateAt ?? 0);
    if (failedLately) state.trouble = hookTrouble(why);
    else delete state.trouble;
  } catch (thrown) {
    state.trouble = troubleIn(thrown);
  }
  if (state.trouble !== undefined)
    context.log.warn({ detail: state.trouble.detail }, "Telegram's webhook has a problem");
}

const hookTrouble = (why: string): Trouble => ({
  state: "degraded",
  detail: `Telegram could not deliver to the webhook: ${why.slice(0, 200)}`,
  remedy: "See that webhook.url reaches the gateway over https, with a certificate that Telegram trusts.",
});

function isSecret(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
