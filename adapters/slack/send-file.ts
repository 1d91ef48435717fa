import type { AdapterContext, ReplyFile } from "../../adapter.ts";
import { FileRefusedError, ParleyError, PermanentSendError, TransientSendError } from "../../adapter.ts";
import { isTokenRefused, platformError } from "./transport/send-errors.ts";
import type { Workspace } from "./workspaces.ts";

/** Shows one file in a channel or thread. Throws `FileRefusedError` where Slack takes the file not. */
export async function sendFile(
  place: { readonly workspace: Workspace; readonly channel: string; readonly thread?: string },
  file: ReplyFile,
  openFile: AdapterContext<never>["openFile"],
): Promise<void> {
  const { workspace, channel, thread } = place;
  const bytes = await bytesOf(file, openFile);
  try {
    const where = { channel, ...(thread === undefined ? {} : { thread }) };
    await workspace.upload({ name: file.name, bytes, ...where });
  } catch (thrown) {
    if (!(thrown instanceof PermanentSendError) || isTokenRefused(thrown.cause) || isPlace(thrown)) throw thrown;
    throw new FileRefusedError("Slack", platformError(thrown) ?? "the upload was refused", thrown);
  }
}

/** Said of the place, not of the file. */
function isPlace(thrown: PermanentSendError): boolean {
  return /thread|archived|channel_not_found|not_in_channel/u.test(platformError(thrown) ?? "");
}

async function bytesOf({ spoolKey }: ReplyFile, openFile: AdapterContext<never>["openFile"]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of await openFile(spoolKey)) chunks.push(chunk);
  } catch (thrown) {
    if (thrown instanceof ParleyError && !thrown.retryable)
      throw new FileRefusedError("Slack", "it is no longer there", thrown);
    throw new TransientSendError("Slack", "a file could not be read", thrown);
  }
  return Buffer.concat(chunks);
}
