/** Socket Mode: one connection that is made again whenever it ends, and acknowledges once a body was taken. */
import type { SocketModeClient } from "@slack/socket-mode";
import { z } from "zod";
import type { AdapterContext } from "../../../adapter.ts";
import { describeError, ParleyError, pauseFor, toError, within } from "../../../adapter.ts";
import type { SlackSettings } from "../settings.ts";
import { libraryLogger } from "../client.ts";
import { SlackTokenError } from "../token-error.ts";
import { isTokenRefused, platformError } from "./send-errors.ts";

/**
 * Takes one body. Resolves when it is durable, with what Slack is to be answered (nothing for most). Rejects when it
 * could not be made durable: then Slack is not answered, and sends it again.
 */
export type Take = (body: unknown) => Promise<unknown>;

type Context = Pick<AdapterContext<SlackSettings>, "settings" | "log" | "network">;

/** Slack did not open the socket in time, or closed it at once. */
export class SlackSocketError extends ParleyError {
  override readonly name = "SlackSocketError";

  constructor(cause: unknown) {
    super(
      "slack/socket-not-opened",
      "Slack opened no socket for this account. It is tried again; if it stays so, see whether this machine reaches slack.com.",
      { retryable: true, cause },
    );
  }
}

/** A connection over Socket Mode that is made again whenever it ends. */
export interface SocketConnection {
  readonly state: () => { readonly connected: boolean; readonly detail: string };
  readonly close: () => Promise<void>;
}

const START_MS = 15_000;
const LONGEST_PAUSE_MS = 15_000;
const CLOSE_MS = 2_000;

const Delivery = z.object({
  body: z.unknown(),
  ack: z.custom<(answer?: object) => Promise<void>>((value) => typeof value === "function"),
});

/**
 * Opens the socket and keeps it open. The library's own reconnection is off: it waits five seconds at each planned
 * change of servers, and ends the process when it cannot connect again. Each connection has a client of its own, so no
 * listener is ever there twice. Throws `SlackTokenError` or `SlackSocketError` when the first connection fails.
 */
export async function openSocket(
  context: Context,
  { take, onConnected }: { readonly take: Take; readonly onConnected: () => void },
): Promise<SocketConnection> {
  const { log } = context;
  const closing = new AbortController();
  const current: { client?: SocketModeClient | undefined; detail: string } = { detail: "connecting" };

  async function open(): Promise<Opened> {
    const client = await createSocketClient(context);
    client.on("slack_event", (delivery: unknown) => {
      if (!closing.signal.aborted) void handle(delivery);
    });
    const ended = new Promise<void>((resolve) => client.once("disconnected", () => resolve()));
    await started(client);
    current.client = client;
    current.detail = "connected";
    onConnected();
    return { ended };
  }

  async function handle(delivery: unknown): Promise<void> {
    try {
      const { body, ack } = Delivery.parse(delivery);
      const answer = await take(body);
      await ack(typeof answer === "object" && answer !== null ? answer : undefined);
    } catch (thrown) {
      // Without an acknowledgement Slack sends it again.
      log.warn({ error: describeError(thrown) }, "a delivery of Slack was not acknowledged");
    }
  }

  /** Tries until it is open again; undefined once this side closes. */
  async function openAgain(): Promise<Opened | undefined> {
    for (let pauseMs = 0; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2 + 250)) {
      await pauseFor(pauseMs, closing.signal);
      if (closing.signal.aborted) return undefined;
      try {
        return await open();
      } catch (thrown) {
        current.detail = describeError(thrown);
        log.warn({ error: current.detail }, "Slack's socket could not be opened and is tried again");
      }
    }
  }

  async function stayOpen(first: Opened): Promise<void> {
    for (let opened: Opened | undefined = first; opened !== undefined; opened = await openAgain()) {
      await opened.ended;
      current.client = undefined;
      current.detail = "the connection ended; connecting again";
    }
  }

  const staying = stayOpen(await open());
  return {
    state: () => ({ connected: current.client !== undefined, detail: current.detail }),
    close: async () => {
      closing.abort();
      const closed = Promise.all([current.client?.disconnect(), staying]);
      await within(async () => await closed, { ms: CLOSE_MS });
      current.client = undefined;
    },
  };
}

interface Opened {
  readonly ended: Promise<void>;
}

async function createSocketClient({ settings, log, network }: Context): Promise<SocketModeClient> {
  const [{ SocketModeClient: Client }, { LogLevel }] = await Promise.all([
    import("@slack/socket-mode"),
    import("@slack/web-api"),
  ]);
  return new Client({
    appToken: settings.appToken?.reveal() ?? "",
    autoReconnectEnabled: false,
    // Its sockets would not take the one of the process.
    ...(network?.dispatcher !== undefined && { dispatcher: network.dispatcher }),
    logger: libraryLogger(log, LogLevel.ERROR),
    // An object of its own: the library writes into it.
    clientOptions: { slackApiUrl: settings.apiUrl, retryConfig: { retries: 0 }, timeout: START_MS },
  });
}

async function started(client: SocketModeClient): Promise<void> {
  const starting = client.start().then(() => true);
  // Heard below; without this a late failure would have no listener.
  starting.catch(() => undefined);
  try {
    if ((await within(async () => await starting, { ms: START_MS })) !== undefined) return;
  } catch (thrown) {
    if (isTokenRefused(thrown)) throw new SlackTokenError(platformError(thrown) ?? "", "app-level token (xapp-…)");
    throw new SlackSocketError(toError(thrown));
  }
  void client.disconnect();
  throw new SlackSocketError(new Error("no hello in time"));
}
