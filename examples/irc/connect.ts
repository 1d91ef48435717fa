import type { AdapterContext, AdapterSession, Identity, Outgoing, SendReceipt } from "parleyjs/adapter";
import {
  AmbiguousSendError,
  ParleyError,
  PermanentSendError,
  RateLimitedError,
  TransientSendError,
} from "parleyjs/adapter";
import { openConnection } from "./connection.ts";
import { type Line, nickOf } from "./line.ts";
import { normalizeIrc } from "./normalize.ts";
import type { IrcPayload } from "./render.ts";
import type { IrcSettings } from "./settings.ts";

const ECHO_MS = 10_000;
const RETRY_MS = 500;

/** A sent line that the server has not echoed yet. */
interface Pending {
  readonly target: string;
  readonly text: string;
  readonly settle: (outcome: SendReceipt | Error) => void;
}

/** Connects, joins the channels, hands in what is said. The server's echo of a line is its receipt. */
export async function connectIrc(context: AdapterContext<IrcSettings>): Promise<AdapterSession<IrcPayload>> {
  const { settings } = context;
  const identity = { userIds: [settings.nick], name: settings.nick };
  context.identify(identity);
  const intake = createIntake(context, identity);
  const pending: Pending[] = [];
  const fail = (error: Error): void => {
    for (const one of pending.splice(0)) one.settle(error);
  };
  const connection = await openConnection(settings, {
    onLine: (line, text) => {
      if (isOwn(line, settings.nick)) confirm(line, pending);
      else if (line.command === "PRIVMSG") intake.hand(text);
      else refused(line, pending);
    },
    onDown: () => fail(new AmbiguousSendError("irc")),
  });
  return {
    send: async (outgoing) => await send(outgoing, { write: connection.write, pending }),
    health: () => {
      const { live, ...facts } = connection.state();
      if (facts.detail === "closed") return { state: "closed", ...facts };
      if (live) return { state: "live", ...facts };
      return {
        state: "down",
        ...facts,
        remedy: "Is the server up? Do nick and password still fit? It goes on trying.",
      };
    },
    close: async () => {
      await intake.close();
      await connection.close();
    },
  };
}

function isOwn(line: Line, nick: string): boolean {
  return line.command === "PRIVMSG" && nickOf(line) === nick;
}

/** Echoes come in the order of the lines. */
function confirm({ parameters, tags }: Line, pending: Pending[]): void {
  const index = pending.findIndex(({ target, text }) => target === parameters[0] && text === parameters[1]);
  const [one] = index < 0 ? [] : pending.splice(index, 1);
  one?.settle({ messageId: tags["msgid"] ?? "" });
}

/** What the server answers instead of an echo: RFC 2812 and common servers' 439. */
function refused({ command, parameters }: Line, pending: Pending[]): void {
  const reason = parameters.at(-1) ?? command;
  const seconds = Number(/(\d+(?:\.\d+)?) seconds?/u.exec(reason)?.[1] ?? 1);
  const error = {
    "439": new RateLimitedError("IRC", seconds * 1_000),
    "263": new TransientSendError("IRC", reason),
    "401": new PermanentSendError("IRC", "there is no such nick or channel"),
    "404": new PermanentSendError("IRC", "the bot may not speak there"),
  }[command];
  if (error !== undefined) pending.shift()?.settle(error);
}

async function send(
  { target, payload, signal }: Outgoing<IrcPayload>,
  { write, pending }: { readonly write: (line: string) => boolean; readonly pending: Pending[] },
): Promise<SendReceipt> {
  signal.throwIfAborted();
  return await new Promise<SendReceipt>((resolve, reject) => {
    const one: Pending = {
      target: target.chat,
      text: payload,
      settle: (outcome) => {
        clearTimeout(timer);
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      },
    };
    const giveUp = (): void => {
      pending.splice(pending.indexOf(one), 1);
      one.settle(new AmbiguousSendError("irc"));
    };
    const timer = setTimeout(giveUp, ECHO_MS);
    signal.addEventListener("abort", giveUp, { once: true });
    pending.push(one);
    if (write(`PRIVMSG ${target.chat} :${payload}`)) return;
    pending.splice(pending.indexOf(one), 1);
    one.settle(new TransientSendError("IRC", "not connected"));
  });
}

/** IRC offers nothing twice: a message is kept here, in order, until it is durable. */
function createIntake({ accept, log }: AdapterContext<IrcSettings>, identity: Identity) {
  let last: Promise<void> = Promise.resolve();
  const closing = new AbortController();
  const handIn = async (text: string): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        await accept(normalizeIrc(text, { identity }), text);
        return;
      } catch (thrown) {
        if (!(thrown instanceof ParleyError) || !thrown.retryable) {
          log.warn({ code: thrown instanceof ParleyError ? thrown.code : "unknown" }, "a message was not accepted");
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };
  return {
    hand: (text: string): void => {
      last = last.then(async () => await handIn(text));
    },
    close: async (): Promise<void> => {
      closing.abort();
      await last;
    },
  };
}
