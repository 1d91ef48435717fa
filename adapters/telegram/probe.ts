/** The library's client, what its failures say of an account, and what `parley doctor` finds out. */
import type { Api } from "grammy";
import type { UserFromGetMe } from "grammy/types";
import { z } from "zod";
import type { Check, Health, Network } from "../../adapter.ts";
import { directNetwork, linkSignals } from "../../adapter.ts";
import { libraryFetch } from "./call.ts";
import type { TelegramSettings } from "./settings.ts";

/** A call that takes longer is given up; uploads included. */
const CALL_TIMEOUT_SECONDS = 90;

/** The library's client, loaded when an account needs it. It retries nothing: the framework does, and knows when not to. */
export async function openApi(
  settings: Pick<TelegramSettings, "token" | "apiRoot">,
  network: Network = directNetwork,
): Promise<Api> {
  const grammy = await import("grammy");
  const { token, apiRoot } = settings;
  const agent = network.agentFor(apiRoot);
  return new grammy.Api(token.reveal(), {
    apiRoot,
    timeoutSeconds: CALL_TIMEOUT_SECONDS,
    fetch: libraryFetch,
    // A proxy set for `fetch` does not reach it.
    ...(agent !== undefined && { baseFetchConfig: { agent } }),
  });
}

type LibrarySignal = NonNullable<Parameters<Api["getMe"]>[0]>;
/** The library's types name a polyfill of the signal that every Node has. */
const LibrarySignal = z.custom<LibrarySignal>((value) => value instanceof AbortSignal);
export const toLibrarySignal = (signal: AbortSignal): LibrarySignal => LibrarySignal.parse(signal);

/** Ends the call after so long, or when the account closes. */
export async function withDeadline<Result>(
  ms: number,
  closing: AbortSignal | undefined,
  call: (signal: LibrarySignal) => Promise<Result>,
): Promise<Result> {
  const { signal, release } = linkSignals([closing], ms);
  try {
    return await call(toLibrarySignal(signal));
  } finally {
    release();
  }
}

/** What the Bot API answered instead of a result. */
const Refusal = z.object({
  error_code: z.number(),
  description: z.string(),
  parameters: z.object({ retry_after: z.number().optional(), migrate_to_chat_id: z.number().optional() }).default({}),
});
export type Refusal = z.infer<typeof Refusal>;

/** The answer within an error of the library; undefined where there was none (no connection, time out). */
export function refusalIn(thrown: unknown): Refusal | undefined {
  const parsed = Refusal.safeParse(thrown);
  return parsed.success ? parsed.data : undefined;
}

const NetworkError = z.object({ error: z.object({ code: z.string() }) });

/** A system error's code. Never its message: that names the address, and the token is a part of it. */
export function networkCodeIn(thrown: unknown): string {
  const parsed = NetworkError.safeParse(thrown);
  return parsed.success ? parsed.data.error.code : "no answer";
}

/** Whether the library threw it for a call, and not some other code for another reason. */
export function isCallFailure(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === "HttpError" || thrown.name === "GrammyError");
}

/** Why an account does not receive now, in words, with the remedy. Shared by doctor, health and connect. */
export interface Trouble {
  readonly state: "degraded" | "down";
  readonly detail: string;
  readonly remedy: string;
}

/** What a failed call says about the account as a whole. */
export function troubleIn(thrown: unknown): Trouble {
  const refusal = refusalIn(thrown);
  if (refusal === undefined) {
    return {
      state: "down",
      detail: `Telegram cannot be reached (${networkCodeIn(thrown)})`,
      remedy: "Check this machine's network and, if it is set, apiRoot. It goes on by itself when Telegram answers.",
    };
  }
  const { error_code: code } = refusal;
  if (code === 401 || code === 404) {
    return {
      state: "down",
      detail: `Telegram refuses the bot's token (${code})`,
      remedy: "Get the token from @BotFather (/token), put it where the configuration reads it, and reload.",
    };
  }
  if (code === 409) return conflict(isWebhookConflict(thrown));
  return {
    state: "degraded",
    detail: code === 429 ? "Telegram asks to slow down (429)" : `Telegram answered ${code}`,
    remedy: "It is tried again by itself. See https://core.telegram.org/bots/api for what the code means.",
  };
}

/** Polling is refused because the bot has a webhook. */
export function isWebhookConflict(thrown: unknown): boolean {
  const refusal = refusalIn(thrown);
  return refusal?.error_code === 409 && refusal.description.includes("webhook is active");
}

function conflict(byWebhook: boolean): Trouble {
  return byWebhook
    ? {
        state: "degraded",
        detail: "a webhook was set for this bot elsewhere, so polling gets nothing (409 Conflict)",
        remedy: "It is removed now. Find the program that sets it: one bot token is for one program.",
      }
    : {
        state: "degraded",
        detail: "another program polls with this bot's token (409 Conflict)",
        remedy: "Stop the other program, or give this bot a token of its own (@BotFather, /newbot).",
      };
}

/** What is known of the traffic of an account. */
export interface Traffic {
  /** When Telegram last answered at all, and with an update, in ms. */
  lastAnswerAt: number;
  lastUpdateAt?: number;
  trouble?: Trouble;
}

/** Health by what was received: a connection that is silent for longer than it may be is not live. */
export function healthOf(
  { trouble, lastAnswerAt, lastUpdateAt }: Traffic,
  { now, overdueMs, how }: { readonly now: number; readonly overdueMs: number; readonly how: string },
): Health {
  const received = lastUpdateAt === undefined ? {} : { lastReceivedAt: new Date(lastUpdateAt).toISOString() };
  if (trouble !== undefined) return { ...trouble, ...received };
  if (now - lastAnswerAt <= overdueMs) return { state: "live", detail: how, ...received };
  return {
    state: "degraded",
    detail: `Telegram has not answered for ${Math.round((now - lastAnswerAt) / 1_000)} s`,
    remedy: "It is asked again by itself. If this stays, restart the process.",
    ...received,
  };
}

/** The bot behind the token. Asked twice: the first call may meet a kept connection that the other side has closed. */
export async function whoAmI(api: Api): Promise<UserFromGetMe> {
  return await api.getMe().catch(async (thrown: unknown) => {
    if (refusalIn(thrown) !== undefined) throw thrown;
    return await api.getMe();
  });
}

/** Token, reachability, privacy mode, and how updates come. */
export async function probeTelegram(settings: TelegramSettings, network?: Network): Promise<readonly Check[]> {
  const api = await openApi(settings, network);
  try {
    const me = await whoAmI(api);
    const privacy = me.can_read_all_group_messages
      ? "off: in groups the bot gets every message"
      : "on: in groups the bot gets commands, mentions and answers to it; for access.groups: always, turn it off (@BotFather, /setprivacy)";
    return [
      { name: "telegram token", status: "ok", detail: `@${me.username} (${me.id})` },
      { name: "telegram privacy mode", status: "ok", detail: privacy },
      await checkUpdates(api, settings),
    ];
  } catch (thrown) {
    const { detail, remedy } = troubleIn(thrown);
    return [{ name: "telegram token", status: "error", detail, remedy }];
  }
}

async function checkUpdates(api: Api, { webhook }: TelegramSettings): Promise<Check> {
  const name = "telegram updates";
  const { url = "", pending_update_count: pending, last_error_message: lastError } = await api.getWebhookInfo();
  if (webhook === undefined && url !== "") {
    return {
      name,
      status: "warning",
      detail: `a webhook is set at ${hostOf(url)}; this account polls, and removes it when it starts`,
      remedy: "If another program uses this bot, give this one a token of its own (@BotFather, /newbot).",
    };
  }
  if (webhook !== undefined && lastError !== undefined) {
    return {
      name,
      status: "warning",
      detail: `the webhook failed lately: ${lastError.slice(0, 200)} (${pending} updates wait)`,
      remedy: `See that ${hostOf(webhook.url)} reaches the gateway over https, with a certificate that Telegram trusts.`,
    };
  }
  const how = webhook === undefined ? "by polling" : `by webhook at ${hostOf(webhook.url)}`;
  return { name, status: "ok", detail: `${how}, ${pending} waiting` };
}

/** A webhook's path may be its secret: only the host is shown. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "an unreadable address";
}
