/** What is said about proposals, by language. Rendered by code alone. */

/** Where a value came from that its requester did not write. */
export type Origin = "known" | "quoted" | "document" | "remembered" | "result" | "chosen";

export interface ConfirmationTexts {
  /** Of what is proposed: how much, to whom. */
  readonly amount: string;
  readonly payee: string;
  /** Which values the requester did not write, and where they came from. */
  readonly elsewhere: string;
  readonly origins: Readonly<Record<Origin, string>>;
  readonly howTo: (code: string) => string;
  readonly cancelled: string;
  readonly notYours: string;
  readonly nothingPending: string;
  readonly wrongCode: (left: number) => string;
  readonly tooManyCodes: string;
  readonly expired: string;
  readonly wasCancelled: string;
  readonly superseded: string;
  readonly unchanged: (summary: string) => string;
  readonly askAnew: string;
  readonly stillWaits: (summary: string) => string;
  readonly allCancelled: (count: number) => string;
  readonly oneCancelled: (summary: string) => string;
  readonly tooLate: (summary: string, hint: string) => string;
  readonly changed: string;
  readonly notPossible: (reason: string) => string;
  readonly tryAgain: string;
  readonly inProgress: string;
  readonly uncertain: string;
  readonly unresolved: string;
  readonly done: (summary: string) => string;
  readonly already: (result: string) => string;
  readonly failed: string;
}

const english: ConfirmationTexts = {
  amount: "Amount",
  payee: "To",
  elsewhere: "Not in your own words",
  origins: {
    known: "saved before",
    quoted: "from quoted or pasted words",
    document: "from a document",
    remembered: "from my memory",
    result: "from another answer",
    chosen: "filled in by me",
  },
  howTo: (code) =>
    `A plain answer confirms nothing. Press **Confirm**, or type \`confirm ${code}\` (or \`cancel ${code}\`).`,
  cancelled: "Cancelled. Nothing was done.",
  notYours: "That confirmation is not yours, or there is no such request. Nothing was done.",
  nothingPending: "There is nothing of yours waiting for that code here. Nothing was done.",
  wrongCode: (left) =>
    `That is not the code. Nothing was done. ${left === 1 ? "One try is left." : `${left} tries are left.`}`,
  tooManyCodes: "That was one wrong code too many, so I cancelled the request. Nothing was done. Please ask again.",
  expired: "That request has expired. Nothing was done. Please ask again if you still want it.",
  wasCancelled: "That request was cancelled. Nothing was done.",
  superseded: "That request was replaced by a newer one. It was not carried out.",
  unchanged: (summary) =>
    `I did not understand what should be different, so it waits as it was: ${summary}. “No” cancels it.`,
  askAnew: "Please tell me in one sentence what you want now.",
  stillWaits: (summary) => `Still waiting for you: ${summary}. Nothing happens until you confirm it; “no” cancels it.`,
  allCancelled: (count) => `Cancelled, all ${count} requests that were waiting. Nothing was done.`,
  oneCancelled: (summary) => `Cancelled: ${summary}. Nothing was done.`,
  tooLate: (summary, hint) => `That was carried out already (${summary}), and I cannot take it back. ${hint}`.trim(),
  changed: "What you would confirm has changed since I asked, so I cancelled it. Nothing was done. Please ask again.",
  notPossible: (reason) => `That is no longer possible, so I cancelled it. Nothing was done. ${reason}`,
  tryAgain: "I could not check that just now. Nothing was done. Please confirm again in a moment.",
  inProgress: "That is being carried out right now; it happens once, however often you confirm.",
  uncertain:
    "I could not find out yet whether that was carried out. Please confirm again in a moment: it will not be done twice.",
  unresolved:
    "I could not find out whether that was carried out, even after several tries. The team has been told; please check before you ask again.",
  done: (summary) => `Done: ${summary}`,
  already: (result) => `That was done already, once:\n\n${result}`,
  failed: "That could not be carried out.",
};

const german: ConfirmationTexts = {
  amount: "Betrag",
  payee: "An",
  elsewhere: "Nicht in deinen eigenen Worten",
  origins: {
    known: "schon gespeichert",
    quoted: "aus zitierten oder eingefügten Worten",
    document: "aus einem Dokument",
    remembered: "aus meinem Gedächtnis",
    result: "aus einer anderen Antwort",
    chosen: "von mir ergänzt",
  },
  howTo: (code) =>
    `Eine einfache Antwort bestätigt nichts. Drücke **Bestätigen** oder schreibe \`bestätigen ${code}\` (oder \`abbrechen ${code}\`).`,
  cancelled: "Abgebrochen. Es wurde nichts ausgeführt.",
  notYours: "Diese Bestätigung gehört dir nicht, oder es gibt keine solche Anfrage. Es wurde nichts ausgeführt.",
  nothingPending: "Hier wartet nichts von dir auf diesen Code. Es wurde nichts ausgeführt.",
  wrongCode: (left) =>
    `Das ist nicht der Code. Es wurde nichts ausgeführt. ${left === 1 ? "Ein Versuch bleibt." : `${left} Versuche bleiben.`}`,
  tooManyCodes:
    "Das war ein falscher Code zu viel, daher habe ich die Anfrage abgebrochen. Es wurde nichts ausgeführt. Bitte frage neu.",
  expired: "Diese Anfrage ist abgelaufen. Es wurde nichts ausgeführt. Bitte frage neu, wenn du es noch willst.",
  wasCancelled: "Diese Anfrage wurde abgebrochen. Es wurde nichts ausgeführt.",
  superseded: "Diese Anfrage wurde durch eine neuere ersetzt. Sie wurde nicht ausgeführt.",
  unchanged: (summary) =>
    `Ich habe nicht verstanden, was anders sein soll, daher wartet es unverändert: ${summary}. „Nein“ bricht es ab.`,
  askAnew: "Bitte sag mir in einem Satz, was du jetzt möchtest.",
  stillWaits: (summary) =>
    `Es wartet noch auf dich: ${summary}. Es geschieht nichts, bevor du es bestätigst; „nein“ bricht es ab.`,
  allCancelled: (count) => `Abgebrochen, alle ${count} wartenden Anfragen. Es wurde nichts ausgeführt.`,
  oneCancelled: (summary) => `Abgebrochen: ${summary}. Es wurde nichts ausgeführt.`,
  tooLate: (summary, hint) =>
    `Das wurde bereits ausgeführt (${summary}), und ich kann es nicht zurücknehmen. ${hint}`.trim(),
  changed:
    "Was du bestätigen würdest, hat sich inzwischen geändert, daher habe ich es abgebrochen. Es wurde nichts ausgeführt. Bitte frage neu.",
  notPossible: (reason) => `Das geht nicht mehr, daher habe ich es abgebrochen. Es wurde nichts ausgeführt. ${reason}`,
  tryAgain: "Ich konnte das gerade nicht prüfen. Es wurde nichts ausgeführt. Bitte bestätige gleich noch einmal.",
  inProgress: "Das wird gerade ausgeführt; es geschieht einmal, wie oft du auch bestätigst.",
  uncertain:
    "Ich weiß noch nicht, ob das ausgeführt wurde. Bitte bestätige gleich noch einmal: Es geschieht nicht doppelt.",
  unresolved:
    "Ich konnte auch nach mehreren Versuchen nicht klären, ob das ausgeführt wurde. Das Team weiß Bescheid; bitte prüfe es, bevor du neu fragst.",
  done: (summary) => `Erledigt: ${summary}`,
  already: (result) => `Das wurde bereits ausgeführt, einmal:\n\n${result}`,
  failed: "Das konnte nicht ausgeführt werden.",
};

const byLanguage: Readonly<Record<string, ConfirmationTexts>> = { en: english, de: german };

/** The texts of a BCP 47 locale; English where the language has none. */
export function textsFor(locale: string): ConfirmationTexts {
  return byLanguage[locale.split("-")[0]?.toLowerCase() ?? "en"] ?? english;
}
