/** Files that people send: what is known of them, and their bytes. */
import type { Client } from "discord.js";
import { z } from "zod";
import type { AdapterContext, Attachment } from "../../../adapter.ts";
import { AttachmentExpiredError, AttachmentUnknownError, cutText, readableItems } from "../../../adapter.ts";
import type { DiscordSettings } from "../settings.ts";
import type { Content, File } from "./payloads.ts";
import type { Discord } from "./library.ts";

const VOICE_MESSAGE = 1 << 13;
/** Largest file that is fetched. */
const MAX_FETCH_BYTES = 50 * 1024 * 1024;

/** The message that a file can be found in again. */
interface Origin {
  readonly messageId?: string;
  readonly channelId?: string;
  readonly isVoice?: boolean;
}

export function attachmentsOf(
  { attachments, sticker_items: stickers, flags }: Content,
  origin: Origin,
): z.input<typeof Attachment>[] {
  const isVoice = (flags & VOICE_MESSAGE) !== 0;
  return [
    ...attachments.map((file) => attachmentOf(file, { ...origin, isVoice })),
    ...stickers.map(({ id, name }) => {
      const url = `https://media.discordapp.net/stickers/${id}.png`;
      return { id, kind: "image", name, mediaType: "image/png", reference: { url } } as const;
    }),
  ];
}

/** With the way to its message, since the link dies within a day. */
export function attachmentOf(file: File, { isVoice = false, ...origin }: Origin): z.input<typeof Attachment> {
  const { id, filename, size, url } = file;
  const mediaType = file.content_type ?? "";
  return {
    id,
    kind: isVoice ? "audio" : kindOf(mediaType),
    name: cutText(filename, 256),
    ...(mediaType === "" ? {} : { mediaType: cutText(mediaType, 128) }),
    ...(size === undefined ? {} : { sizeBytes: size }),
    reference: { url, ...origin },
  };
}

function kindOf(mediaType: string): Attachment["kind"] {
  const family = mediaType.split("/")[0];
  if (family === "image" || family === "audio" || family === "video") return family;
  return family === "text" || /pdf|document|sheet|presentation|json|rtf/.test(mediaType) ? "document" : "other";
}

const Reference = z.object({
  url: z.string(),
  channelId: z.string().optional(),
  messageId: z.string().optional(),
});
const Files = readableItems(z.object({ id: z.string(), url: z.string() }));
const Links = z.object({
  attachments: Files,
  message_snapshots: readableItems(z.object({ message: z.object({ attachments: Files }) })),
});

export interface FileSource {
  readonly discord: Discord;
  readonly client: Pick<Client, "rest">;
  readonly fetchFile: AdapterContext<DiscordSettings>["fetchFile"];
}

/** Reads a file by its link, from Discord's hosts only; a link that has died is replaced by a new one from its message. */
export async function openAttachment(
  { discord, client, fetchFile }: FileSource,
  { id, reference }: Attachment,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const { url, channelId, messageId } = Reference.parse(reference);
  const options = { maxBytes: MAX_FETCH_BYTES, signal };
  try {
    return await fetchFile(url, options);
  } catch (thrown) {
    if (!(thrown instanceof AttachmentExpiredError) || channelId === undefined || messageId === undefined) throw thrown;
    const message = Links.parse(await client.rest.get(discord.Routes.channelMessage(channelId, messageId), { signal }));
    const handedOn = message.message_snapshots.flatMap((one) => one.message.attachments);
    const fresh = [...message.attachments, ...handedOn].find((file) => file.id === id);
    if (fresh === undefined) throw new AttachmentUnknownError("in its message any more");
    return await fetchFile(fresh.url, options);
  }
}
