/** What the framework itself says, by language. Everything else is said by the crew. */
import { literal } from "../markdown/index.ts";

export interface Phrases {
  readonly rateLimited: (seconds: number) => string;
  readonly budgetSpent: string;
  readonly budgetNearlySpent: string;
  /** Of whoever is answered without a model until midnight. */
  readonly budgetGoesOn: string;
  readonly textTooLong: (limit: number) => string;
  readonly tooManyFiles: (limit: number) => string;
  readonly fileTooLarge: (bytes: number) => string;
  readonly unreadable: string;
  readonly ownName: string;
  readonly reset: string;
  readonly forgotten: string;
  /** Before all is erased. */
  readonly askForgetAll: string;
  /** Before all that is remembered is erased: what it is. */
  readonly askForgetMemory: (keys: readonly string[]) => string;
  readonly forgottenMemory: string;
  readonly expiredForget: string;
  readonly keptAll: string;
  readonly erase: string;
  readonly keep: string;
  readonly deadLetter: string;
  /** By kind of failure: the answer when no answer could be made. */
  readonly unavailable: string;
  readonly overloaded: string;
  readonly tooSlow: string;
  readonly refused: string;
  readonly outOfContext: string;
  readonly expiredChoice: string;
  /** Of what was to follow a request that was not carried out. */
  readonly notFollowed: (words: string) => string;
}

const megabytes = (bytes: number): number => Math.floor(bytes / (1024 * 1024));

const english: Phrases = {
  rateLimited: (seconds) => `You are writing faster than I may answer. Please try again in ${seconds} s.`,
  budgetSpent: "Today's budget for this bot is used up. Please come back tomorrow.",
  budgetGoesOn:
    "Today's budget for my language model is used up. Until midnight I go on without it and understand only plain requests.",
  budgetNearlySpent: "Your allowance for today is nearly used up.",
  textTooLong: (limit) => `That message is too long for me: at most ${limit} characters, please.`,
  tooManyFiles: (limit) => `That is too many files at once: at most ${limit}, please.`,
  fileTooLarge: (bytes) => `That file is too large: at most ${megabytes(bytes)} MB, please.`,
  unreadable: "I cannot read that kind of message. Could you tell me in words what you need?",
  ownName:
    "I can only do that for a person who confirms it. Please ask me again under your own name, not as the group.",
  reset: "Done: we start from scratch, and nothing waits for your confirmation any more. What can I do for you?",
  forgotten: "Done: this conversation and what I remembered from it are erased.",
  askForgetAll:
    "Shall I erase this conversation, all that I remember of it, and what my tools keep of you? It cannot be undone. Nothing is erased until you confirm it.",
  askForgetMemory: (keys) =>
    `Shall I erase all that I remember of you (${keys.map(literal).join(", ")})? It cannot be undone. Nothing is erased until you confirm it.`,
  forgottenMemory: "Done: I have erased all that I remembered of you.",
  expiredForget:
    "That question is no longer open for you, so nothing was erased. Please ask again if you still want it.",
  keptAll: "All right, nothing was erased.",
  erase: "Erase everything",
  keep: "Keep it",
  deadLetter: "I could not process your message, even after several tries. It is kept, and the team has been told.",
  unavailable:
    "Something I depend on is not available right now, so I cannot answer that. Please try again in a minute.",
  overloaded: "I am overloaded right now and could not answer. Please try again in a minute.",
  tooSlow: "That took too long, so I stopped. Please try again, perhaps with a shorter question.",
  refused: "I cannot help with that request.",
  outOfContext: "Our conversation has grown too long for me. Type /reset to start a new one.",
  expiredChoice: "That button is too old. Please tell me in words what you would like.",
  notFollowed: (words) => `So this was not done either: “${literal(words)}”.`,
};

const german: Phrases = {
  rateLimited: (seconds) =>
    `Du schreibst schneller, als ich antworten darf. Bitte versuche es in ${seconds} s noch einmal.`,
  budgetSpent: "Das heutige Budget für diesen Bot ist aufgebraucht. Bitte komm morgen wieder.",
  budgetGoesOn:
    "Das heutige Budget für mein Sprachmodell ist aufgebraucht. Bis Mitternacht mache ich ohne es weiter und verstehe nur einfache Anliegen.",
  budgetNearlySpent: "Dein Kontingent für heute ist fast aufgebraucht.",
  textTooLong: (limit) => `Diese Nachricht ist zu lang für mich: bitte höchstens ${limit} Zeichen.`,
  tooManyFiles: (limit) => `Das sind zu viele Dateien auf einmal: bitte höchstens ${limit}.`,
  fileTooLarge: (bytes) => `Diese Datei ist zu groß: bitte höchstens ${megabytes(bytes)} MB.`,
  unreadable: "Nachrichten dieser Art kann ich nicht lesen. Sagst du mir bitte mit Worten, was du brauchst?",
  ownName:
    "Das geht nur für jemanden, der es auch bestätigt. Bitte frag mich noch einmal unter deinem eigenen Namen, nicht als Gruppe.",
  reset: "Erledigt: Wir fangen von vorn an, und nichts wartet mehr auf deine Bestätigung. Was kann ich für dich tun?",
  forgotten: "Erledigt: Dieses Gespräch und was ich mir daraus gemerkt habe, sind gelöscht.",
  askForgetAll:
    "Soll ich dieses Gespräch, alles, was ich mir daraus gemerkt habe, und was meine Werkzeuge über dich aufbewahren, löschen? Das lässt sich nicht rückgängig machen. Es wird nichts gelöscht, bevor du es bestätigst.",
  askForgetMemory: (keys) =>
    `Soll ich alles löschen, was ich mir über dich gemerkt habe (${keys.map(literal).join(", ")})? Das lässt sich nicht rückgängig machen. Es wird nichts gelöscht, bevor du es bestätigst.`,
  forgottenMemory: "Erledigt: Ich habe alles gelöscht, was ich mir über dich gemerkt habe.",
  expiredForget:
    "Diese Frage ist für dich nicht mehr offen, daher wurde nichts gelöscht. Bitte frag noch einmal, wenn du es noch willst.",
  keptAll: "In Ordnung, es wurde nichts gelöscht.",
  erase: "Alles löschen",
  keep: "Behalten",
  deadLetter:
    "Ich konnte deine Nachricht auch nach mehreren Versuchen nicht verarbeiten. Sie ist aufgehoben, das Team weiß Bescheid.",
  unavailable:
    "Etwas, das ich dafür brauche, ist gerade nicht erreichbar. Bitte versuche es in einer Minute noch einmal.",
  overloaded: "Ich bin gerade überlastet und konnte nicht antworten. Bitte versuche es in einer Minute noch einmal.",
  tooSlow:
    "Das hat zu lange gedauert, ich habe abgebrochen. Bitte versuche es noch einmal, vielleicht mit einer kürzeren Frage.",
  refused: "Dabei kann ich nicht helfen.",
  outOfContext: "Unser Gespräch ist für mich zu lang geworden. Mit /reset fangen wir neu an.",
  expiredChoice: "Dieser Knopf ist zu alt. Bitte sag mir mit Worten, was du möchtest.",
  notFollowed: (words) => `Deshalb wurde auch das nicht ausgeführt: „${literal(words)}“.`,
};

const byLanguage: Readonly<Record<string, Phrases>> = { en: english, de: german };

/** The phrases of a BCP 47 locale; English where the language has none. */
export function phrasesFor(locale: string): Phrases {
  return byLanguage[locale.split("-")[0]?.toLowerCase() ?? "en"] ?? english;
}
