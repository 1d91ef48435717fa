/** A thread that is gone, archived, locked, or not the bot's to write in; and where its readers hear the answer instead. */
import type { Elsewhere, ReplyTarget } from "../../adapter.ts";
import { PlaceGoneError } from "../../adapter.ts";
import { isPlaceGone } from "./errors.ts";
import { Reference } from "./gateway/payloads.ts";
import type { Discord } from "./gateway/library.ts";

export interface ThreadCall {
  readonly discord: Discord;
  readonly target: ReplyTarget;
  /** Where the call goes; it is looked at only where that is the target's thread. */
  readonly channelId: string;
  readonly hasFiles: boolean;
  /** Opens the person's own chat with the bot. */
  readonly directOf: (target: ReplyTarget) => Promise<string>;
}

/** Does the work. Throws `PlaceGoneError` where the thread is the reason that it failed. */
export async function inThread<Result>(call: ThreadCall, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    const { discord, target, channelId, hasFiles } = call;
    if (target.thread !== channelId || !isPlaceGone(discord, thrown, hasFiles)) throw thrown;
    throw new PlaceGoneError("discord", detailOf(thrown), { elsewhere: await elsewhereOf(call) });
  }
}

/** The thread for an answer may not be opened: it goes where the question stands. */
export function notOpened(target: ReplyTarget, thrown: unknown): PlaceGoneError {
  const { thread: _thread, ...place } = target;
  const elsewhere: Elsewhere = { audience: "chat", target: { ...place, reference: withoutName(target) } };
  return new PlaceGoneError("discord", detailOf(thrown), { elsewhere });
}

/** The channel of a public thread, below the message that it began with; of a private one the person alone. */
async function elsewhereOf({ target, directOf }: ThreadCall): Promise<Elsewhere> {
  const { chat, thread, userId } = target;
  if (Reference.parse(target.reference ?? {}).inPrivateThread) {
    const direct = { chat: await directOf(target), userId, reference: { isDirect: true } };
    return { audience: "requester", target: direct };
  }
  const below = thread === undefined ? {} : { replyTo: thread };
  return { audience: "chat", target: { chat, userId, ...below, reference: withoutName(target) } };
}

function withoutName({ reference = {} }: ReplyTarget): NonNullable<ReplyTarget["reference"]> {
  const { threadName: _name, ...rest } = reference;
  return rest;
}

function detailOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown ? `code ${String(thrown.code)}` : "no reason given";
}
