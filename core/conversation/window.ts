import type { HistoryMessage } from "../crew.ts";
import type { TurnRecord } from "../store/store.ts";
import { cutText } from "../text/cut.ts";

const MAX_SPEAKER_LENGTH = 64;

export interface WindowLimits {
  readonly maxTurns: number;
  /** Of all texts together, in UTF-16 units. */
  readonly maxCharacters: number;
  /** In a group each message of a person names its speaker. @default "direct" */
  readonly chatType?: "direct" | "group";
  /** The platform user whom the model answers: in a group, what others alone were told is left out. */
  readonly reader?: string;
}

/**
 * The part of a conversation that a model gets to read, oldest first: the newest turns that fit, whole, without a gap.
 * Pure; takes the turns oldest first, as `History.window` gives them.
 */
export function historyWindow(turns: readonly TurnRecord[], limits: WindowLimits): readonly HistoryMessage[] {
  const kept: (readonly HistoryMessage[])[] = [];
  let characters = 0;
  for (const turn of turns.toReversed().slice(0, limits.maxTurns)) {
    const messages = messagesOf(turn, limits);
    characters += messages.reduce((sum, { text }) => sum + text.length, 0);
    if (characters > limits.maxCharacters) break;
    kept.push(messages);
  }
  return kept.toReversed().flat();
}

/**
 * A display name as quoted data for a model: one line, capped, without the invisible characters that could reorder or
 * break out of the text around it.
 */
export function quotedSpeaker(name: string): string {
  const clean = name.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return JSON.stringify(cutText(clean, MAX_SPEAKER_LENGTH));
}

/** What a turn said and answered, as far as the reader may know of it: without one, what all of a group saw. */
export function messagesOf(
  turn: TurnRecord,
  { chatType, reader }: Pick<WindowLimits, "chatType" | "reader">,
): readonly HistoryMessage[] {
  const inGroup = chatType === "group";
  const speaker = inGroup ? { speaker: quotedSpeaker(turn.userName ?? turn.userId) } : {};
  const said: HistoryMessage = { role: "user", text: turn.text, at: turn.at, ...speaker };
  const answered = turn.replies
    .filter(({ visibility }) => !inGroup || visibility !== "requester" || turn.userId === reader)
    .map(({ text, sources }): HistoryMessage => {
      const cited = [...new Set(sources.map(({ title }) => title))];
      return { role: "assistant", text, at: turn.answeredAt, ...(cited.length > 0 && { cited }) };
    });
  return [said, ...answered].filter(({ text }) => text !== "");
}
