/** What a new payee needs, and how the messages of a person fill it in. */
import type { Understood } from "../offline/index.ts";

export interface PayeeOrder {
  readonly kind: "payee";
  readonly name?: string;
  readonly iban?: string;
}

const ADDING = /\b(?:add|save|store|create|set up|register|new|neuen?)\b/iu;
const PAYEE = /\b(?:payees?|recipients?|beneficiar(?:y|ies)|contacts?|empfänger)\b/iu;
const QUESTION = /\?|^\s*(?:how|what|where|when|why|can|could|do|does|is|are|may)\b/iu;

/** Whether a message asks to save a payee, rather than how that is done. */
export function addsPayee(text: string, { entities }: Understood): boolean {
  if (QUESTION.test(text) && !entities.some(({ kind }) => kind === "iban")) return false;
  return ADDING.test(text) && PAYEE.test(text);
}

/** The parts of a new payee that one message names. */
export function payeeIn(text: string, { entities }: Understood): PayeeOrder {
  const iban = entities.find((entity) => entity.kind === "iban");
  const name = nameIn(iban === undefined ? text : text.replace(iban.literal, " "));
  return { kind: "payee", ...(name !== undefined && { name }), ...(iban !== undefined && { iban: iban.literal }) };
}

/** What is still missing, in the order in which it is asked for. */
export function missingInPayee({ name, iban }: PayeeOrder): "name" | "iban" | undefined {
  if (name === undefined) return "name";
  return iban === undefined ? "iban" : undefined;
}

/** The words that are left when everything that is said around a name is taken away. */
function nameIn(text: string): string | undefined {
  const left = text
    .replaceAll(/[,;:()]/gu, " ")
    .replaceAll(
      /\b(?:please|add|save|store|create|set up|register|as|a|an|the|new|to|my|payees?|recipients?|beneficiar(?:y|ies)|contacts?|list|with|and|iban|named?|called|is|it|his|her|their|number|account|bitte)\b/giu,
      " ",
    )
    .replaceAll(/\s+/gu, " ")
    .trim()
    .replace(/[.!?]+$/u, "");
  return /^[\p{L}\p{N}][\p{L}\p{M}\p{N} .'’&/+-]{1,69}$/u.test(left) ? left : undefined;
}
