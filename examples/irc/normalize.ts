import type { Normalized } from "parley/adapter";
import { z } from "zod";
import { nickOf, readLine } from "./line.ts";

const RawLine = z.string().max(8_191);

/** A `PRIVMSG` line is a message, in a channel or directly; everything else is the protocol's own talk. */
export function normalizeIrc(raw: unknown, ownNick: string): Normalized {
  const text = RawLine.safeParse(raw);
  const line = text.success ? readLine(text.data) : undefined;
  if (line === undefined) return { ignored: "not a line of IRC" };
  if (line.command !== "PRIVMSG") return { ignored: `${line.command} is no message` };
  const [target = "", words = ""] = line.parameters;
  const { msgid: messageId, time } = line.tags;
  if (messageId === undefined || time === undefined) {
    return { ignored: "the server gives messages no id (it lacks the IRCv3 message-tags capability)" };
  }
  const nick = nickOf(line);
  const direct = target.toLowerCase() === ownNick.toLowerCase();
  const mention = new RegExp(`(?:^|\\W)${ownNick}(?:\\W|$)`, "iu").test(words);
  return {
    event: {
      type: "message",
      key: `message:${messageId}`,
      messageId,
      chat: direct ? { id: nick, type: "direct" } : { id: target, type: "group", title: target },
      user: { id: nick, isSelf: nick.toLowerCase() === ownNick.toLowerCase() },
      timestamp: time,
      text: words,
      mentions: mention ? [{ userId: ownNick, isSelf: true }] : [],
    },
  };
}
