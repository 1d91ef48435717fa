/** One Discord account. A line that Discord closed for good is opened again once what it was closed for is mended. */
import type { AdapterContext, AdapterSession, Health } from "../../adapter.ts";
import { backOffMs, describeError, pauseFor, TransientSendError, whenAborted } from "../../adapter.ts";
import { type Refusal, refusalIn } from "./errors.ts";
import { type Line, type LineSession, openLine } from "./line.ts";
import type { DiscordPayload } from "./render.ts";
import type { DiscordSettings } from "./settings.ts";

/** The longest pause between two looks at a line that stays closed. */
const LONGEST_PAUSE_MS = 15 * 60_000;

interface Account {
  readonly context: AdapterContext<DiscordSettings>;
  readonly closing: AbortController;
  /** Left out while Discord lets the account not in. */
  line: LineSession | undefined;
  refusal: Refusal | undefined;
}

/** Connects the account. Throws when Discord does not let it in now. */
export async function connectDiscord(
  context: AdapterContext<DiscordSettings>,
): Promise<AdapterSession<DiscordPayload>> {
  const first = await openLine(context);
  const account: Account = { context, closing: new AbortController(), line: first.session, refusal: undefined };
  const staying = stayOpen(account, first);
  const line = (): LineSession => account.line ?? refuse(account.refusal);
  return {
    send: async (outgoing) => await line().send(outgoing),
    edit: async (outgoing, messageId) => await line().edit(outgoing, messageId),
    remove: async (target, messageId) => await line().remove(target, messageId),
    react: async (target, messageId, emoji) => await line().react(target, messageId, emoji),
    typing: async (target, on) => await account.line?.typing(target, on),
    fetchAttachment: async (attachment, signal) => await line().fetchAttachment(attachment, signal),
    health: () => healthOf(account),
    close: async () => {
      account.closing.abort();
      await account.line?.close();
      await staying;
    },
  };
}

/** Waits for a refusal, then looks again and again, ever more rarely, whether Discord lets the account in. */
async function stayOpen(account: Account, first: Line): Promise<void> {
  const { context, closing } = account;
  const { log } = context;
  const stopped = whenAborted(closing.signal);
  for (let line: Line | undefined = first; line !== undefined; line = await openAgain(account)) {
    const refusal = await Promise.race([line.refused, stopped]);
    if (refusal === undefined || closing.signal.aborted) return;
    const ended = account.line;
    account.line = undefined;
    account.refusal = refusal;
    // What it had taken in is made durable first.
    await ended
      ?.close()
      .catch((thrown: unknown) => log.warn({ error: describeError(thrown) }, "a closed line of Discord"));
  }
}

/** Undefined once this side closes. The token is asked about by a plain call before the gateway is troubled. */
async function openAgain(account: Account): Promise<Line | undefined> {
  const { context, closing } = account;
  const { environment, log, settings } = context;
  const backOff = { baseDelayMs: settings.retryRefusedSeconds * 1_000, maxDelayMs: LONGEST_PAUSE_MS };
  for (let failures = 1; ; failures += 1) {
    await pauseFor(backOffMs(failures, backOff, environment.random()), closing.signal);
    if (closing.signal.aborted) return undefined;
    try {
      const line = await openLine(context);
      if (closing.signal.aborted) {
        await line.session.close();
        return undefined;
      }
      account.line = line.session;
      account.refusal = undefined;
      log.info({}, "Discord lets the account in again");
      return line;
    } catch (thrown) {
      account.refusal = refusalIn(thrown) ?? account.refusal;
      log.warn({ error: describeError(thrown) }, "Discord does not let the account in yet; it is tried again");
    }
  }
}

function healthOf({ line, refusal, closing }: Account): Health {
  if (line !== undefined) return line.health();
  if (closing.signal.aborted) return { state: "closed", detail: "closed" };
  const { detail = "Discord closed the connection", remedy = "Run: parley doctor" } = refusal ?? {};
  return { state: "down", detail: `${detail}; it is tried again by itself`, remedy };
}

function refuse(refusal: Refusal | undefined): never {
  throw new TransientSendError("discord", refusal?.detail ?? "not connected");
}
