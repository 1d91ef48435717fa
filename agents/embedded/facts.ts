/** Facts that people tell about themselves, as key and value. */
import type { MemoryFact } from "../../core/crew.ts";
import {
  asksToForget,
  asksToForgetAll,
  asksToRemember,
  behindRemember,
  tellsOfOneself,
} from "../../core/language/memory-words.ts";
import { isHearsay } from "../../core/language/plain-requests.ts";
import { phrasesOf, wordsOfText } from "../../core/language/phrases.ts";
import { MOST_KEY_WORDS, permittedFacts } from "../../core/turn/permitted-facts.ts";
import { cutText } from "../../core/text/cut.ts";
import { leadingCue } from "../dialogue/cues.ts";
import type { Fact } from "../roles/contract.ts";
import { memoryWords, type MemoryWords } from "../understanding/language.ts";

const POSSESSIVE =
  /(?<!\p{L})(?:my|mein\p{L}*) ([\p{L}][\p{L} '’-]{1,40}?) (?:is|are|was|ist|sind|war)\s+(.{1,200})$/iu;
const LONG_NUMBER = /\d(?:[ -]?\d){7,}/u;
const LONGEST_VALUE = 300;
const MOST_LEADS = 6;

const all = (part: Exclude<keyof MemoryWords, "wishes">): readonly string[] =>
  [...memoryWords.values()].flatMap((words) => words[part]);
const leads = all("leads");
const trails = all("trails").toSorted((left, right) => right.length - left.length);
const names = all("names");
const secrets = phrasesOf(all("secrets"));
const self = phrasesOf(all("self"));
const pointing: ReadonlySet<string> = new Set(all("pointing"));
const small: ReadonlySet<string> = new Set(all("small").flatMap(wordsOfText));

/** What a message states of the person or plainly asks to keep, or why it is not kept; nothing that the turn would not keep. */
export function factIn(text: string): Fact | "secret" | undefined {
  if (LONG_NUMBER.test(text) || holds(text, secrets)) return "secret";
  if (!isToBeKept(text)) return undefined;
  const fact = statedIn(text);
  return fact && permittedFacts([fact], { texts: [text], memory: [] })[0];
}

/** Asked for, or told of oneself; "my doctor told me to remember my pills" is no more than "can you remember things?". */
function isToBeKept(text: string): boolean {
  if (asksToRemember(text)) return !/\?\s*$/u.test(text) || behindRemember(text) !== undefined;
  return tellsOfOneself(text) && !(isHearsay(text) && REMEMBERING.test(text));
}

const REMEMBERING = /(?<!\p{L})(?:remember|merke)/iu;

/** A statement behind it ends in its verb, and is a sentence with it alone. */
const DASS = /(?<!\p{L})dass\s+$/iu;

function statedIn(text: string): Fact | undefined {
  const statement = withoutTrail(withoutLeads(behindRemember(text) ?? text));
  const name = leadingCue(statement, names)?.rest.trim();
  if (name !== undefined && name !== "") return nameFact(name);
  const [, thing, value] = POSSESSIVE.exec(statement) ?? [];
  if (thing !== undefined && value !== undefined) {
    const key = wordsOfText(thing).length > MOST_KEY_WORDS ? keyOf(thing) : thing.toLowerCase().trim();
    return { key, value: value.trim() };
  }
  if (statement.length < 3) return undefined;
  const [clause = ""] = DASS.exec(text.slice(0, text.indexOf(statement))) ?? [];
  return { key: keyOf(statement), value: cutText(`${clause}${statement}`, LONGEST_VALUE) };
}

/** "My name is not Tom" tells no name. */
function nameFact(name: string): Fact | undefined {
  return /^(?:not|nicht)(?!\p{L})/iu.test(name) ? undefined : { key: "name", value: cutText(name, LONGEST_VALUE) };
}

/** Whether the key says nothing that the value does not say. */
export function isSaidByValue({ key, value }: MemoryFact | Fact): boolean {
  const said = new Set(wordsOfText(value));
  return wordsOfText(key).every((word) => said.has(word));
}

/** Whether one remembered fact holds all that a question asks about: "where is my boat?" */
export function isRemembered(text: string, memory: readonly MemoryFact[]): boolean {
  const words = contentWords(text);
  return memory.some((fact) => {
    const told = contentWords(`${fact.key} ${fact.value}`);
    return words.length > 0 && words.every((word) => told.some((one) => isAlike(word, one)));
  });
}

/** The remembered facts that a question or an order to forget means; all of them when it names none. */
export function factsMeant(text: string, memory: readonly MemoryFact[]): readonly MemoryFact[] {
  if (holds(text, self)) return memory.filter(({ key }) => key === "name");
  const words = contentWords(text);
  if (words.length === 0) return memory;
  return memory.filter(({ key, value }) => {
    const told = contentWords(`${key} ${value}`);
    return words.some((word) => told.some((one) => isAlike(word, one)));
  });
}

/**
 * The remembered facts that are to be forgotten: those it names, and the only one where it just points; all of them only
 * where all are plainly meant. None that the turn would keep all the same.
 */
export function factsToForget(text: string, memory: readonly MemoryFact[]): readonly MemoryFact[] {
  const meant = factsMeantToForget(text, memory);
  const wanted = meant.map(({ key }) => ({ key, value: "" }));
  const done = new Set(permittedFacts(wanted, { texts: [text], memory }).map(({ key }) => key));
  return meant.filter(({ key }) => done.has(key));
}

function factsMeantToForget(text: string, memory: readonly MemoryFact[]): readonly MemoryFact[] {
  if (asksToForgetAll(text)) return memory;
  if (!asksToForget(text)) return [];
  // "Scrap that note, Emre is fine": what stands beside it names nothing.
  const clause = text.split(/(?<=[.!?,;])\s+/u).find((one) => asksToForget(one)) ?? text;
  const isPointing = wordsOfText(clause).some((word) => pointing.has(word) || NOTED.test(word));
  if (isPointing && contentWords(clause).every((word) => NOTED.test(word))) return memory.length === 1 ? memory : [];
  return contentWords(text).length > 0 ? factsMeant(text, memory) : [];
}

const NOTED =
  /^(?:scrap|drop|bin|discard|undo|strike|cancel|ditch|scratch|streich\p{L}*|verwirf|entfern\p{L}*|notes?|memos?|reminders?|notiz\p{L}*|vermerk\p{L}*)$/iu;

function holds(text: string, phrases: ReturnType<typeof phrasesOf>): boolean {
  const words = wordsOfText(text);
  return words.some((_, place) => phrases.at(words, place) > 0);
}

function withoutLeads(text: string): string {
  let rest = text.trim();
  for (let count = 0; count < MOST_LEADS; count += 1) {
    const next = leadingCue(rest, leads)?.rest.replace(/^[\s:,–-]+/u, "");
    if (next === undefined || next === "") return rest;
    rest = next;
  }
  return rest;
}

function withoutTrail(text: string): string {
  const end = text.replace(/[\s.!]+$/u, "");
  const trail = trails.find((one) => end.toLowerCase().endsWith(` ${one}`));
  return (trail === undefined ? end : end.slice(0, -trail.length)).replace(/[\s,.;–-]+$/u, "");
}

function keyOf(statement: string): string {
  return contentWords(statement).slice(0, MOST_KEY_WORDS).join(" ") || "note";
}

function contentWords(text: string): readonly string[] {
  return wordsOfText(text).filter((word) => (word.length > 1 || /\d/u.test(word)) && !small.has(word));
}

/** "spare" and "spar", "letter" and "letters". */
function isAlike(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short === long || (short.length >= 4 && long.startsWith(short.slice(0, Math.max(4, short.length - 2))));
}
