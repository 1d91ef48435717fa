/** Commands, presses, menus and forms as events. Pure. */
import type { EventDraft, JsonObject, Normalized } from "../../../adapter.ts";
import { attachmentOf } from "./files.ts";
import { chatOf, isPrivateThread, nameOf, timeOf, type Where } from "./origin.ts";
import { type Interaction, type Known, Referred } from "./payloads.ts";
import { referredTo } from "./referred.ts";
import type { DiscordSettings } from "../settings.ts";

/** Types of interactions, and of commands. */
const COMMAND = 2;
const PRESS = 3;
const FORM = 5;
const SLASH = 1;

type Context = Where & Pick<DiscordSettings, "commandReplies">;

/** One interaction; what a reply needs to answer it travels as `reference`. */
export function readInteraction(interaction: Interaction, about: Known, settings: Context): Normalized {
  const { id, type, data, channel_id: channelId, guild_id: guildId, channel, member } = interaction;
  const user = interaction.user ?? member?.user;
  if (user === undefined || data === undefined) return { ignored: "an interaction without a person" };
  const here = { channel: { type: channel.type, parentId: channel.parent_id, name: channel.name } };
  const base = {
    key: `interaction:${id}`,
    chat: chatOf({ channelId, guildId }, here, settings),
    user: { id: user.id, ...nameOf(user, member), isBot: user.bot, ...localeOf(interaction) },
    timestamp: new Date(timeOf(id)).toISOString(),
  } as const;
  if (type === COMMAND && data.type === SLASH) return readCommand(data, base, deferredOf(interaction, settings));
  if (type === FORM) return readForm(data, { base, about, channelId, reference: deferredOf(interaction, settings) });
  return type === PRESS ? readPress(interaction, base) : { ignored: `an interaction that is not used (type ${type})` };
}

/** "is thinking…" will stand there until the answer takes its place. */
function deferredOf({ id, token, guild_id: guildId, channel }: Interaction, { commandReplies }: Context): JsonObject {
  return {
    interaction: { id, token, kind: "deferred" },
    isPrivate: guildId !== undefined && commandReplies === "private",
    ...(isPrivateThread(channel) ? { inPrivateThread: true } : {}),
  };
}

/** The answer to a stranger's press is for the stranger alone. */
function readPress({ id, token, guild_id: guildId, channel, message, data }: Interaction, base: Base): Normalized {
  const pressed = readChoice(data?.custom_id ?? "", data?.values);
  if (pressed === undefined) return { ignored: "a button that is not this bot's" };
  const { choiceId, requesterId } = pressed;
  const isStranger = requesterId !== "" && requesterId !== base.user.id;
  return {
    event: {
      ...base,
      type: "action",
      choiceId,
      ...(message === undefined ? {} : { messageId: message.id }),
      reference: {
        interaction: { id, token, kind: "pressed" },
        isPrivate: isStranger && guildId !== undefined,
        isDirect: guildId === undefined,
        ...(isPrivateThread(channel) ? { inPrivateThread: true } : {}),
      },
    },
  };
}

function localeOf({ locale }: Interaction): { readonly locale?: string } {
  return locale === undefined ? {} : { locale };
}

type Base = Pick<EventDraft, "key" | "chat" | "user" | "timestamp">;
type InteractionData = NonNullable<Interaction["data"]>;

function readCommand({ name = "", options, resolved }: InteractionData, base: Base, reference: JsonObject): Normalized {
  if (!/^[a-z0-9_-]{1,64}$/.test(name)) return { ignored: "a command that is not this bot's" };
  const words = options.filter(({ type }) => type !== 11).map(({ value }) => String(value ?? ""));
  const files = Object.values(resolved?.attachments ?? {}).map((file) => attachmentOf(file, {}));
  return { event: { ...base, type: "command", name, text: words.join(" "), attachments: files, reference } };
}

interface Form {
  readonly base: Base;
  readonly about: Known;
  readonly channelId: string;
  readonly reference: JsonObject;
}

/** A filled form asks about the message it was opened on. */
function readForm(
  { custom_id: customId = "", components = [] }: InteractionData,
  { base, about, channelId, reference }: Form,
): Normalized {
  const askedId = /^ask\|(\d+)$/.exec(customId)?.[1];
  if (askedId === undefined) return { ignored: "a form that is not this bot's" };
  const question = (components[0]?.components[0]?.value ?? "").trim();
  const asked = Referred.safeParse(about.asked).data;
  const where = { messageId: askedId, channelId };
  return {
    event: {
      ...base,
      type: "message",
      messageId: base.key,
      text: question === "" ? "What about this message?" : question,
      mentions: [{ userId: about.selfId, isSelf: true }],
      replyTo: asked === undefined ? { messageId: askedId } : referredTo(asked, where, about.selfId),
      reference,
    },
  };
}

/** `choice|<id>|<requester>` on a button; `menu||<requester>` on a menu, whose values are the ids. */
export function customIdOf(choiceId: string, requesterId: string): string {
  return choiceId === "" ? `menu||${requesterId}` : `choice|${choiceId}|${requesterId}`;
}

function readChoice(
  customId: string,
  values: readonly string[] = [],
): { readonly choiceId: string; readonly requesterId: string } | undefined {
  const [kind, id = "", requesterId = ""] = customId.split("|");
  const choiceId = kind === "menu" ? (values[0] ?? "") : kind === "choice" ? id : "";
  return choiceId === "" ? undefined : { choiceId, requesterId };
}
