/** The adapter of the toy platform: as an author would write it, and right in everything the kit looks at. */
import { z } from "zod";
import type {
  Adapter,
  AdapterContext,
  AdapterSession,
  Identity,
  Normalized,
  Outgoing,
  Rendered,
  RenderOptions,
  Reply,
  ReplyFile,
} from "../../../adapter.ts";
import {
  ADAPTER_API_VERSION,
  AmbiguousSendError,
  defineAdapter,
  FileRefusedError,
  MarkupRefusedError,
  ParleyError,
  parseMarkdown,
  PermanentSendError,
  PlaceGoneError,
  RateLimitedError,
  replyMarkdown,
  secret,
  splitMarkdown,
  splitPlain,
  toPlainText,
  TransientSendError,
} from "../../../adapter.ts";

export const ToySettings = z.strictObject({ server: z.url(), token: secret() });
export type ToySettings = z.output<typeof ToySettings>;

/** One message as the toy platform takes it; its file is read when it is sent. */
export interface ToyPayload {
  readonly text: string;
  readonly markdown: boolean;
  readonly choices?: readonly { readonly id: string; readonly label: string }[];
  readonly file?: ReplyFile;
}

type Context = AdapterContext<ToySettings>;

const MAX_TEXT = 1_000;
const BUTTONS = { max: 5, label: 40 };
const PAUSE_MS = 50;

const base = {
  seq: z.number().optional(),
  id: z.string(),
  chat: z.object({ id: z.string(), isGroup: z.boolean(), title: z.string() }),
  thread: z.string().optional(),
  from: z.object({ id: z.string(), name: z.string(), isBot: z.boolean() }),
  at: z.iso.datetime(),
};
const Update = z.discriminatedUnion("kind", [
  z.object({ ...base, kind: z.literal("message"), text: z.string() }),
  z.object({ ...base, kind: z.literal("edit"), text: z.string() }),
  z.object({ ...base, kind: z.literal("removed") }),
  z.object({ ...base, kind: z.literal("reaction"), emoji: z.string() }),
  z.object({ ...base, kind: z.literal("press"), choice: z.string(), press: z.string() }),
  z.object({ ...base, kind: z.literal("joined") }),
]);
const Updates = z.object({ updates: z.array(z.unknown()) });
const Me = z.object({ id: z.string() });
const Sent = z.object({ id: z.string().nullable() });
const Refused = z.object({ error: z.string().default(""), retryAfterMs: z.number().default(0) });

function normalize(raw: unknown, { identity }: { readonly identity: Identity }): Normalized {
  const read = Update.safeParse(raw);
  if (!read.success) return { ignored: "no update that this adapter knows" };
  const { data } = read;
  const { id, chat, thread, from, at } = data;
  const facts = {
    chat: {
      id: chat.id,
      type: chat.isGroup ? ("group" as const) : ("direct" as const),
      title: chat.title,
      ...(thread === undefined ? {} : { thread }),
    },
    user: { id: from.id, name: from.name, isBot: from.isBot },
    ...(identity.userIds.includes(from.id) ? { echo: true } : {}),
    timestamp: at,
  };
  switch (data.kind) {
    case "message": {
      const named = identity.userIds.filter((self) => data.text.startsWith(`@${self} `));
      const mentions = named.map((userId) => ({ userId, isSelf: true }));
      return { event: { type: "message", key: `message:${id}`, messageId: id, text: data.text, mentions, ...facts } };
    }
    case "edit":
      return { event: { type: "edit", key: `edit:${id}:${data.text}`, messageId: id, text: data.text, ...facts } };
    case "removed":
      return { event: { type: "delete", key: `removed:${id}`, messageId: id, ...facts } };
    case "reaction": {
      const { emoji } = data;
      const key = `reaction:${id}:${from.id}:${emoji}`;
      return { event: { type: "reaction", key, messageId: id, emoji, added: true, ...facts } };
    }
    case "press": {
      const { choice: choiceId, press } = data;
      return { event: { type: "action", key: `press:${press}`, messageId: id, choiceId, value: "", ...facts } };
    }
    case "joined":
      return { event: { type: "membership", key: `joined:${id}`, change: "added", ...facts } };
  }
}

function render(reply: Reply, options: RenderOptions): Rendered<ToyPayload> {
  const markdown = replyMarkdown(reply, { choices: true, files: true }, options);
  const texts = options.plain
    ? splitPlain(toPlainText(parseMarkdown(markdown)), { limit: MAX_TEXT })
    : splitMarkdown(markdown, MAX_TEXT);
  const parts = texts.map((text): ToyPayload => ({ text, markdown: !options.plain }));
  const choices = (reply.choices ?? []).map(({ id, label }) => ({ id, label: label.slice(0, BUTTONS.label) }));
  const last = parts.pop() ?? { text: "…", markdown: false };
  const files = (reply.files ?? []).map((file): ToyPayload => ({ text: "", markdown: false, file }));
  return { parts: [...parts, choices.length > 0 ? { ...last, choices } : last, ...files], degraded: [] };
}

/** Calls a method; throws what `send` may throw. */
function createCaller({ settings }: Context) {
  return async (method: string, body: object, signal?: AbortSignal): Promise<unknown> => {
    let response: Response;
    try {
      response = await fetch(`${settings.server}/${settings.token.reveal()}/${method}`, {
        method: "POST",
        body: JSON.stringify(body),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (thrown) {
      throw new AmbiguousSendError("Toy", thrown);
    }
    if (response.ok) return await response.json();
    const { error, retryAfterMs } = Refused.parse(await response.json());
    if (response.status === 429) throw new RateLimitedError("Toy", retryAfterMs);
    if (response.status >= 500) throw new TransientSendError("Toy", error);
    if (response.status === 422) throw new MarkupRefusedError("Toy");
    if (response.status === 415) throw new FileRefusedError("Toy", error);
    if (response.status === 410) throw new PlaceGoneError("Toy", error);
    throw new PermanentSendError("Toy", error);
  };
}

/** What a mutant turns off, where no wrapping reaches. */
export interface Habits {
  /** A press is acknowledged before the queue has it: the presser waits less long than the queue may take. */
  readonly acknowledgesFirst: boolean;
  readonly pollsAgain: boolean;
}

export async function connectToy(context: Context, habits: Habits): Promise<AdapterSession<ToyPayload>> {
  const call = createCaller(context);
  const identity = { userIds: [Me.parse(await call("me", {})).id] };
  context.identify(identity);
  const receiver = receive({ ...context, identity }, call, habits);
  const place = ({ target }: Pick<Outgoing<ToyPayload>, "target">) => ({ chat: target.chat, thread: target.thread });
  return {
    send: async (outgoing) => {
      const { file, ...payload } = outgoing.payload;
      const body = { ...payload, ...place(outgoing), key: outgoing.key };
      const withFile = file === undefined ? body : { ...body, file: await upload(context, file) };
      const { id } = Sent.parse(await call("send", withFile, outgoing.signal));
      return { messageId: id ?? "" };
    },
    edit: async ({ payload }, id) => void (await call("edit", { id, text: payload.text, markdown: payload.markdown })),
    remove: async (_target, id) => void (await call("remove", { id })),
    react: async (_target, id, emoji) => void (await call("react", { id, emoji })),
    typing: async ({ chat }, on) => void (await call("typing", { chat, on })),
    reconcile: async ({ key }) => {
      const { id } = Sent.parse(await call("find", { key }));
      return id === null ? "not-sent" : { sent: id };
    },
    ...receiver,
  };
}

async function upload({ openFile }: Context, { name, mediaType, spoolKey }: ReplyFile): Promise<object> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await openFile(spoolKey)) chunks.push(chunk);
  return { name, mediaType, base64: Buffer.concat(chunks).toString("base64") };
}

/** Polls until it is closed; the position moves on only when what came before is durable. */
function receive(
  { accept, values, log, identity }: Context & { readonly identity: Identity },
  call: ReturnType<typeof createCaller>,
  { acknowledgesFirst, pollsAgain }: Habits,
): Pick<AdapterSession<ToyPayload>, "health" | "close"> {
  const closing = new AbortController();
  const state = {
    position: -1,
    lastReceivedAt: undefined as string | undefined,
    problem: undefined as string | undefined,
  };
  const handle = async (raw: unknown): Promise<void> => {
    const normalized = normalize(raw, { identity });
    const update = Update.safeParse(raw).data;
    const acknowledge = async (): Promise<void> => {
      if (update?.kind === "press") await call("pressed", { id: update.press });
    };
    if (acknowledgesFirst) await acknowledge();
    await accept(normalized, raw);
    if (!acknowledgesFirst) await acknowledge();
    state.lastReceivedAt = new Date().toISOString();
  };
  const poll = async (): Promise<void> => {
    const stored = state.position < 0 ? await values?.get("position") : state.position;
    state.position = typeof stored === "number" ? stored : 0;
    const { updates } = Updates.parse(await call("updates", { after: state.position }, closing.signal));
    state.problem = undefined;
    for (const raw of updates) {
      if (closing.signal.aborted) return;
      await handle(raw);
      state.position += 1;
      await values?.set("position", state.position);
    }
  };
  const running = (async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        await poll();
      } catch (thrown) {
        const code = thrown instanceof ParleyError ? thrown.code : "unknown";
        state.problem = code;
        if (!closing.signal.aborted) log.warn({ code }, "polling failed");
        if (!pollsAgain) return;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  })();
  return {
    health: () => {
      const { lastReceivedAt, problem } = state;
      const received = lastReceivedAt === undefined ? {} : { lastReceivedAt };
      if (closing.signal.aborted) return { state: "closed", detail: "closed", ...received };
      if (problem === "send/permanent")
        return { state: "down", detail: "the token was refused", remedy: "Make a new token.", ...received };
      return { state: "live", detail: "polling", ...received };
    },
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

export const toy: Adapter<ToySettings, ToyPayload> = {
  manifest: {
    platform: "toy",
    apiVersion: ADAPTER_API_VERSION,
    displayName: "Toy",
    acknowledgement: "on-offset",
    connection: "exclusive",
    attachmentHosts: [],
    capabilities: {
      text: { maxLength: MAX_TEXT, unit: "utf16", markup: "markdown" },
      choices: { max: BUTTONS.max, labelMaxLength: BUTTONS.label },
      polls: false,
      ephemeral: false,
      edit: true,
      remove: true,
      react: true,
      typing: { refreshMs: 5_000 },
      streaming: { style: "edits", minIntervalMs: 500 },
      threads: true,
      files: { maxBytes: 1_000_000 },
      history: false,
      reconcile: true,
      idempotentSend: true,
      rate: { perChatPerSecond: 100, perAccountPerSecond: 1_000 },
    },
  },
  configSchema: ToySettings,
  safeParts: (text, key) => (key === "kind" ? [text] : []),
  normalize,
  render,
  connect: async (context) => await connectToy(context, { acknowledgesFirst: true, pollsAgain: true }),
};

export const toyAdapter = defineAdapter(toy);
