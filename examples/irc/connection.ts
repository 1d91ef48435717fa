/** A line connection that registers, answers pings and comes back by itself. */
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { ParleyError } from "parleyjs/adapter";
import { type Line, nickOf, readLine } from "./line.ts";
import type { IrcSettings } from "./settings.ts";

const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 30_000;
/** A server pings at least every few minutes; silence beyond this is a dead connection. */
const SILENCE_MS = 240_000;
const CAPABILITIES = "message-tags server-time echo-message";

export interface Connection {
  /** False when there is no connection to write to. */
  readonly write: (line: string) => boolean;
  readonly state: () => { readonly live: boolean; readonly detail: string; readonly lastReceivedAt?: string };
  readonly close: () => Promise<void>;
}

export interface ConnectionListeners {
  readonly onLine: (line: Line, text: string) => void;
  readonly onDown: () => void;
}

/** What a connection is doing, while sockets come and go. */
interface Progress {
  socket?: Socket;
  retry?: NodeJS.Timeout;
  closed: boolean;
  welcomed: boolean;
  detail: string;
  lastReceivedAt?: string;
  pauseMs: number;
}

/** Resolves once the server has welcomed the bot and the channels are joined. Throws `irc/refused`. */
export async function openConnection(settings: IrcSettings, listeners: ConnectionListeners): Promise<Connection> {
  const progress: Progress = { closed: false, welcomed: false, detail: "connecting", pauseMs: FIRST_PAUSE_MS };
  const first = createSignal();
  const write = (line: string): boolean => {
    if (progress.socket?.writable !== true) return false;
    progress.socket.write(`${line}\r\n`);
    return true;
  };
  const close = async (): Promise<void> => {
    progress.closed = true;
    clearTimeout(progress.retry);
    write("QUIT :bye");
    progress.socket?.destroy();
  };
  dial(settings, { progress, write, first, listeners });
  try {
    await first.promise;
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return {
    write,
    close,
    state: () => ({
      live: progress.welcomed && !progress.closed,
      detail: progress.closed ? "closed" : progress.detail,
      ...(progress.lastReceivedAt === undefined ? {} : { lastReceivedAt: progress.lastReceivedAt }),
    }),
  };
}

interface Dialling {
  readonly progress: Progress;
  readonly write: Connection["write"];
  readonly first: ReturnType<typeof createSignal>;
  readonly listeners: ConnectionListeners;
}

/** Opens a socket and registers; when it ends, dials again after a pause that doubles. */
function dial(settings: IrcSettings, dialling: Dialling): void {
  const { progress, write, listeners } = dialling;
  const { host, port, tls, nick, password } = settings;
  const socket = tls ? connectTls({ host, port, servername: host }) : connectTcp({ host, port });
  progress.socket = socket;
  socket.setTimeout(SILENCE_MS, () => socket.destroy());
  socket.on("error", (error) => (progress.detail = error.message));
  socket.once("close", () => {
    progress.welcomed = false;
    listeners.onDown();
    if (progress.closed) return;
    progress.retry = setTimeout(() => dial(settings, dialling), progress.pauseMs);
    progress.pauseMs = Math.min(LAST_PAUSE_MS, progress.pauseMs * 2);
  });
  readLines(socket, (text) => hear(text, settings, dialling));
  if (password !== undefined) write(`PASS :${password.reveal()}`);
  write(`CAP REQ :${CAPABILITIES}`);
  write(`NICK ${nick}`);
  write(`USER ${nick} 0 * :${nick}`);
  write("CAP END");
}

/** The protocol's own talk is answered here; every line is passed on. */
function hear(text: string, settings: IrcSettings, { progress, write, first, listeners }: Dialling): void {
  const line = readLine(text);
  if (line === undefined) return;
  progress.lastReceivedAt = new Date().toISOString();
  if (line.command === "PING") write(`PONG :${line.parameters[0] ?? ""}`);
  if (line.command === "001") for (const channel of settings.channels) write(`JOIN ${channel}`);
  if (["464", "465", "432", "433"].includes(line.command)) {
    const reason = line.parameters.at(-1) ?? "no reason given";
    progress.detail = `refused: ${reason}`;
    first.reject(
      new ParleyError(
        "irc/refused",
        `The IRC server refused the bot: ${reason}. Check nick and password of the account.`,
      ),
    );
  }
  if (isReady(line, settings)) {
    progress.welcomed = true;
    progress.pauseMs = FIRST_PAUSE_MS;
    progress.detail = "connected";
    first.resolve();
  }
  listeners.onLine(line, text);
}

/** Welcomed, and in the last of the channels. */
function isReady(line: Line, { channels, nick }: IrcSettings): boolean {
  const last = channels.at(-1);
  if (last === undefined) return line.command === "001";
  return line.command === "JOIN" && nickOf(line) === nick && line.parameters[0] === last;
}

function readLines(socket: Socket, onText: (text: string) => void): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onText(line);
  });
}

function createSignal() {
  let resolve = (): void => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve: () => resolve(), reject: (reason: Error) => reject(reason) };
}
