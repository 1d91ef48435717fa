/** What Telegram's refusals of a send mean. */
import type { Outgoing, ReplyTarget } from "../../adapter.ts";
import {
  AmbiguousSendError,
  cutText,
  FileRefusedError,
  MarkupRefusedError,
  ParleyError,
  PermanentSendError,
  PlaceGoneError,
  RateLimitedError,
  TransientSendError,
} from "../../adapter.ts";
import type { Refusal } from "./probe.ts";
import { networkCodeIn, refusalIn } from "./probe.ts";
import type { TelegramPayload } from "./render.ts";

/** Groups have negative ids. */
export const isGroup = (chat: string): boolean => chat.startsWith("-");

/** Why a connection was not even made: such a call was certainly not executed. */
const NEVER_CONNECTED = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/u;
const PLACE_GONE = /thread not found|TOPIC_(?:CLOSED|DELETED|ID_INVALID)|topic (?:is )?(?:closed|deleted)/iu;
/** The group as a whole takes nothing from the bot (any more). */
const GROUP_CLOSED =
  /not enough rights to send text|no rights to send a message|CHAT_WRITE_FORBIDDEN|CHAT_RESTRICTED|CHAT_SEND_PLAIN_FORBIDDEN|kicked|not a member/iu;
const REPLY_GONE = /message to be replied not found|replied message not found|REPLY_MESSAGE_ID_INVALID/iu;
/** Refusals that words would meet as well. */
const ABOUT_CHAT = /chat not found|blocked|deactivated|kicked|not a member|upgraded|PEER_ID|send text messages/iu;
const MARKUP = /can't parse|entit|message is too long|caption is too long/iu;

/** What a failed send or edit means. The library's error is not kept: it holds the text, and perhaps the token. */
export function toSendError(thrown: unknown, outgoing?: Sending): ParleyError {
  if (thrown instanceof ParleyError) return fromOurs(thrown, outgoing?.payload.file !== undefined);
  const refusal = refusalIn(thrown);
  if (refusal !== undefined) return placeGone(refusal, outgoing?.target) ?? fromRefusal(refusal);
  const code = networkCodeIn(thrown);
  return NEVER_CONNECTED.test(code) ? new TransientSendError("telegram", code) : new AmbiguousSendError("telegram");
}

/** What is sent, as far as it says what a refusal means. */
type Sending = Pick<Outgoing<TelegramPayload>, "target" | "payload">;

/** The bytes of a file could not be opened, say: that costs the file. */
function fromOurs(thrown: ParleyError, isFile: boolean): ParleyError {
  if (thrown.code.startsWith("send/")) return thrown;
  return isFile ? new FileRefusedError("telegram", thrown.code) : new PermanentSendError("telegram", thrown.code);
}

/** Everybody in the group reads every topic; outside topics the group itself is closed, and the person is told alone. */
function placeGone({ error_code: code, description }: Refusal, target?: ReplyTarget): ParleyError | undefined {
  if (target === undefined || (code !== 400 && code !== 403)) return undefined;
  const isClosed = GROUP_CLOSED.test(description);
  if (!isClosed && !PLACE_GONE.test(description)) return undefined;
  const { chat, thread, userId } = target;
  const detail = cutText(description, 120);
  if (thread !== undefined && !isClosed) return new PlaceGoneError("telegram", detail);
  if (!isGroup(chat) || isGroup(userId)) return undefined;
  const elsewhere = { audience: "requester", target: { chat: userId, userId } } as const;
  return new PlaceGoneError("telegram", detail, { elsewhere });
}

function fromRefusal({ error_code: code, description, parameters }: Refusal): ParleyError {
  if (code === 429) return new RateLimitedError("telegram", (parameters.retry_after ?? 1) * 1_000);
  // A proxy gave up waiting: the call may have been executed.
  if (code === 504) return new AmbiguousSendError("telegram");
  if (code >= 500) return new TransientSendError("telegram", `it answered ${code}`);
  // A token that is refused now may be put right, and says nothing about the message.
  if (code === 401 || code === 404) return new TransientSendError("telegram", "the bot's token is refused");
  if (code === 400 && MARKUP.test(description)) return new MarkupRefusedError("telegram");
  return new PermanentSendError("telegram", cutText(description, 120));
}

/** The message that was to be answered is not there any more; the chat is. */
export function isReplyGone(thrown: unknown): boolean {
  return REPLY_GONE.test(refusalIn(thrown)?.description ?? "");
}

/** Refused for what it says or how, not for its place: the chat, the topic and the person are there. */
export function isAboutContent(thrown: unknown): boolean {
  const { error_code: code, description = "", parameters } = refusalIn(thrown) ?? {};
  if (code !== 400 || parameters?.migrate_to_chat_id !== undefined) return false;
  return ![PLACE_GONE, GROUP_CLOSED, REPLY_GONE, ABOUT_CHAT, /is not modified/iu].some((one) => one.test(description));
}

/** Refused for what it is, or because files are not allowed here; not for its caption or its place. */
export function isFileRefusal(thrown: unknown): boolean {
  const { error_code: code, description = "" } = refusalIn(thrown) ?? {};
  if (code === 413) return true;
  return (
    code === 400 &&
    !MARKUP.test(description) &&
    !PLACE_GONE.test(description) &&
    !ABOUT_CHAT.test(description) &&
    !REPLY_GONE.test(description)
  );
}

/** The send error of a file that was refused; any other failure as it is. */
export function fileErrorOf(thrown: unknown): unknown {
  const { description = "" } = refusalIn(thrown) ?? {};
  return isFileRefusal(thrown) ? new FileRefusedError("telegram", cutText(description, 120)) : thrown;
}
