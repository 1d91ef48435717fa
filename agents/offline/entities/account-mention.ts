import { foldName, hasWordsAt, nameWords, type NameWord } from "./names.ts";
import type { Span } from "./span.ts";

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
  ["savings", new Set(["savings", "saving", "saver", "nest-egg"])],
  ["current", new Set(["current", "checking", "everyday", "giro", "main", "checkings", "chequing"])],
  ["credit", new Set(["credit", "visa", "mastercard"])],
];

const leadsFrom: ReadonlySet<string> = new Set(["from", "using", "use", "off", "with", "via"]);
const leadsTo: ReadonlySet<string> = new Set(["to", "into", "onto", "in"]);
const leadsElse: ReadonlySet<string> = new Set(["on", "of", "between", "and", "for", "at", "is"]);
const fillers: ReadonlySet<string> = new Set(["my", "the", "our", "over", "of", "out"]);

interface Found {
  readonly from: number;
  readonly next: number;
  readonly candidates: readonly KnownAccount[];
  /** Named by a word that also has other meanings: counts only behind "my", "from", "to", … */
  readonly needsLead: boolean;
}

function byName(words: readonly NameWord[], at: number, accounts: readonly KnownAccount[]): Found | undefined {
  const named = accounts.map((account) => ({ account, name: foldName(account.name) }));
  const found = named.filter(({ name }) => hasWordsAt(words, at, name));
  const length = Math.max(0, ...found.map(({ name }) => name.length));
  if (length === 0) return undefined;
  const candidates = found.filter(({ name }) => name.length === length).map(({ account }) => account);
  return { from: at, next: at + length, candidates, needsLead: length === 1 };
}

function byKind(words: readonly NameWord[], at: number, accounts: readonly KnownAccount[]): Found | undefined {
  const word = words[at]?.folded ?? "";
  const group = kindWords.find(([, names]) => names.has(word));
  if (group === undefined) return undefined;
  const [kind, names] = group;
  const behind = words[at + 1];
  const noun = behind?.follows === true && /^(?:accounts?|card|pot)$/u.test(behind.folded);
  const candidates = accounts.filter(
    (account) => account.kind?.toLowerCase() === kind || foldName(account.name).some((part) => names.has(part)),
  );
  return { from: at, next: at + (noun ? 2 : 1), candidates, needsLead: true };
}

function leadOf(words: readonly NameWord[], at: number): { readonly role: AccountMention["role"]; readonly leads: boolean } {
  let before = at - 1;
  while (before >= 0 && fillers.has(words[before]?.folded ?? "")) before -= 1;
  const word = words[before]?.folded ?? "";
  const out = words.slice(before + 1, at).some(({ folded }) => folded === "out");
  if (leadsFrom.has(word) || out) return { role: "from", leads: true };
  if (leadsTo.has(word)) return { role: "to", leads: true };
  return { role: undefined, leads: leadsElse.has(word) || before < at - 1 };
}

function digitsOf(number: string | undefined): string {
  return (number ?? "").replaceAll(/\D/gu, "");
}

/** "account ending in 1234", "the account *1234". */
function byEnding(text: string, accounts: readonly KnownAccount[]): readonly AccountMention[] {
  const shape = /(?<role>\bfrom |\bto |\binto )?(?:my |the )?accounts? (?:ending(?: in| with)? |no\.? |number |\*{1,4})(?<digits>\d{2,12})(?!\d)/giu;
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

/** Finds references to the customer's own accounts: by name, by kind ("from my savings"), by the last digits. */
export function findAccountMentions(text: string, accounts: readonly KnownAccount[] = []): readonly AccountMention[] {
  const words = nameWords(text);
  const mentions: AccountMention[] = [...byEnding(text, accounts)];
  let at = 0;
  while (at < words.length) {
    const found = byName(words, at, accounts) ?? byKind(words, at, accounts);
    const { role, leads } = leadOf(words, at);
    const start = words[at]?.start ?? 0;
    if (found !== undefined && (leads || !found.needsLead)) {
      const end = words[found.next - 1]?.end ?? start;
      const candidates = found.candidates.map(({ id }) => id);
      mentions.push({ kind: "account", start, end, literal: text.slice(start, end), role, candidates, ambiguous: candidates.length > 1 });
    }
    at = found?.next ?? at + 1;
  }
  return mentions.toSorted((left, right) => left.start - right.start);
}
