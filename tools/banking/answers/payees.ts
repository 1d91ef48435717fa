/** Saved payees in the hearer's words. */
import { literalTable } from "../../../core/markdown/index.ts";
import type { Hearer } from "../../../core/teaching.ts";
import { phrasesFor, told } from "./phrases.ts";

/** Who is saved; account numbers as they may be shown. */
export type SavedPayees = { readonly payees: { readonly name: string; readonly iban: string }[] };

/** The answer in Markdown. */
export function sayPayees({ payees }: SavedPayees, hearer: Hearer): string {
  const phrases = phrasesFor(hearer);
  if (payees.length === 0) return phrases.noPayees;
  const rows = payees.map(({ name, iban }) => [name, iban]);
  return `${told(phrases.payees, { of: String(rows) })}\n\n${literalTable(phrases.payeeTable, rows)}`;
}
