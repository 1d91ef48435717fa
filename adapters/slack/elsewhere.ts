/** A thread that is gone and a channel that is closed, and where the answer is heard instead. */
import { z } from "zod";
import type { ReplyTarget } from "../../adapter.ts";
import { PermanentSendError, PlaceGoneError } from "../../adapter.ts";
import { placeOf } from "./settings.ts";
import { platformError } from "./transport/send-errors.ts";
import type { Workspace } from "./workspaces.ts";

/** Its first message is gone, or it takes no replies. */
const THREAD_GONE = new Set(
  "thread_not_found invalid_thread_ts message_not_found cannot_reply_to_message thread_locked restricted_action_thread_locked restricted_action_non_threadable_channel".split(
    " ",
  ),
);
/** The channel stands, and nobody may write in it, or the bot may not: it is no member (any more). */
const CHANNEL_CLOSED = new Set(
  "not_in_channel channel_not_found is_archived channel_is_archived restricted_action restricted_action_read_only_channel restricted_action_thread_only_channel".split(
    " ",
  ),
);

const Opened = z.object({ channel: z.object({ id: z.string() }) });

/** The person's own channel with the bot. */
export async function directChannel(workspace: Workspace, user: string): Promise<string> {
  return Opened.parse(await workspace.call("conversations.open", { users: user })).channel.id;
}

/** What a failed send means for its place; the error itself where it is about something else. */
export async function placeError(
  thrown: unknown,
  {
    workspace,
    target,
    isPrivate,
  }: { readonly workspace: Workspace; readonly target: ReplyTarget; readonly isPrivate: boolean },
): Promise<unknown> {
  const error = platformError(thrown) ?? "";
  const isThread = target.thread !== undefined && THREAD_GONE.has(error);
  if (!(thrown instanceof PermanentSendError) || !(isThread || CHANNEL_CLOSED.has(error))) return thrown;
  // What is for one person, or was said where nobody may write any more, goes to the person alone.
  if (isThread && !isPrivate) return new PlaceGoneError("Slack", error, { cause: thrown });
  if (placeOf(target.chat).id.startsWith("D")) return thrown;
  const channel = await directChannel(workspace, placeOf(target.userId).id);
  const { team } = placeOf(target.chat);
  const chat = team === undefined ? channel : `${team}/${channel}`;
  const reference = team === undefined ? {} : { reference: { team } };
  const elsewhere = { audience: "requester", target: { chat, userId: target.userId, ...reference } } as const;
  return new PlaceGoneError("Slack", error, { elsewhere, cause: thrown });
}
