import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { CallFault, LocalFaults, SeenMessage } from "parleyjs/testing";
import { readLine } from "../line.ts";

const MAX_LINE_BYTES = 512;

export interface ServerSide {
  readonly port: number;
  readonly say: (nick: string, target: string, text: string) => Promise<string>;
  /** What is seen in a channel, or between the bot and this nick. */
  readonly seen: (chat: string) => readonly SeenMessage[];
  readonly refusedCalls: () => readonly string[];
  readonly faults: LocalFaults;
  readonly isConnected: () => boolean;
  readonly onChange: (listener: () => void) => () => void;
  readonly close: () => Promise<void>;
}

/** What was said, and who wants to know. */
function createLedger(botNick: string) {
  const messages: SeenMessage[] = [];
  const listeners = new Set<() => void>();
  return {
    seen: (chat: string) => messages.filter((message) => message.chat === chat),
    note: (author: string, chat: string, text: string): SeenMessage => {
      const id = `msg-${messages.length + 1}`;
      const html = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
      const facts = { choices: [], files: [], edited: false, reactions: [], ephemeral: false };
      const by = { id: author, name: author, isBot: author === botNick };
      const message = { id, chat, author: by, plain: text, html, ...facts, at: new Date().toISOString() };
      messages.push(message);
      for (const listener of listeners) listener();
      return message;
    },
    onChange: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const tagged = ({ id, at }: SeenMessage, line: string): string => `@msgid=${id};time=${at} ${line}\r\n`;

interface World {
  readonly nick: string;
  readonly ledger: ReturnType<typeof createLedger>;
  readonly refused: string[];
  readonly planned: CallFault[];
  readonly sockets: Set<Socket>;
  banned: boolean;
  /** The bot's socket, once it has joined. */
  joined?: Socket | undefined;
}

/** The server: it knows one bot by its nick, and people who speak through `say`. */
export async function createServerSide(options: { readonly nick: string; readonly port: number }): Promise<ServerSide> {
  const { nick } = options;
  const ledger = createLedger(nick);
  const world: World = { nick, ledger, refused: [], planned: [], sockets: new Set(), banned: false };
  const open = async (port: number): Promise<Server> => await listen(port, (socket) => onConnection(socket, world));
  let server = await open(options.port);
  const port = portOf(server);
  const cut = async (): Promise<void> => {
    const gone = [...world.sockets].map(async (socket) => await once(socket, "close"));
    for (const socket of world.sockets) socket.destroy();
    await Promise.all(gone);
  };
  const goDown = async (): Promise<void> => {
    server.close();
    await cut();
  };
  return {
    port,
    say: async (author, target, text) => {
      const message = ledger.note(author, target === nick ? author : target, text);
      // Who is not connected does not hear it: that is IRC.
      world.joined?.write(tagged(message, `:${author}!person@local PRIVMSG ${target} :${text}`));
      return message.id;
    },
    seen: ledger.seen,
    refusedCalls: () => world.refused,
    faults: {
      next: (on, fault, times = 1) => {
        if (on !== "edit") world.planned.push(...Array.from({ length: times }, () => fault));
      },
      cutConnections: cut,
      goDown,
      comeBack: async () => {
        server = await open(port);
      },
      redeliver: async () => 0,
      revoke: async () => {
        world.banned = true;
        await cut();
      },
    },
    isConnected: () => world.joined !== undefined,
    onChange: ledger.onChange,
    close: goDown,
  };
}

function onConnection(socket: Socket, world: World): void {
  let rest = "";
  world.sockets.add(socket);
  socket.setEncoding("utf8");
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: string) => {
    const lines = `${rest}${chunk}`.split(/\r?\n/u);
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(socket, line, world);
  });
  socket.once("close", () => {
    world.sockets.delete(socket);
    if (world.joined === socket) world.joined = undefined;
  });
}

function onLine(socket: Socket, text: string, world: World): void {
  const { nick, refused } = world;
  if (Buffer.byteLength(text) + 2 > MAX_LINE_BYTES) {
    refused.push(`a line of ${Buffer.byteLength(text)} bytes`);
    return;
  }
  const { command, parameters } = readLine(text) ?? { command: "", parameters: [] };
  const [first = "", second = ""] = parameters;
  if (command === "NICK") {
    socket.write(world.banned ? `:local 465 ${nick} :You are banned\r\n` : `:local 001 ${nick} :Welcome\r\n`);
  } else if (command === "JOIN") {
    world.joined = socket;
    socket.write(`:${nick}!bot@local JOIN ${first}\r\n`);
  } else if (command === "PRIVMSG") onPrivateMessage(socket, { target: first, text: second }, world);
  else if (!["USER", "CAP", "PASS", "PONG", "QUIT"].includes(command)) refused.push(`unknown command ${command}`);
}

function onPrivateMessage(
  socket: Socket,
  { target, text }: { readonly target: string; readonly text: string },
  { nick, planned, ledger }: World,
): void {
  const fault = planned.shift();
  if (fault?.kind === "rate-limited") {
    socket.write(`:local 439 ${nick} ${target} :Too fast, wait ${fault.retryAfterMs / 1_000} seconds\r\n`);
  } else if (fault?.kind === "server-error") {
    socket.write(`:local 263 ${nick} PRIVMSG :Please wait a while and try again.\r\n`);
  } else if (fault?.kind === "cut-before") socket.destroy();
  else {
    const message = ledger.note(nick, target, text);
    if (fault?.kind === "cut-after") socket.destroy();
    else socket.write(tagged(message, `:${nick}!bot@local PRIVMSG ${target} :${text}`));
  }
}

async function listen(port: number, onSocket: (socket: Socket) => void): Promise<Server> {
  const server = createServer(onSocket).listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}
