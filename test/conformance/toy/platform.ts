/**
 * A chat platform with everything that the conformance kit asks about, in as few lines as that takes: calls by POST,
 * events by long polling, the token in the address, Markdown that can be refused, and the bot's own messages come back.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { text as bodyOf } from "node:stream/consumers";
import { sanitize } from "hast-util-sanitize";
import { toHtml } from "hast-util-to-html";
import { toHast } from "mdast-util-to-hast";
import { z } from "zod";
import { escapeMarkdown, parseMarkdown, Secret, toPlainText } from "../../../adapter.ts";
import type { CallFault, LedgerMessage, LocalPlatform, LocalPlatformOptions } from "../../../testing.ts";
import { createFaultQueue, createLedger, createPerson, openLocalServer, respond } from "../../../testing.ts";
import { toyAdapter } from "./adapter.ts";

const SELF = "toybot";
const TOKEN = "toy-token-4711";
const POLL_MS = 400;
const TYPING_MS = 60_000;
/** How long a presser waits. */
const PRESS_MS = 1_900;

const Call = z.object({
  chat: z.string().default(""),
  thread: z.string().optional(),
  id: z.string().default(""),
  text: z.string().max(1_000).default(""),
  markdown: z.boolean().default(false),
  choices: z
    .array(z.strictObject({ id: z.string(), label: z.string().min(1).max(40) }))
    .max(5)
    .default([]),
  file: z.strictObject({ name: z.string(), mediaType: z.string(), base64: z.string() }).optional(),
  emoji: z.string().default(""),
  on: z.boolean().default(false),
  key: z.string().default(""),
  after: z.number().default(0),
});
type Call = z.output<typeof Call>;

/** What the platform answers to a call that it does not carry out. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Opens an empty toy platform with one bot. */
export async function openToyLocally(options: LocalPlatformOptions = {}): Promise<LocalPlatform> {
  const ledger = createLedger((text) => ({
    plain: toPlainText(parseMarkdown(text)),
    html: toHtml(sanitize(toHast(parseMarkdown(text)))),
  }));
  const faults = createFaultQueue();
  const updates: object[] = [];
  const sent = new Map<string, string>();
  const presses = new Map<string, (taken: boolean) => void>();
  const refused: string[] = [];
  const state = { revoked: false, polledAt: 0, ids: 0, cutsPoll: false };
  const newId = (): string => `m${(state.ids += 1)}`;
  const bot = { id: SELF, name: "Toy bot", isBot: true };
  const emit = (kind: string, { id, chat, thread, author, text, at }: LedgerMessage, facts: object = {}): void => {
    const room = ledger.chats().find((one) => one.id === chat);
    const place = { chat: { id: chat, isGroup: room?.type === "group", title: room?.title ?? "" }, thread };
    updates.push({ kind, id, ...place, from: author, text, at: new Date(at).toISOString(), ...facts });
  };
  const own = (id: string): LedgerMessage => {
    const message = ledger.find(id);
    if (message?.author.id === SELF && !message.removed) return message;
    throw new Refusal(404, "there is no such message of the bot");
  };
  const methods: Readonly<Record<string, (call: Call) => Promise<object> | object>> = {
    updates: async ({ after }) => {
      state.polledAt = Date.now();
      const end = state.polledAt + POLL_MS;
      while (updates.length <= after && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
      return { updates: updates.slice(after).map((update, index) => ({ ...update, seq: after + index + 1 })) };
    },
    send: ({ chat, thread, text, markdown, choices, file, key }) => {
      const known = sent.get(key);
      if (known !== undefined) return { id: known };
      if (!ledger.chats().some(({ id }) => id === chat)) throw new Refusal(403, "there is no such chat");
      if (text.trim() === "" && file === undefined) throw new Refusal(400, "the message is empty");
      const isTyping = ledger.isTyping(chat);
      const bytes = new Uint8Array(Buffer.from(file?.base64 ?? "", "base64"));
      const message = ledger.add({
        id: newId(),
        chat,
        thread,
        author: bot,
        text: markdown ? text : escapeMarkdown(text),
        choices: choices.map((choice) => ({ ...choice, kind: "button" })),
        files: file === undefined ? [] : [{ ...file, bytes, sizeBytes: bytes.length }],
      });
      // Here only a call ends it.
      if (isTyping) ledger.setTyping(chat, TYPING_MS);
      sent.set(key, message.id);
      emit("message", message);
      return { id: message.id };
    },
    edit: ({ id, text, markdown }) => {
      ledger.change(own(id), { text: markdown ? text : escapeMarkdown(text), edited: true });
      return {};
    },
    remove: ({ id }) => {
      ledger.change(own(id), { removed: true });
      return {};
    },
    react: ({ id, emoji }) => {
      const message = ledger.find(id);
      if (message === undefined) throw new Refusal(404, "there is no such message");
      ledger.react(message, SELF, emoji);
      return {};
    },
    typing: ({ chat, on }) => {
      ledger.setTyping(chat, on ? TYPING_MS : 0);
      return {};
    },
    me: () => ({ id: SELF }),
    find: ({ key }) => ({ id: sent.get(key) ?? null }),
    pressed: ({ id }) => {
      presses.get(id)?.(true);
      return {};
    },
  };
  const answer = async (method: string, body: unknown): Promise<object> => {
    const call = Call.safeParse(body);
    const handle = methods[method];
    if (!call.success) throw new Refusal(400, call.error.issues[0]?.message ?? "invalid");
    if (handle === undefined) throw new Refusal(404, `there is no method ${method}`);
    return await handle(call.data);
  };
  const answerOrRefuse = async (method: string, body: unknown): Promise<{ status: number; body: object }> => {
    try {
      return { status: 200, body: await answer(method, body) };
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      refused.push(`${method}: ${thrown.message}`);
      return { status: thrown.status, body: { error: thrown.message } };
    }
  };
  /** A poll that was between two connections when all were cut is cut as well. */
  const isCut = (method: string): boolean => {
    const cut = method === "updates" && state.cutsPoll;
    if (cut) state.cutsPoll = false;
    return cut;
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, token, method = ""] = (request.url ?? "").split("/");
    const body: unknown = JSON.parse((await bodyOf(request)) || "{}");
    if (token !== TOKEN || state.revoked) return respond(response, { status: 401, body: { error: "unknown token" } });
    const fault = faults.take(kindOf(method), hasFile(body));
    if (fault?.kind === "cut-before" || isCut(method)) return void request.socket.destroy();
    if (fault !== undefined && fault.kind !== "cut-after") return respond(response, failure(fault));
    const answered = await answerOrRefuse(method, body);
    if (fault === undefined) respond(response, answered);
    else request.socket.destroy();
  };
  const server = await openLocalServer({ port: options.port ?? 0, handle: serve });
  const reach = {
    self: SELF,
    directChat: (person: string) => `d-${person}`,
    newId,
    openThread: ({ id }: LedgerMessage) => `t-${id}`,
    said: async (message: LedgerMessage) => {
      emit("message", message);
      return true;
    },
    edited: (message: LedgerMessage) => emit("edit", message),
    removed: (message: LedgerMessage) => emit("removed", message),
    reacted: (message: LedgerMessage, person: string, emoji: string) =>
      emit("reaction", { ...message, author: { id: person, name: person, isBot: false } }, { emoji }),
    chose: async (message: LedgerMessage, { id, name }: { id: string; name: string }, choice: { id: string }) => {
      const press = newId();
      const taken = new Promise<boolean>((resolve) => {
        presses.set(press, resolve);
        setTimeout(resolve, PRESS_MS, false);
      });
      emit("press", { ...message, author: { id, name, isBot: false } }, { choice: choice.id, press });
      return await taken;
    },
  };
  return {
    platform: "toy",
    account: {
      adapter: toyAdapter,
      name: options.accountName ?? "main",
      settings: { server: server.url, token: new Secret(TOKEN, "the local platform"), ...options.settings },
    },
    person: (id, name = id) => createPerson(ledger, reach, { id, name }),
    group: async (title, people) => {
      const id = `g-${newId()}`;
      ledger.addChat(
        { id, type: "group", title },
        people.map((one) => one.id),
      );
      updates.push({
        kind: "joined",
        id,
        chat: { id, isGroup: true, title },
        from: { id: people[0]?.id ?? "", name: people[0]?.name ?? "", isBot: false },
        at: new Date().toISOString(),
      });
      return { id, type: "group", title };
    },
    refusedCalls: () => refused,
    faults: {
      next: faults.next,
      cutConnections: async () => {
        state.cutsPoll = true;
        server.cut();
      },
      redeliver: async () => {
        const again = [...updates];
        updates.push(...again);
        return again.length;
      },
      revoke: async () => {
        state.revoked = true;
        server.cut();
      },
    },
    isConnected: () => Date.now() - state.polledAt < 2 * POLL_MS,
    close: server.stop,
  };
}

function hasFile(body: unknown): boolean {
  return typeof body === "object" && body !== null && "file" in body;
}

function kindOf(method: string): "send" | "edit" | "other" {
  if (method === "send") return "send";
  return ["edit", "remove", "react"].includes(method) ? "edit" : "other";
}

/** What the platform answers instead of carrying a call out. */
function failure(fault: CallFault): { readonly status: number; readonly body: object } {
  switch (fault.kind) {
    case "rate-limited":
      return { status: 429, body: { error: "too fast", retryAfterMs: fault.retryAfterMs } };
    case "server-error":
      return { status: fault.status, body: { error: "broken" } };
    case "markup-refused":
      return { status: 422, body: { error: "bad Markdown" } };
    case "file-refused":
      return { status: 415, body: { error: "no such files here" } };
    case "place-gone":
      return { status: 410, body: { error: "the thread is gone" } };
    case "cut-before":
    case "cut-after":
      return { status: 500, body: {} };
  }
}
