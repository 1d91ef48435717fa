/** Which passwords are taken: long ones that nobody guesses first. No rules on kinds of characters (NIST SP 800-63B). */
import { InvalidInputError } from "../../core/errors.ts";
import { LONGEST_PASSWORD } from "./passwords.ts";

const SHORTEST = 12;
/** Fewer different characters are a pattern. */
const FEWEST_DIFFERENT = 5;
/** What the most common passwords are made of; with figures and signs around it they are no better. */
const COMMON = new Set(
  `password passwort passw0rd letmein welcome willkommen qwerty qwertz qwertyuiop qwertzuiop asdfghjkl asdfgh zxcvbnm
  yxcvbnm iloveyou ichliebedich admin administrator dragon monkey football baseball superman batman sunshine princess
  prinzessin master shadow michael jennifer charlie trustno abcdef abcdefgh abcdefghijkl secret geheim hallo hello test
  login changeme default guest user parley startrek starwars pokemon schatz sommer winter fruehling herbst summer spring
  autumn january februar monday montag germany deutschland berlin hamburg passphrase correcthorsebatterystaple
  thisisapassword qazwsx qazwsxedc`.split(/\s+/u),
);
const SEQUENCES = [
  "01234567890123456789",
  "abcdefghijklmnopqrstuvwxyz",
  "qwertyuiopasdfghjklzxcvbnm",
  "qwertzuiopasdfghjklyxcvbnm",
];

/** Where a password is known to have leaked, by a service or a list of the operator's. */
export type IsLeaked = (password: string) => Promise<boolean>;

/** Throws `identity/weak-password`, which says what is wrong. `about` is what others know of the user: login, name. */
export async function checkPassword(password: string, about: readonly string[], isLeaked?: IsLeaked): Promise<void> {
  const fault =
    passwordFault(password, about) ?? ((await isLeaked?.(password)) === true ? "it has leaked elsewhere" : undefined);
  if (fault === undefined) return;
  throw new InvalidInputError(
    "identity/weak-password",
    `This password is not taken: ${fault}. Use ${SHORTEST} characters or more, such as four words that do not belong together.`,
    [{ path: "password", message: fault }],
  );
}

/** What is wrong with a password; undefined where nothing is. */
export function passwordFault(password: string, about: readonly string[]): string | undefined {
  const characters = Array.from(password.normalize("NFKC"));
  if (characters.length < SHORTEST) return `it has fewer than ${SHORTEST} characters`;
  if (password.length > LONGEST_PASSWORD) return `it has more than ${LONGEST_PASSWORD} characters`;
  if (/\p{Cc}/u.test(password)) return "it has control characters";
  if (new Set(characters).size < FEWEST_DIFFERENT) return "it repeats a few characters";
  const plain = plainly(password);
  if (isRepeated(characters.join("").toLowerCase())) return "it repeats a part";
  if (SEQUENCES.some((sequence) => isRun(password.toLowerCase(), sequence))) return "it is a row of keys or letters";
  if (COMMON.has(plain) || COMMON.has(lettersOf(password))) return "it is one of the most common ones";
  if (about.some((known) => isMostly(plain, plainly(known)))) return "it is made of the login or the name";
  return undefined;
}

const LEET: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
};

/** Without what is written instead of letters, and what stands around them. */
function plainly(text: string): string {
  const bare = text.toLowerCase().replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  return bare.replaceAll(/[013457@$!]/gu, (sign) => LEET[sign] ?? sign).replaceAll(/[^\p{L}]/gu, "");
}

function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}]/gu, "");
}

/** `abcabcabc`: found in itself twice over before its end. */
function isRepeated(text: string): boolean {
  return `${text}${text}`.indexOf(text, 1) < text.length;
}

function isRun(text: string, sequence: string): boolean {
  const backward = Array.from(sequence).toReversed().join("");
  return sequence.includes(text) || backward.includes(text);
}

/** Whether the known word and little else stands in it. */
function isMostly(plain: string, known: string): boolean {
  return known.length >= 4 && plain.includes(known) && plain.length - known.length < 6;
}
