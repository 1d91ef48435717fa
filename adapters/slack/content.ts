/** Who said it, and what: words, files, mentions, what it refers to and hands on. Pure. */
import type { z } from "zod";
import type { Attachment, EventDraft, ForwardedPart, Mention, ReplyTo } from "../../adapter.ts";
import { cutText } from "../../adapter.ts";
import { decodeMrkdwn } from "./mrkdwn.ts";
import { type SlackSettings, qualified } from "./settings.ts";
import type { Callback, Said } from "./transport/bodies.ts";
import { type Card, type File, mrkdwnIn, sharedMrkdwn, sharesIn } from "./transport/words.ts";

export interface Content {
  readonly text: string;
  readonly attachments: z.input<typeof Attachment>[];
  readonly mentions: z.input<typeof Mention>[];
  readonly forwarded: z.input<typeof ForwardedPart>[];
  readonly replyTo?: z.input<typeof ReplyTo>;
  readonly unreadable?: string;
}

export function contentOf(callback: Callback, said: Said, settings: SlackSettings): Content {
  const { team_id: team } = callback;
  const self = selfOf(callback);
  const words = mrkdwnIn(said);
  const mentioned = [...words.matchAll(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/gu)].map(([, id = ""]) => id);
  const replyTo = replyToOf(callback, said, settings);
  const isUnread = words === "" && said.files.length === 0 && sharesIn(said).length === 0 && said.blocks.length > 0;
  return {
    text: decodeMrkdwn(words, self),
    attachments: said.files.map((file) => attachmentOf(file, team)),
    mentions: [...new Set(mentioned)].map((id) => ({
      userId: qualified(settings, team, id),
      isSelf: self.includes(id),
    })),
    forwarded: sharesIn(said).map((card) => sharedPart(card, callback, settings)),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(isUnread ? { unreadable: "blocks" } : {}),
  };
}

/** Nothing was said, nothing handed on, nothing is there that cannot be read, and the bot was not called. */
export function isEmpty({ text, attachments, forwarded, mentions, unreadable }: Content): boolean {
  if (unreadable !== undefined) return false;
  return text === "" && attachments.length + forwarded.length === 0 && !mentions.some(({ isSelf }) => isSelf === true);
}

function sharedPart(card: Card, callback: Callback, settings: SlackSettings): z.input<typeof ForwardedPart> {
  const { author_id: author, author_name: name, files } = card;
  return {
    ...(author === undefined ? {} : { userId: qualified(settings, callback.team_id, author) }),
    ...(name === undefined ? {} : { userName: name }),
    text: decodeMrkdwn(sharedMrkdwn(card), selfOf(callback)),
    attachments: files.map((file) => attachmentOf(file, callback.team_id)),
  };
}

/**
 * A thread's messages stand below its first one, which says whose thread it is. They ask about it where our transport
 * adds its words: in somebody else's thread. In a conversation with the bot it is an earlier question, and named by no id.
 */
function replyToOf(
  callback: Callback,
  { thread_ts: thread, parent_user_id: parentUser, ts }: Said,
  settings: SlackSettings,
): z.input<typeof ReplyTo> | undefined {
  const { parent, team_id: team } = callback;
  const author = parentUser ?? parent?.user ?? parent?.bot_id;
  if (thread === undefined || thread === ts || author === undefined) return undefined;
  const userId = qualified(settings, team, author);
  if (parent === undefined) return { userId, isSelf: selfOf(callback).includes(author) };
  const isSelf = authorOf(callback, { ...parent, user: author }, settings)?.isOwn === true;
  return { messageId: thread, userId, isSelf, ...parentFacts(callback, parent) };
}

function parentFacts(
  callback: Callback,
  parent: NonNullable<Callback["parent"]>,
): Omit<z.input<typeof ReplyTo>, "messageId"> {
  const self = selfOf(callback);
  const own = decodeMrkdwn(mrkdwnIn(parent), self);
  const [share] = own === "" ? sharesIn(parent) : [];
  const name = parent.author ?? parent.username;
  return {
    ...(name === undefined ? {} : { userName: name }),
    text: share === undefined ? own : decodeMrkdwn(sharedMrkdwn(share), self),
    attachments: parent.files.map((file) => attachmentOf(file, callback.team_id)),
    ...(share === undefined ? {} : { isForwarded: true }),
  };
}

function attachmentOf(file: z.infer<typeof File>, team: string): z.input<typeof Attachment> {
  const url = file.url_private_download ?? file.url_private;
  return {
    id: file.id,
    kind: kindOf(file.mimetype ?? ""),
    ...(file.name === undefined ? {} : { name: cutText(file.name, 256) }),
    ...(file.mimetype === undefined ? {} : { mediaType: cutText(file.mimetype, 128) }),
    ...(file.size === undefined ? {} : { sizeBytes: file.size }),
    reference: { team, ...(url === undefined ? {} : { url }) },
  };
}

function kindOf(mediaType: string): z.infer<typeof Attachment>["kind"] {
  const family = mediaType.split("/")[0];
  if (family === "image" || family === "audio" || family === "video") return family;
  return mediaType === "" ? "other" : "document";
}

export interface Author {
  readonly user: EventDraft["user"];
  readonly isOwn: boolean;
}

/** Who said it, and whether that was the app's own bot. */
export function authorOf(
  callback: Callback,
  { user, bot_id: botId, app_id: appId, username, user_team: home, source_team: source }: Partial<Said>,
  settings: SlackSettings,
): Author | undefined {
  const id = user ?? botId;
  if (id === undefined) return undefined;
  const isOwn = selfOf(callback).includes(id) || (appId !== undefined && appId === callback.api_app_id);
  return {
    user: {
      // In a shared channel each side is told of the others under its own workspace: a person is of their own.
      id: qualified(settings, home ?? source ?? callback.team_id, id),
      ...named(username),
      isBot: botId !== undefined || isOwn,
    },
    isOwn,
  };
}

/** The app's own bot, in whichever workspace. */
export function selfOf({ authorizations, own_users: own }: Callback): readonly string[] {
  return [...authorizations.flatMap(({ user_id: id }) => (id === undefined ? [] : [id])), ...own];
}

export function named(name: string | undefined): { readonly name?: string } {
  return name === undefined ? {} : { name };
}
