/** What happens when the bot posts or changes a message: nonces, mentions, files. */
import type { ApiCall as Call } from "../../../core/testing/index.ts";
import { mentionedUsers } from "./payloads.ts";
import { checkMessage, MessageBody, refuse, validate } from "./validate.ts";
import { addMessage, type StoredChannel, type StoredFile, type StoredMessage, type World } from "./world.ts";

/** Bits of `flags`. */
export const FLAGS = { suppressEmbeds: 4, ephemeral: 64 } as const;
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_FILES = 10;

/** A checked body. Throws what Discord answers instead. */
export function readMessage({ body, files }: Sent, isEdit = false): MessageBody {
  const message = validate(MessageBody, body ?? {});
  if (files.some(({ bytes }) => bytes.byteLength > MAX_FILE_BYTES)) refuse(413, 40005, "Request entity too large");
  if (files.length > MAX_FILES) refuse(400, 30015, "Maximum number of attachments reached (10)");
  if (!isEdit) checkMessage(message, files.length);
  return message;
}
type Sent = Pick<Call, "body" | "files">;

function storedFiles(world: World, files: Call["files"]): readonly StoredFile[] {
  return files.map((file) => ({ ...file, id: world.newId() }));
}

/** How the bot posts. */
interface Posting {
  readonly visibleTo?: string | undefined;
  readonly type?: number;
}

/** Posts as the bot; a nonce that is known gives the message that has it. */
export function post(
  world: World,
  channel: StoredChannel,
  call: Sent,
  { type = 0, visibleTo }: Posting = {},
): { readonly message: StoredMessage; readonly isNew: boolean } {
  const body = readMessage(call);
  const nonce = nonceOf(body);
  const known = body.enforce_nonce ? knownMessage(channel, nonce) : undefined;
  if (known !== undefined) return { message: known, isNew: false };
  const answered = channel.messages.find(({ id }) => id === body.message_reference?.message_id);
  if (answered === undefined && body.message_reference?.fail_if_not_exists === true)
    refuse(400, 50035, "Invalid Form Body", unknownReference);
  const message = addMessage(world, channel, {
    author: world.bot,
    ...contentOf(body),
    files: storedFiles(world, call.files),
    type: answered === undefined ? type : 19,
    pinged: pings(world, body, answered),
    replyTo: answered?.id,
    nonce,
    visibleTo,
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
export function change(world: World, message: StoredMessage, call: Sent): StoredMessage {
  const body = readMessage(call, true);
  const given = contentOf(body);
  if (body.content !== undefined) message.content = given.content;
  if (body.embeds !== undefined) message.embeds = given.embeds;
  if (body.components !== undefined) message.components = given.components;
  if (body.flags !== undefined) message.flags = (message.flags & FLAGS.ephemeral) | (given.flags & ~FLAGS.ephemeral);
  if (body.attachments !== undefined || call.files.length > 0) changeFiles(world, message, body, call.files);
  if (message.loading) message.loading = false;
  else message.editedAt = new Date(world.clock()).toISOString();
  world.changed();
  return message;
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
