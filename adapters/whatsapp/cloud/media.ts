/** Files in and out of the Cloud API. */
import { z } from "zod";
import { AttachmentHostError, AttachmentUnknownError } from "../../../core/attachments/index.ts";
import type { Attachment } from "../../../core/event.ts";
import { AmbiguousSendError, TransientSendError } from "../../../core/send-errors.ts";
import { cloudManifest } from "../manifest.ts";
import type { CloudSettings } from "../settings.ts";
import type { Graph } from "./graph.ts";

const Uploaded = z.object({ id: z.string().min(1) });
const Media = z.object({ url: z.url() });

/** A file to be uploaded. */
export interface Upload {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: AsyncIterable<Uint8Array>;
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
  form.set("file", new Blob([await collect(bytes)], { type: mediaType }), name);
  try {
    return (await graph.call(`${phoneNumberId}/media`, { answer: Uploaded, form, signal })).id;
  } catch (thrown) {
    // An upload shows nothing to anybody: it may be repeated.
    if (thrown instanceof AmbiguousSendError) throw new TransientSendError("whatsapp", "the upload broke off", thrown);
    throw thrown;
  }
}

/** The bytes of a file that a person sent. Its address lives five minutes, so it is asked for each time. */
export async function fetchMedia(
  graph: Graph,
  { graphUrl }: CloudSettings,
  { reference }: Attachment,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const id = reference["media"];
  if (typeof id !== "string") throw new AttachmentUnknownError("on WhatsApp: the message names no media");
  const { url } = await graph.call(encodeURIComponent(id), { answer: Media, signal });
  checkHost(url, graphUrl);
  return await graph.download(url, signal);
}

/** The token is shown to WhatsApp's own hosts only. */
function checkHost(url: string, graphUrl: string): void {
  const { protocol, host, hostname } = new URL(url);
  if (host === new URL(graphUrl).host) return;
  if (protocol === "https:" && cloudManifest.attachmentHosts.includes(hostname)) return;
  throw new AttachmentHostError("WhatsApp named a host for it that is not its own");
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}
