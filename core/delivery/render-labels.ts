/** The words around a reply's extras, by language. */
import type { Recommendation } from "../reply.ts";

export interface RenderLabels {
  readonly risk: Readonly<Record<Recommendation["riskLevel"], string>>;
  readonly perYear: (percent: string) => string;
  readonly amount: string;
  readonly payee: string;
  readonly validUntil: string;
  readonly typeCode: (code: string) => string;
  readonly typeNumber: string;
  readonly sources: string;
  readonly file: string;
}

const english: RenderLabels = {
  risk: { low: "low risk", medium: "medium risk", high: "high risk" },
  perYear: (percent) => `about ${percent} a year`,
  amount: "Amount",
  payee: "To",
  validUntil: "Valid until",
  typeCode: (code) => `To confirm, type ${code}`,
  typeNumber: "Answer with a number.",
  sources: "Sources",
  file: "File",
};

const german: RenderLabels = {
  risk: { low: "geringes Risiko", medium: "mittleres Risiko", high: "hohes Risiko" },
  perYear: (percent) => `etwa ${percent} im Jahr`,
  amount: "Betrag",
  payee: "An",
  validUntil: "Gültig bis",
  typeCode: (code) => `Zum Bestätigen ${code} eingeben`,
  typeNumber: "Antworte mit einer Zahl.",
  sources: "Quellen",
  file: "Datei",
};

const byLanguage: Readonly<Record<string, RenderLabels>> = { en: english, de: german };

/** The labels of a BCP 47 locale; English where the language has none. */
export function labelsFor(locale = "en"): RenderLabels {
  return byLanguage[locale.split("-")[0]?.toLowerCase() ?? "en"] ?? english;
}
