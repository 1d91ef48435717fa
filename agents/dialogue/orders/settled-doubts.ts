/** Which doubts about an order are none once all of its text is read. Pure. */
import { type Doubt, type DoubtKind, findNumbers, overlaps, type Span } from "../../../core/language/index.ts";
import { formOf } from "../../understanding/slots/words.ts";
import { type Cues, leadingCue } from "../cues.ts";
import type { Mention } from "./mentions.ts";

type Place = Pick<Span, "start" | "end">;

/** An order as it was understood, with what its doubts are judged by. */
export interface Settling {
  /** How many orders there are. */
  readonly count: number;
  readonly void: readonly Place[];
  readonly used: readonly Mention[];
  /** All clauses, and those of them that hold a value of the order. */
  readonly clauses: readonly Place[];
  readonly core: readonly Place[];
  /** Where clauses tell what the order is for. */
  readonly purposes: readonly Place[];
  /** Words that were not understood. */
  readonly unread: readonly Span[];
  readonly cues: Cues;
  readonly text: string;
  /** Whether one sum is shared out among several. */
  readonly isShared: boolean;
  /** Whether nothing but a doubt is said of an order that is changed: "double that". */
  readonly isDoubtAlone: boolean;
}

/** Outside the clauses of the order these are talk, whatever is said there. */
const talk: ReadonlySet<DoubtKind> = new Set([
  "past",
  "relative",
  "approximate",
  "multiple",
  "question",
  "range",
  "cap",
  "percent",
]);
/** These are talk where something else is told: "it is her exam on Monday", "I can't come to the party". */
const aside: ReadonlySet<DoubtKind> = new Set(["schedule", "repeat", "negated", "reported"]);
/** How a sum is shared out is said with these. */
const sharedOut: ReadonlySet<DoubtKind> = new Set([
  "relative",
  "range",
  "multiple",
  "percent",
  "several",
  "unreadable",
]);
const ofTime: ReadonlySet<DoubtKind> = new Set(["schedule", "repeat"]);
/** In what an order is for these say nothing of it: "for the dinner on Friday". */
const ofPurpose: ReadonlySet<DoubtKind> = new Set(["schedule", "repeat", "past", "approximate", "multiple", "range"]);

/** Whether a doubt is none once the text is read as a whole. */
export function isSettled(doubt: Doubt, settling: Settling): boolean {
  const { count, cues } = settling;
  const { kind, literal } = doubt;
  if (isRead(doubt, settling) || isTalk(doubt, settling)) return true;
  if (kind === "several") return isSettledSeveral(doubt, settling);
  if (kind === "range") return !isBetweenValues(doubt, settling);
  if (kind === "approximate") return !isBesideSum(doubt, settling);
  if (count < 2 || (kind !== "multiple" && kind !== "relative")) return false;
  return [...cues.apiece, ...cues.collective].map(formOf).includes(formOf(literal));
}

/** Whether its words were understood: as what was taken back, a name, or how a sum is shared out. */
function isRead(doubt: Doubt, { void: taken, used, isShared }: Settling): boolean {
  const { kind } = doubt;
  if (taken.some((place) => overlaps(place, doubt)) && kind !== "condition") return true;
  return (isShared && sharedOut.has(kind)) || used.some((one) => one.source === "known" && overlaps(one, doubt));
}

function isTalk(doubt: Doubt, settling: Settling): boolean {
  const { core, purposes, used, isDoubtAlone } = settling;
  const { kind, start } = doubt;
  if (isDoubtAlone) return false;
  if (ofPurpose.has(kind) && purposes.some((one) => overlaps(one, doubt))) return true;
  // "…, said Odd": nothing is ordered behind it.
  if (kind === "reported" && used.length > 0 && used.every((one) => one.end <= start)) return true;
  const isCore = core.some((clause) => overlaps(clause, doubt));
  return isAside(doubt, isCore, settling) || (!isCore && talk.has(kind));
}

/** Whether its clause tells something else; one with a value of the order does where it only dates that, and holds no sum. */
function isAside(doubt: Doubt, isCore: boolean, { clauses, unread, used }: Settling): boolean {
  const { kind } = doubt;
  const clause = clauses.find((one) => overlaps(one, doubt));
  if (clause === undefined || !(isCore ? ofTime : aside).has(kind)) return false;
  const tells = unread.some((run) => overlaps(run, clause) && !overlaps(run, doubt));
  // "Emre went shopping on Tuesday, 31 to him".
  return tells && !(isCore && used.some((one) => "money" in one.values && overlaps(one, clause)));
}

/** Words between a value and the word that makes it less clear. */
const BESIDE = 14;

/** "About 20", "20 or so"; not "20, I am around". */
function isBesideSum({ start, end }: Doubt, { used }: Settling): boolean {
  return used.some(
    (one) => "money" in one.values && start - one.end <= BESIDE && one.start - end <= BESIDE && one.start !== start,
  );
}

/** "20 or 30", "to Jana or Emre", "20-30"; not "or so I am told". */
function isBetweenValues({ start, end, literal }: Doubt, { used }: Settling): boolean {
  if (/\d/u.test(literal)) return true;
  const isLeading = /^(?:between|either|zwischen)$/iu.test(literal);
  const isNear = (gap: number): boolean => gap >= 0 && gap <= BESIDE;
  return used.some((one) => isNear(one.start - end)) && (isLeading || used.some((one) => isNear(start - one.end)));
}

function isSettledSeveral(doubt: Doubt, { count, used, void: taken, text, cues }: Settling): boolean {
  // "Two from savings: 20 to Jana and 5 to Emre".
  if (count > 1 && findNumbers(doubt.literal)[0]?.readings[0] === count) return true;
  // "30 instead of 20": the value that was wrong is out already.
  const isPut = used.some(({ end }) => end <= doubt.start && text.slice(end, doubt.start).trim() === "");
  if (isPut && taken.length > 0) return true;
  const behind = leadingCue(text.slice(doubt.end), cues.apiece) !== undefined;
  return behind || used.some((one) => overlaps(one, doubt));
}
