/**
 * Reads a completed draft. A part that does not fit costs itself, never the message: too long a list or name is cut, an
 * optional field that cannot be read is left out, and the event says so for its trace. Only what an event cannot do
 * without (its identity, its chat, its user, what it is) refuses it.
 */
import type { z } from "zod";
import { InboundEvent } from "../event.ts";
import { cleanText } from "../markdown/index.ts";
import { cutText } from "../text/cut.ts";

type Path = readonly PropertyKey[];
type Fields = Record<PropertyKey, unknown>;

/** Texts for people: a long one is cut. Anything else (an id above all) would be another one when cut. */
const NAMES: ReadonlySet<PropertyKey> = new Set(["name", "userName", "title"]);
const TEXTS: ReadonlySet<PropertyKey> = new Set(["text", "quote"]);
/** Data of adapters: handed through as it is. */
const OPAQUE: ReadonlySet<string> = new Set(["reference", "metadata"]);
const MOST_ROUNDS = 20;
const MOST_NOTES = 20;

/** The event, or why there is none. `fields` is left as it is. */
export function readEvent(fields: Readonly<Record<string, unknown>>): z.ZodSafeParseResult<InboundEvent> {
  const draft = cleaned(fields, "");
  const first = InboundEvent.safeParse(draft);
  if (first.success || !isFields(draft)) return first;
  let issues: readonly z.core.$ZodIssue[] = first.error.issues;
  const notes = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const mended = mendAll(draft, issues);
    if (mended === undefined) return first;
    for (const note of mended) notes.add(cutText(note, 120, "…"));
    const read = InboundEvent.safeParse({ ...draft, repairs: [...notes].slice(0, MOST_NOTES) });
    if (read.success) return read;
    ({ issues } = read.error);
  }
  return first;
}

/** Mends what it can, in place; undefined where the event cannot do without one of the parts. */
function mendAll(draft: Fields, issues: readonly z.core.$ZodIssue[]): readonly string[] | undefined {
  const gone: string[] = [];
  const notes: string[] = [];
  // From the end, so that what is taken out of a list does not move what is still to be looked at.
  for (const issue of issues.toReversed()) {
    if (gone.some((taken) => `${nameOf(issue.path)}.`.startsWith(taken))) continue;
    const path = existing(draft, issue.path);
    if (path.length === 0) return undefined;
    const cut = issue.code === "too_big" ? cutTo(draft, path, Number(issue.maximum)) : undefined;
    notes.push(cut ?? leaveOut(draft, path));
    if (cut === undefined) gone.push(`${nameOf(path)}.`);
  }
  return notes;
}

/** Control, bidi and invisible characters out of everything that somebody wrote. A copy. */
function cleaned(value: unknown, key: string): unknown {
  if (typeof value === "string") {
    if (TEXTS.has(key)) return cleanText(withMarkedNumbers(value)).text;
    return NAMES.has(key) ? cleanText(value).text.replaceAll("\n", " ") : value;
  }
  if (OPAQUE.has(key) || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => cleaned(item, ""));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cleaned(inner, name)]));
}

/** To the end of its line at the latest everything is shown the other way round. */
const turned = /[\u202D\u202E][^\u202C\n]*/gu;
const turnedInside = /(?<=\p{N})[\u202A-\u202E\u2066-\u2069]+(?=\p{N})/gu;

/** A number that its writer may have seen otherwise than it is stored keeps a mark, so that nobody pays by it. */
function withMarkedNumbers(text: string): string {
  if (!/[\u202A-\u202E\u2066-\u2069]/u.test(text)) return text;
  return text.replaceAll(turned, (span) => span.replaceAll(/\p{N}+/gu, "\uFFFD$&")).replaceAll(turnedInside, "\uFFFD");
}

/** Shortens a list, or a text for people; undefined for what would be something else when cut. */
function cutTo(draft: Fields, path: Path, most: number): string | undefined {
  const holder = at(draft, path.slice(0, -1));
  const value = at(draft, path);
  const key = path.at(-1) ?? "";
  if (!isFields(holder)) return undefined;
  if (Array.isArray(value)) {
    holder[key] = shortened(value, most);
    return `${nameOf(path)}: cut to ${most} of ${value.length}`;
  }
  if (typeof value !== "string" || !(NAMES.has(key) || TEXTS.has(key))) return undefined;
  holder[key] = cutText(value, most, "…");
  return `${nameOf(path)}: cut to ${most} characters`;
}

function leaveOut(draft: Fields, path: Path): string {
  if (nameOf(path) === "timestamp") {
    draft["timestamp"] = draft["receivedAt"];
    return "timestamp: unreadable, the time of arrival stands for it";
  }
  const holder = at(draft, path.slice(0, -1));
  const key = path.at(-1) ?? "";
  if (Array.isArray(holder) && typeof key === "number") holder.splice(key, 1);
  else if (isFields(holder)) delete holder[key];
  return `${nameOf(path)}: left out, it could not be read`;
}

const nameOf = (path: Path): string => path.map(String).join(".");

/** What the issue is about, as far as it is there: of a missing field, that which lacks it. */
function existing(draft: Fields, path: Path): Path {
  let end = path.length;
  while (end > 0 && at(draft, path.slice(0, end)) === undefined) end -= 1;
  return path.slice(0, end);
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (Array.isArray(inner) && typeof key === "number") return inner[key];
    return isFields(inner) ? inner[key] : undefined;
  }, value);
}

/** Of a list that is too long its beginning, but what names the bot itself is kept. */
function shortened(list: readonly unknown[], most: number): readonly unknown[] {
  const own = list.slice(most).filter((item) => isFields(item) && item["isSelf"] === true);
  return [...list.slice(0, Math.max(0, most - own.length)), ...own].slice(0, most);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
