/** Facts that people tell about themselves, as key and value. */
import type { MemoryFact } from "../../core/crew.ts";
import { asksToForget, asksToForgetAll, asksToRemember, tellsOfOneself } from "../../core/language/memory-words.ts";
import type { Fact } from "../roles/contract.ts";
import { cutText } from "../../core/text/cut.ts";

const NAME =
  /\b(?:my name is|call me|i am called|i'm called|everyone calls me|you can call me|mein name ist|ich hei(?:ß|ss)e)\s+(.{1,80})$/iu;
const POSSESSIVE = /\bmy ([\p{L}][\p{L} '’-]{1,40}?) (?:is|are|was)\s+(.{1,200})$/iu;
const LEAD =
  /^(?:(?:please|also|ok|hi|hello),?\s+)*(?:can you |could you |i want you to |i'd like you to |you should )?(?:(?:please )?(?:remember|remeber|keep in mind|bear in mind|note|make a note|take note|know|don't forget|store|save)(?: down)?(?: this| for later)?|just so you know|for the record|fyi)\s*[:,]?\s*(?:that\s+)?/iu;
const TRAIL = /[,.]?\s*(?:remember it|keep that in mind|please remember(?: that)?|don't forget(?: it)?)?[.!]*\s*$/iu;
/** What nobody should leave with a chat assistant. */
const SECRET = /\b(?:pin|password|passcode|passwort|cvv|cvc|tan|secret|card number|iban)\b|\d(?:[ -]?\d){7,}/iu;
const LONGEST_VALUE = 300;

/** What a message states of the person or plainly asks to keep, or why it is not kept. */
export function factIn(text: string): Fact | "secret" | undefined {
  if (SECRET.test(text)) return "secret";
  if (!asksToRemember(text) && !tellsOfOneself(text)) return undefined;
  const statement = text.trim().replace(LEAD, "").replace(TRAIL, "").trim();
  const name = NAME.exec(statement)?.[1];
  if (name !== undefined) return { key: "name", value: name.trim() };
  const [, thing, value] = POSSESSIVE.exec(statement) ?? [];
  if (thing !== undefined && value !== undefined) return { key: thing.toLowerCase().trim(), value: value.trim() };
  if (statement.length < 3) return undefined;
  return { key: keyOf(statement), value: cutText(statement, LONGEST_VALUE) };
}

/** The remembered facts that a question or an order to forget means; all of them when it names none. */
export function factsMeant(text: string, memory: readonly MemoryFact[]): readonly MemoryFact[] {
  if (/\bwho am i\b/iu.test(text)) return memory.filter(({ key }) => key === "name");
  const words = new Set(contentWords(text));
  if (words.size === 0) return memory;
  return memory.filter(({ key, value }) => contentWords(`${key} ${value}`).some((word) => words.has(word)));
}

/** The remembered facts that are to be forgotten: those it names; all of them only where all are plainly meant. */
export function factsToForget(text: string, memory: readonly MemoryFact[]): readonly MemoryFact[] {
  if (asksToForgetAll(text)) return memory;
  return contentWords(text).length === 0 || !asksToForget(text) ? [] : factsMeant(text, memory);
}

function keyOf(statement: string): string {
  return contentWords(statement).slice(0, 4).join(" ") || "note";
}

const COMMON = new Set(
  "a about all am an and anything are asked be can could did do everything facts for forget from have i in is it keep know me memory mind my note of on please remember remembered said saved stored tell that the thing things this to told us was what which who whose with you your ich mein meine du über was".split(
    " ",
  ),
);

function contentWords(text: string): readonly string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => word.length > 1 && !COMMON.has(word)).map((word) => word.replace(/(?<=...)s$/u, ""));
}
