/** What the page shows of the local platforms, and what it may do. */
import { z } from "zod";
import type { Capabilities, Health } from "../../core/adapter.ts";
import { ParleyError } from "../../core/errors.ts";
import type { LocalPerson, SeenMessage } from "../../core/testing/index.ts";
import type { LocalDesk } from "./local-platforms.ts";

const target = { platform: z.string(), chat: z.enum(["direct", "group"]) };

const Fault = z.enum(["cut", "rate-limit", "server-error", "markup-refused", "down", "up", "redeliver"]);
type Fault = z.output<typeof Fault>;

/** What a person does on the page, and what goes wrong on the platform. */
export const Action = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("say"),
    ...target,
    text: z.string().max(100_000),
    mention: z.boolean().default(false),
    file: z.strictObject({ name: z.string().max(200), mediaType: z.string().max(100), base64: z.string() }).optional(),
  }),
  z.strictObject({ type: z.literal("press"), ...target, messageId: z.string(), label: z.string() }),
  z.strictObject({ type: z.literal("edit"), ...target, messageId: z.string(), text: z.string() }),
  z.strictObject({ type: z.literal("remove"), ...target, messageId: z.string() }),
  z.strictObject({ type: z.literal("react"), ...target, messageId: z.string(), emoji: z.string().max(16) }),
  z.strictObject({ type: z.literal("fault"), platform: z.string(), fault: Fault }),
]);
export type Action = z.output<typeof Action>;

/** One platform as the page draws it. */
export interface PlatformView {
  readonly platform: string;
  readonly name: string;
  readonly limits: string;
  readonly health: Pick<Health, "state" | "detail" | "remedy">;
  readonly refusedCalls: readonly string[];
  readonly chats: readonly ChatView[];
}

export interface ChatView {
  readonly kind: "direct" | "group";
  readonly title: string;
  readonly typing: boolean;
  readonly messages: readonly (Omit<SeenMessage, "files"> & {
    readonly files: readonly string[];
    readonly mine: boolean;
  })[];
}

/** Draws one platform. */
export function viewOf({ platform, ann, group }: LocalDesk, health: Health | undefined): PlatformView {
  const { manifest } = platform.account.adapter;
  const chat = (kind: ChatView["kind"], title: string, id?: string): ChatView => ({
    kind,
    title,
    typing: ann.seesTyping?.(id) ?? false,
    messages: ann.sees(id).map((message) => ({
      ...message,
      files: message.files.map(({ name, sizeBytes }) => `${name} (${sizeBytes} bytes)`),
      mine: message.author.id === ann.id,
    })),
  });
  const { state = "starting", detail = "", remedy } = health ?? {};
  return {
    platform: platform.platform,
    name: manifest.displayName,
    limits: limitsOf(manifest.capabilities),
    health: { state, detail, ...(remedy === undefined ? {} : { remedy }) },
    refusedCalls: platform.refusedCalls(),
    chats: [chat("direct", "Direct"), ...(group === undefined ? [] : [chat("group", group.title, group.id)])],
  };
}

function limitsOf({ text, choices, polls, streaming, files }: Capabilities): string {
  const buttons = choices.max > 0 ? `${choices.max} buttons` : polls ? "polls" : "numbered choices";
  const stream = streaming === false ? "no streaming" : `streams (${streaming.style})`;
  const upload = files === false ? "no files" : `files to ${Math.round(files.maxBytes / 1_048_576)} MB`;
  return [`${text.maxLength} ${text.unit}`, buttons, stream, upload].join(" · ");
}

const notHere = async (): Promise<never> =>
  await Promise.reject(new ParleyError("cli/not-on-this-platform", "This local platform does not have that."));
const NOT_HERE = { press: notHere, edit: notHere, remove: notHere, react: notHere };

/** Does it; resolves with a note for the page where there is one. Throws what the platform says against it. */
export async function perform(desks: readonly LocalDesk[], action: Action): Promise<string | undefined> {
  const desk = desks.find(({ platform }) => platform.platform === action.platform);
  if (desk === undefined) return `There is no ${action.platform} here.`;
  const { ann, group, platform } = desk;
  if (action.type === "fault") return await breakIt(platform.faults, action.fault);
  const { press, edit, remove, react } = { ...NOT_HERE, ...ann };
  const { messageId } = action.type === "say" ? { messageId: "" } : action;
  switch (action.type) {
    case "say":
      await ann.say(action.text, saying(action, group?.id));
      return undefined;
    case "press": {
      const { acknowledged, notice } = await press(messageId, action.label);
      return acknowledged ? notice : "This interaction failed: the bot did not answer in time.";
    }
    case "edit":
      await edit(messageId, action.text);
      return undefined;
    case "remove":
      await remove(messageId);
      return undefined;
    case "react":
      await react(messageId, action.emoji);
      return undefined;
  }
}

function saying(
  { chat, mention, file }: Extract<Action, { type: "say" }>,
  group: string | undefined,
): Parameters<LocalPerson["say"]>[1] {
  const files = file === undefined ? [] : [{ ...file, bytes: Buffer.from(file.base64, "base64") }];
  return { ...(chat === "group" && group !== undefined ? { chat: group } : {}), mentionBot: mention, files };
}

const NOTES: Readonly<Record<Fault, string>> = {
  cut: "Every connection of the bot was cut.",
  "rate-limit": "The next send is answered with 429: wait 3 s.",
  "server-error": "The next send is answered with 503.",
  "markup-refused": "The next send's markup is refused.",
  down: "The platform is down.",
  up: "The platform is back.",
  redeliver: "Everything is delivered again.",
};

async function breakIt(faults: LocalDesk["platform"]["faults"], fault: Fault): Promise<string> {
  const actions: Readonly<Record<Fault, (() => Promise<unknown> | void) | undefined>> = {
    cut: faults.cutConnections,
    "rate-limit": () => faults.next("send", { kind: "rate-limited", retryAfterMs: 3_000 }),
    "server-error": () => faults.next("send", { kind: "server-error", status: 503 }),
    "markup-refused": () => faults.next("send", { kind: "markup-refused" }),
    down: faults.goDown,
    up: faults.comeBack,
    redeliver: faults.redeliver,
  };
  await (actions[fault] ?? notHere)();
  return NOTES[fault];
}
