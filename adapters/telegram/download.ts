import type { Api } from "grammy";
import { z } from "zod";
import type { AdapterContext, Attachment } from "../../adapter.ts";
import { AttachmentFetchError, AttachmentTooLargeError } from "../../adapter.ts";
import { MAX_DOWNLOAD_BYTES } from "./manifest.ts";
import { networkCodeIn, refusalIn, toLibrarySignal } from "./probe.ts";
import type { TelegramSettings } from "./settings.ts";

/** The bytes of a file that a person sent. Its address holds the token, so it is made here and goes nowhere else. */
export async function openTelegramFile(
  {
    api,
    settings,
    fetchFile,
  }: { readonly api: Api } & Pick<AdapterContext<TelegramSettings>, "settings" | "fetchFile">,
  { reference, sizeBytes = 0 }: Attachment,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const { fileId } = z.object({ fileId: z.string() }).parse(reference);
  if (sizeBytes > MAX_DOWNLOAD_BYTES) throw new AttachmentTooLargeError(MAX_DOWNLOAD_BYTES);
  const { file_path: path } = await api.getFile(fileId, toLibrarySignal(signal)).catch((thrown: unknown) => {
    const refusal = refusalIn(thrown);
    if (refusal?.description.includes("too big") === true) throw new AttachmentTooLargeError(MAX_DOWNLOAD_BYTES);
    throw new AttachmentFetchError(
      `Telegram answered ${refusal?.error_code ?? networkCodeIn(thrown)}`,
      refusal?.error_code !== 400,
    );
  });
  return await fetchFile(`${settings.apiRoot}/file/bot${settings.token.reveal()}/${path ?? ""}`, {
    maxBytes: MAX_DOWNLOAD_BYTES,
    signal,
  });
}
