import type { CalendarUnit } from "./civil-date.ts";
import type { DoubtKind } from "./explain-doubt.ts";

/** How a word works inside a date. A word may work in several ways ("last", "second", "may"). */
export interface DateWord {
  /** 1 to 12. */
  readonly month?: number;
  /** 0 is Monday. */
  readonly weekday?: number;
  readonly unit?: CalendarUnit;
  readonly number?: number;
  readonly ordinal?: number;
  /** Days from today: "yesterday" is -1. */
  readonly relative?: number;
  /** Units from the current one: "last" is -1, "this" 0, "next" 1. */
  readonly offset?: number;
  readonly edge?: "first" | "last" | "start" | "end" | "middle";
  readonly role?: readonly DateRole[];
  /** A day of every year: "Christmas"; `days` where it is more than one. */
  readonly feast?: { readonly month: number; readonly day: number; readonly days?: number };
  /** The unit that the word's `offset` or `edge` is of, where one word says both: "Vormonat", "Jahresbeginn". */
  readonly whole?: CalendarUnit;
  /** Half of a period: "first half", "Halbjahr". */
  readonly half?: "half" | "half-year" | "week";
  /** The word speaks of time in a way that is not read: "Easter", "recently", "evening". */
  readonly unread?: "time-of-day" | "not-understood";
}

/** Where an unfinished date ("the 5th", "Friday", "March") is looked for. */
export type DateDirection = "past" | "future";

/** What a small word does between the parts of a date. */
export type DateRole =
  | "article"
  | "of"
  | "at"
  | "from"
  | "to"
  | "and"
  | "between"
  | "since"
  | "until"
  | "before"
  | "after"
  | "ago"
  | "ago-before"
  | "ahead"
  | "onwards"
  | "now"
  | "week-number"
  | "weekend"
  | "strong";

/** What one language brings: data only, everything that reads it is the same for all. */
export interface Vocabulary {
  readonly dateWords: ReadonlyMap<string, DateWord>;
  /** Words and phrases that make an order more, less or something else than one sum paid once, now. */
  readonly doubts: Readonly<Partial<Record<DoubtKind, RegExp | readonly RegExp[]>>>;
}
