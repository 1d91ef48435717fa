/** What a person pastes after `parley why`: an event id, a message id, or a link to a message. */

export interface MessageReference {
  /** Ids to look up: the text itself and, for a link, the message ids it may mean, the likeliest first. */
  readonly ids: readonly string[];
  /** Chats the link names; message ids of some platforms are unique within a chat only. Empty where it names none. */
  readonly chats: readonly string[];
}

/** Reads a pasted reference. Pure; any text gives at least itself as an id. */
export function parseMessageReference(text: string): MessageReference {
  const trimmed = text.trim();
  const url = /^(?:https?|tg|discord):\/\//i.test(trimmed) && URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (url === undefined) return { ids: [trimmed], chats: [] };
  const path = url.pathname
    .split("/")
    .filter((segment) => segment !== "")
    .map((segment) => decode(segment));
  const { ids, chats } = slackLink(url, path) ?? discordLink(url, path) ?? telegramLink(url, path) ?? anyLink(path);
  return { ids: [...new Set([...ids, trimmed])], chats };
}

/** `https://team.slack.com/archives/C123/p1700000000123456?thread_ts=…` */
function slackLink(url: URL, [archives, chat, message]: readonly string[]): MessageReference | undefined {
  const digits = /^p(\d{7,})$/.exec(message ?? "")?.[1];
  if (!isHost(url, "slack.com") || archives !== "archives" || chat === undefined || digits === undefined)
    return undefined;
  return { ids: [`${digits.slice(0, -6)}.${digits.slice(-6)}`], chats: [chat] };
}

/** `https://discord.com/channels/guild/channel/message` */
function discordLink(url: URL, [channels, , chat, message]: readonly string[]): MessageReference | undefined {
  const ours = isHost(url, "discord.com") || isHost(url, "discordapp.com");
  if (!ours || channels !== "channels" || chat === undefined || message === undefined) return undefined;
  return { ids: [message], chats: [chat] };
}

/** `https://t.me/c/chat/message`, `https://t.me/c/chat/topic/message`, `https://t.me/name/message` */
function telegramLink(url: URL, path: readonly string[]): MessageReference | undefined {
  const message = path.at(-1);
  if (!(isHost(url, "t.me") || isHost(url, "telegram.me")) || message === undefined) return undefined;
  const [kind, chat] = path;
  // Links leave out the -100 that the Bot API puts before the ids of supergroups.
  if (kind === "c" && chat !== undefined && path.length > 2) return { ids: [message], chats: [`-100${chat}`, chat] };
  return { ids: [message], chats: [] };
}

function anyLink(path: readonly string[]): MessageReference {
  const message = path.at(-1);
  return { ids: message === undefined ? [] : [message], chats: [] };
}

function isHost(url: URL, host: string): boolean {
  return url.hostname === host || url.hostname.endsWith(`.${host}`);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
