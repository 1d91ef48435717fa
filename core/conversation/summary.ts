/**
 * What a conversation was about before its window: a running summary, kept with the turn that made it. It is erased with its
 * conversation, pruned with its turn, and never reaches over a reset.
 */
import type { HistoryMessage } from "../crew.ts";
import type { Summary, TurnRecord } from "../store/store.ts";
import { cutText, oneLine } from "../text/cut.ts";
import { splitSentences } from "../text/sentences.ts";
import { isForbiddenFact } from "./memory-secrets.ts";
import { messagesOf } from "./window.ts";

export interface SummaryLimits {
  readonly maxTurns: number;
  readonly maxCharacters: number;
  readonly chatType: "direct" | "group";
  /** Nothing that is older goes into a new summary. */
  readonly expiry: string;
}

const LONGEST = 2_000;
const LONGEST_LINE = 160;
/** A new one is made before anything falls out of the window. */
const FULL = 0.9;
/** Who wants next to no history wants no summary of it. */
const FEWEST_TURNS = 4;

/** The newest summary of these turns of one session. */
export function standingSummary(turns: readonly TurnRecord[]): Summary | undefined {
  return turns.findLast(({ summary }) => summary !== undefined)?.summary;
}

/** The turns that it does not cover. */
export function turnsAfter(turns: readonly TurnRecord[], summary: Summary | undefined): readonly TurnRecord[] {
  return turns.slice(turns.findIndex(({ eventId }) => eventId === summary?.through) + 1);
}

/** What is to be summed up now. */
export interface DueSummary {
  /** Of the messages before; left out where there were none, or they are too old to be kept. */
  readonly previous?: string;
  readonly messages: readonly HistoryMessage[];
  readonly through: string;
  readonly since: string;
}

/** The older half of a window that is nearly full; undefined while there is room. */
export function dueSummary(turns: readonly TurnRecord[], limits: SummaryLimits): DueSummary | undefined {
  const standing = standingSummary(turns);
  const older = olderHalf(turnsAfter(turns, standing), limits);
  const [first, last] = [older[0], older.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const carried = standing !== undefined && standing.since >= limits.expiry ? standing : undefined;
  // In a group, what one person alone was told stays out of what all share.
  const messages = older.flatMap((turn) => messagesOf(turn, { chatType: limits.chatType }));
  return {
    ...(carried && { previous: carried.text }),
    messages,
    through: last.eventId,
    since: carried?.since ?? first.at,
  };
}

/** The turns that leave a window that is nearly full: what stays takes half of it at most. */
function olderHalf(
  open: readonly TurnRecord[],
  { maxTurns, maxCharacters }: Pick<SummaryLimits, "maxTurns" | "maxCharacters">,
): readonly TurnRecord[] {
  const lengths = open.map(({ text, replies }) => text.length + replies.reduce((sum, one) => sum + one.text.length, 0));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const isFull = open.length >= maxTurns * FULL || total >= maxCharacters * FULL;
  if (!isFull || maxTurns < FEWEST_TURNS) return [];
  let kept = 0;
  let characters = 0;
  for (const length of lengths.toReversed()) {
    characters += length;
    if (kept >= maxTurns / 2 || characters > maxCharacters / 2) break;
    kept += 1;
  }
  return open.slice(0, open.length - kept);
}

/** The summary by code, where no model makes one: each message in a line, the newest that fit. */
export function summaryByCode({ previous = "", messages }: Pick<DueSummary, "previous" | "messages">): string {
  const lines = messages.map(({ role, text, speaker }) => {
    const who = role === "assistant" ? "bot" : speaker === undefined ? "person" : `person ${speaker}`;
    return `${who}: ${cutText(oneLine(text), LONGEST_LINE, "…")}`;
  });
  const all = [...previous.split("\n").filter((line) => line !== ""), ...lines];
  let length = 0;
  const from = all.findLastIndex((line) => (length += line.length + 1) > LONGEST);
  return all.slice(from + 1).join("\n");
}

/** A summary as it may be kept: without secrets and without what would act as an order later, and not too long. */
export function keptSummary(text: string): string {
  const lines = text.split("\n").map((line) =>
    splitSentences(line)
      .filter((sentence) => !isForbiddenFact({ key: "", value: sentence }))
      .join(" "),
  );
  return cutText(lines.filter((line) => line !== "").join("\n"), LONGEST, "…");
}
