/** The words around a reply's extras, by language. */
export interface RenderLabels {
  readonly validUntil: string;
  readonly typeCode: (code: string) => string;
  readonly typeNumber: string;
  readonly sources: string;
  readonly file: string;
  /** On a menu that is still closed. */
  readonly choose: string;
  readonly options: string;
  readonly pleaseConfirm: string;
  readonly expired: string;
  readonly confirmed: string;
  readonly executed: string;
  readonly failed: string;
  readonly cancelled: string;
  readonly notAttached: (name: string) => string;
}

const english: RenderLabels = {
  validUntil: "Valid until",
  typeCode: (code) => `To confirm, type ${code}`,
  typeNumber: "Answer with a number.",
  sources: "Sources",
  file: "File",
  choose: "Choose…",
  options: "Options",
  pleaseConfirm: "Please confirm",
  expired: "Expired",
  confirmed: "Being done",
  executed: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
  notAttached: (name) => `“${name}” could not be attached.`,
};

const german: RenderLabels = {
  validUntil: "Gültig bis",
  typeCode: (code) => `Zum Bestätigen ${code} eingeben`,
  typeNumber: "Antworte mit einer Zahl.",
  sources: "Quellen",
  file: "Datei",
  choose: "Auswählen…",
  options: "Auswahl",
  pleaseConfirm: "Bitte bestätigen",
  expired: "Abgelaufen",
  confirmed: "Wird ausgeführt",
  executed: "Erledigt",
  failed: "Fehlgeschlagen",
  cancelled: "Abgebrochen",
  notAttached: (name) => `„${name}“ konnte nicht angehängt werden.`,
};

const byLanguage: Readonly<Record<string, RenderLabels>> = { en: english, de: german };

/** The labels of a BCP 47 locale; English where the language has none. */
export function labelsFor(locale = "en"): RenderLabels {
  return byLanguage[locale.split("-")[0]?.toLowerCase() ?? "en"] ?? english;
}
