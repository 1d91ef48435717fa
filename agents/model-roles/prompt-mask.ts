/**
 * What a model does not see: personal data stands in its requests as tokens that are random for each turn, and its answers get
 * the values back before anything else reads them. Tools, checks of where a value comes from, and people know the values alone.
 */
import { randomInt } from "node:crypto";
import { findPersonalData } from "../../core/privacy/personal-data.ts";
import type { PersonalDataKind } from "../../core/privacy/finding.ts";
import type { Question } from "../models/ask-model.ts";

export interface PromptMask {
  /** A text as a model may see it. Data is masked before it becomes JSON: an escape would hide where a value begins. */
  readonly hide: (text: string) => string;
  /** What a model wrote, with the values in place of this turn's tokens. Any other token stays what it is: a word. */
  readonly reveal: (text: string) => string;
  /** The same for all texts of a call's arguments. */
  readonly revealIn: (args: Readonly<Record<string, unknown>>) => Record<string, unknown>;
  /** Shows an answer while it comes, never half a token; `finish` shows the rest. */
  readonly revealing: (show: Show) => Show & { readonly finish: () => void };
}

type Show = NonNullable<Question["show"]>;

/** Masks nothing: for bots whose models may see everything. */
export const NO_MASK: PromptMask = {
  hide: (text) => text,
  reveal: (text) => text,
  revealIn: (args) => ({ ...args }),
  revealing: (show) => ({ ...show, finish: () => undefined }),
};

const CHARACTERS = "abcdefghijkmnpqrstuvwxyz23456789";
const CODE_LENGTH = 8;
/** "iban_k3v9q2x8", in whichever case a model writes it. */
const TOKEN = new RegExp(`(?<![A-Za-z0-9])[a-z]{4,11}_[a-z0-9]{${CODE_LENGTH}}(?![A-Za-z0-9])`, "giu");
/** What may become a token when more of it comes. */
const BEGUN = new RegExp(`[A-Za-z]{1,11}(?:_[A-Za-z0-9]{0,${CODE_LENGTH}})?$`, "u");
const words: Readonly<Record<PersonalDataKind, string>> = {
  card: "card",
  iban: "iban",
  account: "account",
  "national-id": "nationalid",
  email: "email",
  phone: "phone",
  postal: "address",
  crypto: "wallet",
  secret: "secret",
};

/** The mask of one turn. */
export function createPromptMask(random: (below: number) => number = randomInt): PromptMask {
  const tokenOf = new Map<string, string>();
  const valueOf = new Map<string, string>();
  const codeOf = (): string =>
    Array.from({ length: CODE_LENGTH }, () => CHARACTERS.charAt(random(CHARACTERS.length))).join("");
  const tokenFor = (kind: PersonalDataKind, value: string): string => {
    const known = tokenOf.get(value);
    if (known !== undefined) return known;
    const token = `${words[kind]}_${codeOf()}`;
    tokenOf.set(value, token);
    valueOf.set(token, value);
    return token;
  };
  const hide = (text: string): string => {
    let shown = "";
    let at = 0;
    for (const { kind, start, end } of findPersonalData(text)) {
      shown += text.slice(at, start) + tokenFor(kind, text.slice(start, end));
      at = end;
    }
    return shown + text.slice(at);
  };
  const reveal = (text: string): string =>
    valueOf.size === 0 ? text : text.replaceAll(TOKEN, (token) => valueOf.get(token.toLowerCase()) ?? token);
  const revealAll = (value: unknown): unknown => {
    if (typeof value === "string") return reveal(value);
    if (Array.isArray(value)) return value.map(revealAll);
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealAll(inner)]));
    return value;
  };
  return {
    hide,
    reveal,
    revealIn: (args) => Object.fromEntries(Object.entries(args).map(([key, value]) => [key, revealAll(value)])),
    revealing: (show) => revealing(show, reveal, () => valueOf.size === 0),
  };
}

function revealing(
  { text: showText, takeBack }: Show,
  reveal: (text: string) => string,
  isEmpty: () => boolean,
): ReturnType<PromptMask["revealing"]> {
  let waiting = "";
  const show = (text: string): void => {
    if (text !== "") showText(reveal(text));
  };
  return {
    text: (piece) => {
      if (isEmpty()) return show(piece);
      waiting += piece;
      const rest = BEGUN.exec(waiting)?.index ?? waiting.length;
      const whole = waiting.slice(0, rest);
      waiting = waiting.slice(rest);
      show(whole);
    },
    takeBack: () => {
      waiting = "";
      takeBack();
    },
    finish: () => {
      const rest = waiting;
      waiting = "";
      show(rest);
    },
  };
}
