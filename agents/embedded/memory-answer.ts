import { asksToForget } from "../../core/language/memory-words.ts";
import type { MemoryFact } from "../../core/crew.ts";
import type { Desk, Draft } from "../roles/contract.ts";
import { factIn, factsMeant, factsToForget, isSaidByValue } from "./facts.ts";
import { literal } from "../../core/markdown/index.ts";
import { say } from "./say.ts";

/** Requests for the memory, by their labels; all others ask what is remembered. */
export const isToRemember = (label: string): boolean => label === "remember_fact";
export const isToForget = (label: string): boolean => label === "forget_fact" || label === "forget_everything";

/** What is said about facts that are kept, told or forgotten. */
export function memoryDraft(text: string, label: string, desk: Desk): Draft {
  const textOf = isToRemember(label) ? rememberText : isToForget(label) ? forgetText : recallText;
  return { text: textOf(text, desk), confidence: 0.9 };
}

function rememberText(text: string, { input }: Desk): string {
  const fact = factIn(text);
  if (fact === "secret") return say("secret", input);
  if (fact === undefined) return say("nothing_to_remember", input);
  const told = isSaidByValue(fact)
    ? say("remembered_words", input, { value: literal(fact.value) })
    : say("remembered", input, { key: literal(fact.key), value: literal(fact.value) });
  return input.chatType === "group" ? `${told} ${say("remembered_in_group", input)}` : told;
}

function forgetText(text: string, { input }: Desk): string {
  const { memory } = input;
  const facts = factsToForget(text, memory);
  if (facts.length > 0) {
    const keys = facts.map(({ key }) => literal(key)).join(", ");
    return `${say("forgotten", input, { keys })} ${say("reset_hint", input)}`;
  }
  if (memory.length > 0 && !asksToForget(text)) return say("forgot_nothing", input);
  return `${say("remember_nothing_like_that", input)} ${say("reset_hint", input)}`;
}

function recallText(text: string, { input }: Desk): string {
  const { memory } = input;
  if (memory.length === 0) return say("nothing_remembered", input);
  const facts = factsMeant(text, memory);
  const lines = (facts.length > 0 ? facts : memory).map(lineOf).join("\n");
  return `${say(facts.length > 0 ? "recalled" : "recalled_otherwise", input)}\n\n${lines}`;
}

const lineOf = (fact: MemoryFact): string =>
  isSaidByValue(fact) ? `- ${literal(fact.value)}` : `- ${literal(fact.key)}: ${literal(fact.value)}`;
