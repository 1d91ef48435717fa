import { foldName, hasWordsAt, nameWords, type NameWord } from "./names.ts";
import type { Span } from "../../../core/language/index.ts";

/** One of the customer's own accounts, as handed in by the caller. */
export interface KnownAccount {
  readonly id: string;
  /** What the customer sees: "Everyday account". */
  readonly name: string;
  /** What it is: `current`, `savings`, `credit`, … */
  readonly kind?: string;
  /** The account number or its end; only the last digits are compared. */
  readonly number?: string;
}

/** A reference to one of the customer's own accounts. */
export interface AccountMention extends Span {
  readonly kind: "account";
  /** `from`: money leaves it; `to`: money enters it. */
  readonly role: "from" | "to" | undefined;
  /** Ids of the known accounts it may be; none when the customer has no such account. */
  readonly candidates: readonly string[];
  /** Whether it fits several accounts: ask which. */
  readonly ambiguous: boolean;
}

/** Everyday words for kinds of accounts. */
const kindWords: readonly (readonly [kind: string, words: ReadonlySet<string>])[] = [
  ["savings", new Set(["savings", "saving", "saver", "nest-egg", "sparkonto", "sparbuch", "spar"])],
  [
    "current",
    new Set(["current", "checking", "everyday", "giro", "main", "checkings", "chequing", "girokonto", "hauptkonto"]),
  ],
  ["credit", new Set(["credit", "visa", "mastercard"])],
];

const leadsFrom: ReadonlySet<string> = new Set(["from", "using", "use", "off", "with", "via", "von", "vom", "aus"]);
const leadsTo: ReadonlySet<string> = new Set(["to", "into", "onto", "in", "auf", "aufs", "zum", "ins", "nach"]);
const leadsElse: ReadonlySet<string> = new Set(["on", "of", "between", "and", "for", "at", "is"]);
const fillers: ReadonlySet<string> = new Set([
  "my",
  "the",
  "our",
  "over",
  "of",
  "out",
  "mein",
  "meine",
  "meinem",
  "meinen",
  "das",
  "dem",
]);

interface Found {
  readonly from: number;
  readonly next: number;
  readonly candidates: readonly KnownAccount[];
  /** Named by a word that also has other meanings: counts only behind "my", "from", "to", … */
  readonly needsLead: boolean;
}

interface NamedAccount {
  readonly account: KnownAccount;
  readonly name: readonly string[];
}

function byName(words: readonly NameWord[], at: number, named: readonly NamedAccount[]): Found | undefined {
  const found = named.filter(({ name }) => hasWordsAt(words, at, name));
  const length = Math.max(0, ...found.map(({ name }) => name.length));
  if (length === 0) return undefined;
  const candidates = found.filter(({ name }) => name.length === length).map(({ account }) => account);
  return { from: at, next: at + length, candidates, needsLead: length === 1 };
}

/** Words that may stand right behind "my current" without giving "current" another meaning. */
const afterAccount =
  /^(?:and|to|into|for|please|today|now|pls|plz|thanks|danke|umbuchen|buchen|back|auf|aufs|bitte|um|und|an|ruber)$/u;

function isNoun(word: NameWord | undefined): boolean {
  return word?.follows === true && /^(?:accounts?|card|pot|one|konto)$/u.test(word.folded);
}

function byKind(words: readonly NameWord[], at: number, named: readonly NamedAccount[]): Found | undefined {
  const word = words[at]?.folded ?? "";
  const group = kindWords.find(([, names]) => names.has(word));
  if (group === undefined) return undefined;
  const [kind, names] = group;
  const behind = words[at + 1];
  const noun = isNoun(behind);
  // "My main problem": only "savings" says by itself that an account is meant.
  const isAdjective = behind?.follows === true && !noun && !word.endsWith("konto") && !afterAccount.test(behind.folded);
  if (isAdjective && kind !== "savings") return undefined;
  const candidates = named
    .filter(({ account, name }) => account.kind?.toLowerCase() === kind || name.some((part) => names.has(part)))
    .map(({ account }) => account);
  return { from: at, next: at + (noun ? 2 : 1), candidates, needsLead: !noun || kind === "credit" };
}

/** "put 50 on everyday" moves money there, "is on savings" does not. */
function isPutOn(words: readonly NameWord[], at: number): boolean {
  return words[at]?.folded === "on" && words.slice(Math.max(0, at - 3), at).some(({ folded }) => folded === "put");
}

function leadOf(
  words: readonly NameWord[],
  at: number,
): { readonly role: AccountMention["role"]; readonly leads: boolean } {
  let before = at - 1;
  while (fillers.has(words[before]?.folded ?? "")) before -= 1;
  const word = words[before]?.folded ?? "";
  const between = words.slice(before + 1, at).map(({ folded }) => folded);
  if (leadsFrom.has(word) || between.includes("out")) return { role: "from", leads: true };
  if (leadsTo.has(word) || isPutOn(words, before)) return { role: "to", leads: true };
  return { role: undefined, leads: leadsElse.has(word) || /^(?:my|our)$/u.test(between.at(-1) ?? "") };
}

function digitsOf(number: string | undefined): string {
  return (number ?? "").replaceAll(/\D/gu, "");
}

/** "account ending in 1234", "the account *1234". */
function byEnding(text: string, accounts: readonly KnownAccount[]): readonly AccountMention[] {
  const shape =
    /(?<role>\bfrom |\bto |\binto )?(?:my |the )?accounts? (?:ending(?: in| with)? |no\.? |number |\*{1,4})(?<digits>\d{2,12})(?!\d)/giu;
  return Array.from(text.matchAll(shape), (match) => {
    const role = match.groups?.["role"]?.trim().toLowerCase();
    const digits = match.groups?.["digits"] ?? "";
    const candidates = accounts.filter(({ number }) => digitsOf(number).endsWith(digits)).map(({ id }) => id);
    return {
      kind: "account" as const,
      start: match.index,
      end: match.index + match[0].length,
      literal: match[0],
      role: role === undefined ? undefined : role === "from" ? ("from" as const) : ("to" as const),
      candidates,
      ambiguous: candidates.length > 1,
    };
  });
}

function mentionAt(text: string, words: readonly NameWord[], found: Found): AccountMention | undefined {
  const { role, leads } = leadOf(words, found.from);
  if (found.needsLead && !leads) return undefined;
  const start = words[found.from]?.start ?? 0;
  const end = words[found.next - 1]?.end ?? start;
  const candidates = found.candidates.map(({ id }) => id);
  const literal = text.slice(start, end);
  return { kind: "account", start, end, literal, role, candidates, ambiguous: candidates.length > 1 };
}

/** Finds references to the customer's own accounts: by name, by kind ("from my savings"), by the last digits. */
export function findAccountMentions(text: string, accounts: readonly KnownAccount[] = []): readonly AccountMention[] {
  const words = nameWords(text);
  const named = accounts.map((account) => ({ account, name: foldName(account.name) }));
  const mentions: AccountMention[] = [...byEnding(text, accounts)];
  let at = 0;
  while (at < words.length) {
    const found = byName(words, at, named) ?? byKind(words, at, named);
    const mention = found === undefined ? undefined : mentionAt(text, words, found);
    if (mention !== undefined) mentions.push(mention);
    at = found?.next ?? at + 1;
  }
  return mentions.toSorted((left, right) => left.start - right.start);
}
