/**
 * Where a value comes from decides whether money may follow it. Amounts and new payees must stand in the requester's
 * own words; a model that was talked into something else by a document or a tool result gets a question instead.
 */
import type { Money } from "../../core/reply.ts";
import { spells } from "./amount-words.ts";
import { fractionDigits } from "./amount.ts";
import { writtenAmounts } from "./written-amounts.ts";

/** Whether one of the texts names this amount, in this currency or in none. */
export function namesAmount(texts: readonly string[], { minor, currency }: Money): boolean {
  const places = fractionDigits(currency);
  const unit = 10 ** places;
  return texts.some((text) => {
    const isWritten = writtenAmounts(text, places).some(
      (written) => written.minor === minor && (written.currency ?? currency) === currency,
    );
    return isWritten || (minor % unit === 0 && spells(text, minor / unit));
  });
}

/** Whether one of the texts holds this IBAN, with or without spaces, and not as a part of something longer. */
export function namesIban(texts: readonly string[], iban: string): boolean {
  const signs = iban.replaceAll(/[A-Z0-9](?=.)/g, "$&[ \\u00A0-]?");
  const pattern = new RegExp(`(?<![A-Za-z0-9])${signs}(?![A-Za-z0-9])`, "i");
  return texts.some((text) => pattern.test(text));
}

/** Whether the texts hold every word of a name. */
export function namesName(texts: readonly string[], name: string): boolean {
  const said = new Set(texts.flatMap((text) => nameTokens(text)));
  const wanted = nameTokens(name);
  return wanted.length > 0 && wanted.every((token) => said.has(token));
}

/** A name as comparable words: lower case, without accents and punctuation. */
export function nameTokens(text: string): readonly string[] {
  const plain = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((token) => token !== "");
}
