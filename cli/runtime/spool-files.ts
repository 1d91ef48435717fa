import type { AdapterSession } from "../../core/adapter.ts";
import type { SealedPayload } from "../../core/adapter-binding.ts";
import { createAttachments } from "../../core/attachments/index.ts";
import type { ConversationId } from "../../core/conversation-id.ts";
import { describeError } from "../../core/errors.ts";
import { filesOf, type InboundEvent } from "../../core/event.ts";
import type { Shared } from "./shared.ts";

const SPOOL_MS = 120_000;

/** The session comes after its context, and the context's files come through the session. */
export interface SessionLink {
  session?: AdapterSession<SealedPayload>;
}

/** Fetches the files of an event while the platform's links live; a file that cannot be had is told, not thrown. */
export function spoolFiles(shared: Shared, link: SessionLink): (event: InboundEvent) => void {
  const { spool, broker, environment, telemetry } = shared;
  const attachments = createAttachments({
    spool,
    sessionOf: () => link.session,
    broker,
    keepFile: async (conversation, spoolKey) => await keepFile(shared, conversation, spoolKey),
    clock: environment.clock,
  });
  const spoolAll = async (event: InboundEvent): Promise<void> => {
    const log = telemetry.log.child({ correlationId: event.id });
    try {
      for (const { code } of await attachments.spoolAll(event, AbortSignal.timeout(SPOOL_MS))) {
        log.warn({ code }, "a file was not spooled");
      }
    } catch (thrown) {
      log.warn({ error: describeError(thrown) }, "files were not spooled");
    }
  };
  return (event) => {
    if (filesOf(event).length > 0) void spoolAll(event);
  };
}

/** Notes a file as the conversation's, so that it is deleted with it. */
export async function keepFile(
  { store, environment }: Shared,
  conversation: ConversationId,
  spoolKey: string,
): Promise<void> {
  await store.erasure.keepFile(conversation, spoolKey, new Date(environment.clock()).toISOString());
}
