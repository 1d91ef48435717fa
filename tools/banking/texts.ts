/** What the bank's tools say of what they will do and have done, by language. */
import { languageOfLocale } from "../../core/language/index.ts";
import type { Rhythm } from "./rhythm.ts";

/** Sentences with the values that code puts in. */
export interface BankTexts {
  /** What a transfer will do. `to` has its own words before it: see `toPayee`, `toOwn`, `toIban`. */
  readonly transfer: (parts: {
    readonly amount: string;
    readonly from: string;
    readonly to: string;
    readonly reference: string;
  }) => string;
  readonly toPayee: (name: string) => string;
  readonly toOwn: (name: string) => string;
  readonly toIban: (iban: string) => string;
  readonly reference: (words: string) => string;
  /** What is paid later, or again and again. */
  readonly order: (parts: {
    readonly amount: string;
    readonly from: string;
    readonly to: string;
    readonly rhythm: string;
    readonly isOnce: boolean;
    readonly first: string;
    readonly last: string;
    readonly reference: string;
  }) => string;
  readonly rhythms: Readonly<Record<Rhythm, string>>;
  readonly until: (day: string) => string;
  /** What becomes of an order. */
  readonly changes: Readonly<Record<"changed" | "active" | "paused" | "cancelled", string>>;
  readonly before: (amount: string) => string;
  readonly contact: (values: string) => string;
  readonly done: (summary: string) => string;
  readonly savePayee: string;
  readonly savedPayee: (name: string, iban: string) => string;
  readonly payees: (names: string) => string;
  readonly noPayees: string;
  readonly separate: (name: string) => string;
  readonly separated: string;
  readonly notLinkedBefore: string;
  readonly linked: (name: string) => string;
  readonly linkedAlready: (name: string) => string;
}

const english: BankTexts = {
  transfer: ({ amount, from, to, reference }) => `Transfer ${amount} from ${from} ${to}${reference}`,
  toPayee: (name) => `to ${name}`,
  toOwn: (name) => `to your own account ${name}`,
  toIban: (iban) => `to the IBAN ${iban}`,
  reference: (words) => `, reference “${words}”`,
  order: ({ amount, from, to, rhythm, isOnce, first, last, reference }) =>
    isOnce
      ? `Pay ${amount} from ${from} to ${to} on ${first}${reference}`
      : `Pay ${amount} ${rhythm} from ${from} to ${to}, next on ${first}${last}${reference}`,
  rhythms: {
    once: "once",
    weekly: "every week",
    monthly: "every month",
    quarterly: "every quarter",
    "half-yearly": "every half-year",
    yearly: "every year",
  },
  until: (day) => `, until ${day}`,
  changes: {
    changed: "Change the order",
    active: "Resume the order",
    paused: "Pause the order",
    cancelled: "Cancel the order",
  },
  before: (amount) => `, instead of ${amount}`,
  contact: (values) => `Change how the bank reaches you to: ${values}`,
  done: (summary) => `Done${summary}.`,
  savePayee: "Save a new payee",
  savedPayee: (name, iban) => `Saved ${name} (${iban}) as a payee.`,
  payees: (names) => `Saved payees: ${names}.`,
  noPayees: "No payees are saved.",
  separate: (name) => `Separate this chat from the accounts of ${name}`,
  separated: "This chat is no longer linked to your bank accounts.",
  notLinkedBefore: "This chat was not linked to a bank customer.",
  linked: (name) => `This chat is now linked to the accounts of ${name}.`,
  linkedAlready: (name) => `This chat is linked to the accounts of ${name} already.`,
};

const german: BankTexts = {
  transfer: ({ amount, from, to, reference }) => `Überweisung von ${amount} von ${from} ${to}${reference}`,
  toPayee: (name) => `an ${name}`,
  toOwn: (name) => `auf dein Konto ${name}`,
  toIban: (iban) => `an die IBAN ${iban}`,
  reference: (words) => `, Verwendungszweck „${words}“`,
  order: ({ amount, from, to, rhythm, isOnce, first, last, reference }) =>
    isOnce
      ? `Zahlung von ${amount} von ${from} an ${to} am ${first}${reference}`
      : `Zahlung von ${amount} ${rhythm} von ${from} an ${to}, nächstes Mal am ${first}${last}${reference}`,
  rhythms: {
    once: "einmal",
    weekly: "jede Woche",
    monthly: "jeden Monat",
    quarterly: "jedes Quartal",
    "half-yearly": "jedes halbe Jahr",
    yearly: "jedes Jahr",
  },
  until: (day) => `, bis ${day}`,
  changes: {
    changed: "Auftrag ändern",
    active: "Auftrag fortsetzen",
    paused: "Auftrag pausieren",
    cancelled: "Auftrag löschen",
  },
  before: (amount) => `, statt ${amount}`,
  contact: (values) => `Kontaktdaten bei der Bank ändern auf: ${values}`,
  done: (summary) => `Erledigt${summary}.`,
  savePayee: "Neuen Empfänger speichern",
  savedPayee: (name, iban) => `${name} (${iban}) ist jetzt als Empfänger gespeichert.`,
  payees: (names) => `Gespeicherte Empfänger: ${names}.`,
  noPayees: "Es sind keine Empfänger gespeichert.",
  separate: (name) => `Diesen Chat von den Konten von ${name} trennen`,
  separated: "Dieser Chat ist nicht mehr mit deinen Konten verbunden.",
  notLinkedBefore: "Dieser Chat war mit keinem Bankkunden verbunden.",
  linked: (name) => `Dieser Chat ist jetzt mit den Konten von ${name} verbunden.`,
  linkedAlready: (name) => `Dieser Chat ist bereits mit den Konten von ${name} verbunden.`,
};

/** The sentences of the language of a locale. */
export function bankTexts(locale: string): BankTexts {
  return languageOfLocale(locale) === "de" ? german : english;
}
