/**
 * A chat platform in memory that can be told how each call goes. It keeps what a person would see in each chat, which
 * is what delivery is judged by: its own records may be wrong, the chat is not.
 */
import { z } from "zod";
import {
  ADAPTER_API_VERSION,
  type AdapterSession,
  type Capabilities,
  type Health,
  type Rendered,
} from "../../core/adapter.ts";
import type { Outgoing } from "../../core/adapter.ts";
import { type BoundAdapter, type SealedPayload, defineAdapter } from "../../core/adapter-binding.ts";
import { measureIn, replyMarkdown } from "../../core/delivery/index.ts";
import type { Environment } from "../../core/environment.ts";
import type { LiveSignal } from "../../core/live.ts";
import { parseMarkdown, splitMarkdown, splitPlain, toPlainText } from "../../core/markdown/index.ts";
import type { Choice, Reply } from "../../core/reply.ts";
import {
  AmbiguousSendError,
  type Elsewhere,
  FileRefusedError,
  MarkupRefusedError,
  PermanentSendError,
  PlaceGoneError,
  RateLimitedError,
  TransientSendError,
} from "../../core/send-errors.ts";
import { quietContext } from "../../core/testing/index.ts";

/** How a call goes. `arrived` and `lost` both end without a receipt; only the person knows which it was. */
export type Fault =
  | "ok"
  | { readonly rateLimitedMs: number }
  /** The place is gone; the adapter names another one, or none. */
  | { readonly placeGone: Elsewhere | undefined }
  | "file-refused"
  | "transient"
  | "permanent"
  | "markup"
  | "ambiguous-arrived"
  | "ambiguous-lost"
  | "undeclared-arrived"
  | "undeclared-lost"
  | "crash-arrived"
  | "crash-lost";

export type CallKind = "send" | "edit" | "remove" | "typing" | "reconcile";

export interface Call {
  readonly kind: CallKind;
  /** From 0, counted per kind. */
  readonly index: number;
  readonly at: number;
  readonly chat: string;
  readonly thread?: string | undefined;
  readonly text: string;
  readonly plain: boolean;
  /** Names of the message's files. */
  readonly files?: readonly string[];
}

/** A message as a person sees it. */
export interface SeenMessage {
  readonly id: string;
  readonly text: string;
  readonly plain: boolean;
  readonly choices: readonly Choice[];
  readonly files: readonly string[];
  readonly edits: number;
}

interface Payload {
  readonly text: string;
  readonly plain: boolean;
  readonly choices: readonly Choice[];
  readonly files: readonly string[];
}

export interface ScriptedPlatform {
  readonly adapter: BoundAdapter;
  readonly session: AdapterSession<SealedPayload>;
  readonly seen: (chat: string) => readonly SeenMessage[];
  readonly calls: readonly Call[];
  /** The last typing signal of a chat. */
  readonly isTyping: (chat: string) => boolean;
  readonly signals: readonly LiveSignal[];
  readonly setHealth: (health: Health["state"]) => void;
}

export interface ScriptedPlatformOptions {
  readonly environment: Environment;
  readonly capabilities?: Partial<Capabilities>;
  /** How the call goes. @default all calls succeed */
  readonly script?: (call: Call) => Fault;
  /** How the adapter cuts long texts. @default core/markdown */
  readonly split?: undefined | ((text: string, limit: number) => readonly string[]);
  /** Called by the crash faults: the process is gone from here on. */
  readonly crash?: () => void;
}

/** What the adapter throws for a fault. */
function errorOf(fault: Exclude<Fault, object>): Error {
  switch (fault) {
    case "transient":
      return new TransientSendError("scripted", "refused for now");
    case "permanent":
      return new PermanentSendError("scripted", "chat not found");
    case "markup":
      return new MarkupRefusedError("scripted");
    case "file-refused":
      return new FileRefusedError("scripted", "not enough rights to send documents");
    case "ambiguous-arrived":
    case "ambiguous-lost":
      return new AmbiguousSendError("scripted");
    case "crash-arrived":
    case "crash-lost":
      return new CrashError("crashed");
    case "ok":
    case "undeclared-arrived":
    case "undeclared-lost":
      return new TypeError("socket hang up");
  }
}

function refusalOf(fault: Extract<Fault, object>): Error {
  if ("rateLimitedMs" in fault) return new RateLimitedError("scripted", fault.rateLimitedMs);
  const { placeGone: elsewhere } = fault;
  return new PlaceGoneError("scripted", "thread not found", elsewhere === undefined ? {} : { elsewhere });
}

/** A process that died; nothing that happens after it counts. */
export class CrashError extends Error {
  override readonly name = "CrashError";
}

const DEFAULTS: Capabilities = {
  text: { maxLength: 4_000, unit: "utf16", markup: "markdown" },
  choices: { max: 0, labelMaxLength: 0 },
  polls: false,
  ephemeral: false,
  edit: true,
  remove: true,
  react: false,
  typing: { refreshMs: 4_000 },
  streaming: { style: "edits", minIntervalMs: 1_000 },
  threads: false,
  files: false,
  history: false,
  reconcile: false,
  idempotentSend: false,
  rate: { perChatPerSecond: 1_000, perAccountPerSecond: 1_000 },
};

/** Connects a new platform. */
export async function createScriptedPlatform(options: ScriptedPlatformOptions): Promise<ScriptedPlatform> {
  const { environment, script = () => "ok" as const, crash = () => undefined } = options;
  const capabilities = { ...DEFAULTS, ...options.capabilities };
  const chats = new Map<string, SeenMessage[]>();
  const keys = new Map<string, string>();
  const calls: Call[] = [];
  const typing = new Map<string, boolean>();
  const signals: LiveSignal[] = [];
  let health: Health["state"] = "live";
  let ids = 0;

  /** Plays one call: does its effect or not, and ends as the script says. */
  function play<Result>(facts: Omit<Call, "index" | "at">, effect: () => Result): Result {
    const index = calls.filter((call) => call.kind === facts.kind).length;
    const call = { ...facts, index, at: environment.clock() };
    calls.push(call);
    const fault = script(call);
    if (typeof fault === "object") throw refusalOf(fault);
    const arrives = fault === "ok" || fault.endsWith("-arrived") || (fault === "markup" && facts.plain);
    const result = arrives ? { value: effect() } : undefined;
    if (fault.startsWith("crash")) crash();
    if (result !== undefined && (fault === "ok" || fault === "markup")) return result.value;
    throw errorOf(fault);
  }

  function show({ target, payload, key }: Outgoing<Payload>): string {
    const known = capabilities.idempotentSend ? keys.get(key) : undefined;
    if (known !== undefined) return known;
    const id = `m${(ids += 1)}`;
    keys.set(key, id);
    const messages = chats.get(target.chat) ?? [];
    messages.push({ id, ...payload, edits: 0 });
    chats.set(target.chat, messages);
    return id;
  }

  function change(chat: string, messageId: string, payload: Payload | undefined): void {
    const messages = chats.get(chat) ?? [];
    const index = messages.findIndex((message) => message.id === messageId);
    const before = messages[index];
    if (before === undefined) throw new PermanentSendError("scripted", "message not found");
    messages.splice(index, 1, ...(payload === undefined ? [] : [{ ...before, ...payload, edits: before.edits + 1 }]));
  }

  const bound = defineAdapter<unknown, Payload>({
    manifest: {
      platform: "scripted",
      apiVersion: ADAPTER_API_VERSION,
      displayName: "Scripted",
      acknowledgement: "none",
      connection: "shared",
      attachmentHosts: [],
      capabilities,
    },
    configSchema: z.unknown(),
    normalize: () => ({ ignored: "nothing is ever said here" }),
    render: (reply, { plain }) => renderScripted(reply, { plain, capabilities, split: options.split }),
    connect: async () => ({
      send: async (outgoing) => {
        const { target, payload } = outgoing;
        const { text, plain, files } = payload;
        const facts = { chat: target.chat, thread: target.thread, text, plain, files };
        return { messageId: play({ kind: "send", ...facts }, () => show(outgoing)) };
      },
      edit: async (outgoing, messageId) => {
        const facts = { chat: outgoing.target.chat, text: outgoing.payload.text, plain: outgoing.payload.plain };
        play({ kind: "edit", ...facts }, () => change(outgoing.target.chat, messageId, outgoing.payload));
      },
      remove: async (target, messageId) => {
        const facts = { kind: "remove" as const, chat: target.chat, text: messageId, plain: true };
        play(facts, () => change(target.chat, messageId, undefined));
      },
      typing: async (target, on) => {
        const facts = { kind: "typing" as const, chat: target.chat, text: on ? "on" : "off", plain: true };
        play(facts, () => typing.set(target.chat, on));
      },
      reconcile: async (outgoing) => {
        const facts = { kind: "reconcile" as const, chat: outgoing.target.chat, text: outgoing.key, plain: true };
        const found = play(facts, () => keys.get(outgoing.key));
        return found === undefined ? ("not-sent" as const) : { sent: found };
      },
      live: (signal) => signals.push(signal),
      health: () => ({ state: health, detail: "scripted" }),
      close: async () => {},
    }),
  }).bind({});

  return {
    adapter: bound,
    session: await bound.connect(quietContext("scripted", { environment })),
    seen: (chat) => [...(chats.get(chat) ?? [])],
    calls,
    isTyping: (chat) => typing.get(chat) ?? false,
    signals,
    setHealth: (state) => {
      health = state;
    },
  };
}

interface RenderScripted extends Pick<ScriptedPlatformOptions, "split"> {
  readonly plain: boolean;
  readonly capabilities: Capabilities;
}

function renderScripted(reply: Reply, { plain, capabilities, split }: RenderScripted): Rendered<Payload> {
  const { choices = [] } = reply;
  const native = choices.length > 0 && choices.length <= capabilities.choices.max;
  const withFiles = capabilities.files !== false;
  const files = (reply.files ?? []).filter(() => withFiles).map(({ name }) => name);
  const markdown = replyMarkdown(reply, { choices: native, files: withFiles });
  const text = plain ? toPlainText(parseMarkdown(markdown)) : markdown;
  const limits = { limit: capabilities.text.maxLength, measure: measureIn(capabilities.text.unit) };
  const cutNatively = plain ? splitPlain : splitMarkdown;
  const cut = split === undefined ? cutNatively(text, limits) : split(text, limits.limit);
  const pieces = cut.length === 0 && files.length > 0 ? [""] : cut;
  return {
    parts: pieces.map((piece, index) => ({
      text: piece,
      plain,
      choices: native && index === pieces.length - 1 ? choices : [],
      files: index === pieces.length - 1 ? files : [],
    })),
    degraded: choices.length > 0 && !native ? [{ feature: "choices", shownAs: "numbered list" }] : [],
    numberedChoices: choices.length > 0 && !native,
  };
}
