import { asksToForget } from "../../core/language/memory-words.ts";
import type { Intent } from "../offline/index.ts";
import type { Desk, Draft } from "../roles/contract.ts";
import { factIn, factsMeant, factsToForget } from "./facts.ts";
import { literal } from "./markdown.ts";

const RESET_HINT = "Type /reset to start a new conversation as well: I no longer use what was said before it.";

/** What is said about facts that are kept, told or forgotten. */
export function memoryDraft(text: string, intent: Intent, desk: Desk): Draft {
  const { memory, chatType } = desk.input;
  if (intent === "rememberFact") return { text: rememberText(text, chatType), confidence: 0.9 };
  if (intent === "forgetFact") return { text: forgetText(text, desk), confidence: 0.9 };
  return { text: recallText(factsMeant(text, memory), memory.length), confidence: 0.9 };
}

function rememberText(text: string, chatType: "direct" | "group"): string {
  const fact = factIn(text);
  if (fact === "secret") {
    return "That looks like something secret, such as a card number, an IBAN or a password. I do not keep such things; please do not send them to a chat.";
  }
  if (fact === undefined) return "If I should remember something, please write “remember that …”.";
  const where = chatType === "group" ? " Everybody in this group can ask me for it." : "";
  return `I will remember: ${literal(fact.key)} – ${literal(fact.value)}.${where}`;
}

function forgetText(text: string, { input }: Desk): string {
  const facts = factsToForget(text, input.memory);
  if (facts.length === 0 && /^\W*(?:\w+\W+){0,3}(?:that|it|this|das|es)\W*$/iu.test(text)) {
    return "What should I forget? Name it, or write “forget everything about me”.";
  }
  if (facts.length === 0 && input.memory.length > 0 && !asksToForget(text)) {
    return "I forgot nothing. If I should forget something, name it, or write “forget everything about me”.";
  }
  if (facts.length === 0) return `I remember nothing like that. ${RESET_HINT}`;
  return `Forgotten: ${facts.map(({ key }) => literal(key)).join(", ")}. ${RESET_HINT}`;
}

function recallText(facts: Desk["input"]["memory"], known: number): string {
  if (facts.length > 0) {
    return [
      "This is what you told me:",
      "",
      ...facts.map(({ key, value }) => `- ${literal(key)}: ${literal(value)}`),
    ].join("\n");
  }
  return known === 0 ? "You have not told me anything to remember yet." : "You have not told me that.";
}
