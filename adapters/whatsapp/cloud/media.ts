/** Files in and out of the Cloud API. */
import { z } from "zod";
import type { AdapterContext, Attachment } from "../../../adapter.ts";
import {
  AmbiguousSendError,
  AttachmentUnknownError,
  FileRefusedError,
  MarkupRefusedError,
  ParleyError,
  PermanentSendError,
  TransientSendError,
} from "../../../adapter.ts";
import type { CloudSettings } from "../settings.ts";
import type { Graph } from "./graph.ts";

/** Largest file that is fetched: what WhatsApp lets people send. */
const MAX_FETCH_BYTES = 100 * 1024 * 1024;
const Uploaded = z.object({ id: z.string().min(1) });
const Media = z.object({ url: z.url() });

/** A file to be uploaded. */
export interface Upload {
  readonly name: string;
  readonly mediaType: string;
  /** Opens them; they may be gone. */
  readonly bytes: () => Promise<AsyncIterable<Uint8Array>>;
  readonly signal: AbortSignal;
}

/** Uploads a file; gives the id to send it by. Throws the errors of `send-errors.ts`, never an ambiguous one. */
export async function uploadMedia(
  graph: Graph,
  { phoneNumberId }: CloudSettings,
  { name, mediaType, bytes, signal }: Upload,
): Promise<string> {
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("type", mediaType);
  try {
    form.set("file", new Blob([await collect(await bytes())], { type: mediaType }), name);
    return (await graph.call(`${phoneNumberId}/media`, { answer: Uploaded, form, signal })).id;
  } catch (thrown) {
    // An upload shows nothing to anybody: it may be repeated.
    if (thrown instanceof AmbiguousSendError) throw new TransientSendError("whatsapp", "the upload broke off", thrown);
    throw refusedFile(thrown);
  }
}

/** The file, not its words: a media type or a size that WhatsApp does not take, bytes that are gone. */
export function refusedFile(thrown: unknown): unknown {
  if (!(thrown instanceof ParleyError)) return thrown;
  const isRefused = thrown instanceof PermanentSendError || thrown instanceof MarkupRefusedError;
  return isRefused || thrown.code.startsWith("attachment/")
    ? new FileRefusedError("whatsapp", thrown.code, thrown)
    : thrown;
}

/** The bytes of a file that a person sent. Its address lives five minutes, so it is asked for each time. */
export async function fetchMedia(
  graph: Graph,
  { settings, fetchFile }: Pick<AdapterContext<CloudSettings>, "settings" | "fetchFile">,
  { reference }: Attachment,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const id = reference["media"];
  if (typeof id !== "string") throw new AttachmentUnknownError("on WhatsApp: the message names no media");
  const { url } = await graph.call(encodeURIComponent(id), { answer: Media, signal });
  return await fetchFile(url, {
    headers: { authorization: `Bearer ${settings.accessToken.reveal()}`, "user-agent": "parley" },
    maxBytes: MAX_FETCH_BYTES,
    signal,
  });
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}
