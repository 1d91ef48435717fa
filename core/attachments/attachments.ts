/** Gets the files of an event onto our side before the platform's links to them die, and opens them. */
import type { AdapterSession, SpooledFile } from "../adapter.ts";
import type { Broker } from "../broker/broker.ts";
import type { AccountId, ConversationId } from "../conversation-id.ts";
import type { Clock } from "../environment.ts";
import { ParleyError } from "../errors.ts";
import { filesOf, type Attachment, type InboundEvent } from "../event.ts";
import {
  AttachmentExpiredError,
  AttachmentFetchError,
  AttachmentTooLargeError,
  AttachmentUnknownError,
} from "./errors.ts";
import type { Spool } from "./spool.ts";

/** A file that is on our side. */
export interface OpenAttachment extends SpooledFile {
  readonly open: () => Promise<AsyncIterable<Uint8Array>>;
}

export interface Attachments {
  /**
   * The file, fetched unless it is here already. Throws `attachment/expired`, `attachment/too-large`,
   * `attachment/unknown` (also when the account is not connected in this process and the file is not spooled),
   * `attachment/host-not-allowed` or `attachment/fetch-failed`.
   */
  readonly ensure: (event: InboundEvent, attachment: Attachment, signal: AbortSignal) => Promise<OpenAttachment>;
  /** Fetches all files of an event, so that they can wait with it. Gives the errors instead of throwing them. */
  readonly spoolAll: (event: InboundEvent, signal: AbortSignal) => Promise<readonly ParleyError[]>;
}

export interface AttachmentsOptions {
  readonly spool: Spool;
  /** The account's live connection in this process, if any. */
  readonly sessionOf: (account: AccountId) => Pick<AdapterSession<never>, "fetchAttachment"> | undefined;
  /** Tells other processes what is spooled already. */
  readonly broker: Pick<Broker, "remember" | "recall">;
  /** Notes that a conversation uses a file, so that it goes when the conversation is forgotten. */
  readonly keepFile: (conversation: ConversationId, spoolKey: string) => Promise<void>;
  readonly clock: Clock;
}

/** As long as the spool keeps files. */
const KEY_TTL_MS = 7 * 24 * 60 * 60_000;
export function createAttachments(options: AttachmentsOptions): Attachments {
  const { spool, broker } = options;
  const fetching = new Map<string, Promise<SpooledFile>>();

  async function fetchFile(event: InboundEvent, attachment: Attachment, signal: AbortSignal): Promise<SpooledFile> {
    const { expiresAt, sizeBytes, name } = attachment;
    const fetchAttachment = options.sessionOf(event.account)?.fetchAttachment;
    if (attachment.spoolKey !== undefined || fetchAttachment === undefined) {
      throw new AttachmentUnknownError("in the spool, and it cannot be fetched from here");
    }
    if (expiresAt !== undefined && Date.parse(expiresAt) <= options.clock()) throw new AttachmentExpiredError();
    if (sizeBytes !== undefined && sizeBytes > spool.maxBytes) throw new AttachmentTooLargeError(spool.maxBytes);
    const file = await spool.put(await fetchAttachment(attachment, signal), name === undefined ? {} : { name });
    await broker.remember(attachmentKey(event, attachment), file.key, KEY_TTL_MS);
    return file;
  }

  /** Two who ask for the same file at once share one fetch. */
  async function fetchOnce(event: InboundEvent, attachment: Attachment, signal: AbortSignal): Promise<SpooledFile> {
    const key = attachmentKey(event, attachment);
    const running = fetching.get(key);
    if (running !== undefined) return await running;
    const started = fetchFile(event, attachment, signal).finally(() => fetching.delete(key));
    fetching.set(key, started);
    return await started;
  }

  async function ensure(event: InboundEvent, attachment: Attachment, signal: AbortSignal): Promise<OpenAttachment> {
    signal.throwIfAborted();
    const { name, spoolKey } = attachment;
    const file =
      (await find(spool, spoolKey, name)) ??
      (await find(spool, await broker.recall(attachmentKey(event, attachment)), name)) ??
      (await fetchOnce(event, attachment, signal));
    const open = async (): Promise<AsyncIterable<Uint8Array>> => await spool.open(file.key);
    return { ...file, open };
  }

  return {
    ensure,
    spoolAll: async (event, signal) => {
      const errors: ParleyError[] = [];
      for (const attachment of filesOf(event)) {
        if (attachment.kind === "location" || attachment.kind === "contact") continue;
        try {
          const { key } = await ensure(event, attachment, signal);
          await options.keepFile(event.conversation, key);
        } catch (thrown) {
          signal.throwIfAborted();
          errors.push(
            thrown instanceof ParleyError ? thrown : new AttachmentFetchError("its adapter failed", false, thrown),
          );
        }
      }
      return errors;
    },
  };
}

/** The spooled file, if it is there still. */
async function find(spool: Spool, key: string | undefined, name: string | undefined): Promise<SpooledFile | undefined> {
  if (key === undefined) return undefined;
  try {
    return await spool.facts(key, name);
  } catch (thrown) {
    if (thrown instanceof AttachmentUnknownError) return undefined;
    throw thrown;
  }
}

/** Under which it is remembered where a fetched file lies in the spool. */
export function attachmentKey(event: InboundEvent, attachment: Attachment): string {
  return `attachment:${event.account}:${event.id}:${attachment.id}`;
}
