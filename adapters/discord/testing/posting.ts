/** What happens when the bot posts or changes a message: nonces, mentions, files. */
import type { ApiCall as Call } from "../../../testing.ts";
import { mentionedUsers } from "./payloads.ts";
import { type ApiError, checkMessage, isApiError, MessageBody, validate } from "./validate.ts";
import { addMessage, type StoredChannel, type StoredFile, type StoredMessage, type World } from "./world.ts";

/** Bits of `flags`. */
export const FLAGS = { suppressEmbeds: 4, ephemeral: 64 } as const;
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_FILES = 10;

/** A checked body, or what Discord answers to it. */
export function readMessage(call: Pick<Call, "body" | "files">, isEdit = false): MessageBody | ApiError {
  const body = validate(MessageBody, call.body ?? {});
  if (isApiError(body)) return body;
  if (call.files.some(({ bytes }) => bytes.byteLength > MAX_FILE_BYTES))
    return { status: 413, code: 40005, message: "Request entity too large" };
  if (call.files.length > MAX_FILES)
    return { status: 400, code: 30015, message: "Maximum number of attachments reached (10)" };
  return (isEdit ? undefined : checkMessage(body, call.files.length)) ?? body;
}

export function storedFiles(world: World, files: Call["files"]): readonly StoredFile[] {
  return files.map((file) => ({ ...file, id: world.newId() }));
}

/** How the bot posts. */
export interface Posting {
  readonly body: MessageBody;
  readonly files: Call["files"];
  readonly visibleTo?: string;
  readonly type?: number;
}

/** Posts as the bot; a nonce that is known gives the message that has it. */
export function post(
  world: World,
  channel: StoredChannel,
  posting: Posting,
): { readonly message: StoredMessage; readonly isNew: boolean } | ApiError {
  const { body, files, type = 0, visibleTo } = posting;
  const nonce = nonceOf(body);
  const known = body.enforce_nonce ? knownMessage(channel, nonce) : undefined;
  if (known !== undefined) return { message: known, isNew: false };
  const answered = channel.messages.find(({ id }) => id === body.message_reference?.message_id);
  if (answered === undefined && body.message_reference?.fail_if_not_exists === true)
    return { status: 400, code: 50035, message: "Invalid Form Body", errors: unknownReference };
  const message = addMessage(world, channel, {
    author: world.bot,
    ...contentOf(body),
    files: storedFiles(world, files),
    type: answered === undefined ? type : 19,
    pinged: pings(world, body, answered),
    ...(answered === undefined ? {} : { replyTo: answered.id }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(visibleTo === undefined ? {} : { visibleTo }),
  });
  return { message, isNew: true };
}

function nonceOf({ nonce }: MessageBody): string | undefined {
  return nonce === undefined || nonce === null ? undefined : String(nonce);
}

function knownMessage({ nonces, messages }: StoredChannel, nonce: string | undefined): StoredMessage | undefined {
  const knownId = nonce === undefined ? undefined : nonces.get(nonce);
  return messages.find(({ id }) => id === knownId);
}

function contentOf({ content, embeds, components, flags }: MessageBody) {
  return { content: content ?? "", embeds: embeds ?? [], components: components ?? [], flags: flags ?? 0 };
}

const unknownReference = {
  message_reference: { _errors: [{ code: "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", message: "Unknown message" }] },
};

/** Changes what the body names; what it leaves out stays. */
export function change(world: World, message: StoredMessage, body: MessageBody, files: Call["files"]): void {
  const given = contentOf(body);
  if (body.content !== undefined) message.content = given.content;
  if (body.embeds !== undefined) message.embeds = given.embeds;
  if (body.components !== undefined) message.components = given.components;
  if (body.flags !== undefined) message.flags = (message.flags & FLAGS.ephemeral) | (given.flags & ~FLAGS.ephemeral);
  if (body.attachments !== undefined || files.length > 0) changeFiles(world, message, body, files);
  if (message.loading) message.loading = false;
  else message.editedAt = new Date(world.clock()).toISOString();
  world.changed();
}

function changeFiles(world: World, message: StoredMessage, { attachments }: MessageBody, files: Call["files"]): void {
  const kept = new Set((attachments ?? []).map(({ id }) => String(id)));
  const added = storedFiles(world, files);
  for (const file of added) world.files.set(file.id, file);
  message.files = [...message.files.filter(({ id }) => kept.has(id)), ...added];
}

/** Whom a post notifies: by default everybody it mentions, else who is allowed. */
function pings(world: World, body: MessageBody, answered: StoredMessage | undefined): StoredMessage["pinged"] {
  const content = body.content ?? "";
  const allowed = body.allowed_mentions ?? undefined;
  const parse = allowed?.parse ?? (allowed === undefined ? ["users", "roles", "everyone"] : []);
  const mentioned = mentionedUsers(world, content).map(({ id }) => id);
  const users = mentioned.filter((id) => parse.includes("users") || allowed?.users?.includes(id) === true);
  const author = answered?.author.id;
  const repliedTo = allowed === undefined || allowed.replied_user === true ? author : undefined;
  return {
    users: [...new Set([...users, ...(repliedTo === undefined ? [] : [repliedTo])])],
    everyone: parse.includes("everyone") && /@(?:everyone|here)\b/.test(content),
  };
}
