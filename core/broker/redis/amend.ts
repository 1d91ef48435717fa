/** Edits and deletes of events that still wait: changed in place, atomically, or else left to be appended as events. */
import type { InboundEvent } from "../../event.ts";
import type { Acceptance, WaitingEvent } from "../broker.ts";
import { decodeItem, encodeEvent, encodeMessageId } from "./codec.ts";
import { answered } from "./connection.ts";
import type { Context } from "./context.ts";
import { DEDUPLICATION_SECONDS, WAKE_GRACE_MS } from "./options.ts";
import { asNumber, asTexts } from "./reply.ts";
import { cancelScript, findScript, replaceScript } from "./scripts/amend.ts";

type Edit = Extract<InboundEvent, { type: "edit" }>;
type Delete = Extract<InboundEvent, { type: "delete" }>;

/** How often an edit looks again when its message changed under its eyes. */
const TRIES = 3;

interface Found {
  readonly item: string;
  readonly waiting: WaitingEvent;
}

/** Changes what the edit or delete means; undefined when nothing of it waits. */
export async function amend(context: Context, event: Edit | Delete): Promise<Acceptance | undefined> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const found = await find(context, event);
    if (found === "duplicate") return { status: "duplicate" };
    const result = event.type === "edit" ? await replace(context, event, found) : await cancel(context, event, found);
    if (result !== "changed") return result;
  }
  return undefined;
}

async function find(context: Context, event: Edit | Delete): Promise<readonly Found[] | "duplicate"> {
  const reply = await answered("accept", () =>
    findScript(context.redis, keysOf(context, event), [encodeMessageId(event.messageId)]),
  );
  if (reply === 0) return "duplicate";
  return asTexts(reply).flatMap((item) => {
    const waiting = decodeItem(item);
    return waiting === undefined ? [] : [{ item, waiting }];
  });
}

/** The newest copy is what its writer sees and edits: the message, or an edit of it that was appended. */
async function replace(
  context: Context,
  edit: Edit,
  found: readonly Found[],
): Promise<Acceptance | undefined | "changed"> {
  for (const { item, waiting } of found) {
    const { sequence, event } = waiting;
    if (event.type !== "message" && event.type !== "edit") continue;
    const { text, attachments, mentions, replyTo } = edit;
    const { replyTo: _before, ...kept } = event;
    const replaced = { ...kept, text, attachments, mentions, ...(replyTo === undefined ? {} : { replyTo }) };
    const replacement = `${sequence}|${encodeEvent(replaced)}`;
    const outcome = asNumber(
      await answered("accept", () =>
        replaceScript(context.redis, keysOf(context, edit), [DEDUPLICATION_SECONDS, item, replacement]),
      ),
    );
    return resultOf(outcome, { status: "replaced", eventId: event.id });
  }
  return undefined;
}

/** Takes the message and its waiting edits away. Edits alone stay: their message was worked on already. */
async function cancel(
  context: Context,
  event: Delete,
  found: readonly Found[],
): Promise<Acceptance | undefined | "changed"> {
  const { redis, keys, wake } = context;
  const { conversation } = event;
  const original = found.find(({ waiting }) => waiting.event.type !== "edit");
  if (original === undefined) return undefined;
  const outcome = asNumber(
    await answered("accept", () =>
      cancelScript(
        redis,
        [...keysOf(context, event), keys.shardOf(conversation).due],
        [DEDUPLICATION_SECONDS, WAKE_GRACE_MS, conversation, ...found.map(({ item }) => item)],
      ),
    ),
  );
  if (outcome === 2) wake(conversation, 0);
  return resultOf(outcome, { status: "cancelled", eventId: original.waiting.event.id });
}

function resultOf(outcome: number, done: Acceptance): Acceptance | "changed" {
  if (outcome < 0) return "changed";
  return outcome === 0 ? { status: "duplicate" } : done;
}

function keysOf({ keys }: Context, event: Edit | Delete): readonly string[] {
  const { mailbox, conversation } = keys.conversation(event.conversation);
  return [keys.seen(event.conversation, event.account, event.key), mailbox, conversation];
}
