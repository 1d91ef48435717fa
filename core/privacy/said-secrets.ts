/** Secrets that only the words before them tell: "my password is …", "PIN 8351", "Uw inlogcode is …". */
import type { Detector, PersonalData } from "./finding.ts";
import { matchesOf } from "./finding.ts";
import { findSaidCodes } from "./said-codes.ts";
import { findSeedPhrases } from "./seed-phrases.ts";

const PASSWORDS = [
  "p[a4][s5][s5](?:w[o0]rd|phrase|code|wd|wort|wörter)(?:er|s)?|\\p{L}{1,16}-?(?:passwort|password|kennwort)|pwd|passwd|pw",
  "kennwort|codewort|losungswort|zugangscode|zugangsdaten|zugangspasswort|sicherheits(?:wort|antwort)|netzwerkschlüssel",
  "(?:memorable|secret|security|code)[ -]?word|(?:security|secret) answer|(?:wi-?fi|wlan|network|router)[ -]?(?:password|passwort|key|schlüssel|pass|code)|wpa[23]?(?:-?psk)?|psk",
  "mot de passe|mdp|(?:clé|code|clave|chiave|sleutel|klucz|hasło) (?:du |de la |del |do )?wi-?fi|passcode|parola(?: d['’]ordine| chiave)?|réponse secrète",
  "contraseña|clave(?: de acceso| secreta)?|palabra (?:clave|secreta)|respuesta secreta|senha|wachtwoord(?:je)?|toegangswoord|hasł[oa]|hasle",
].join("|");
const KEYS = [
  "(?:api|secret|access|private|encryption|license|signing|auth|client|account|session|refresh|bearer|admin|master|service)[ _-]?(?:key|token|secret)|clé (?:api|privée|secrète)|clave (?:api|privada)|chiave (?:api|privata)",
  "secret|token|api_?key|key|api-?(?:schlüssel|key|sleutel)|privater schlüssel|geheimer schlüssel|zugriffstoken",
  "(?:2fa|totp|mfa)(?:[ -]?(?:seed|secret|key))?|(?:recovery|backup)[ -]?(?:key|code)|wiederherstellungs(?:code|schlüssel)",
].join("|");
const PINS =
  "pass|pin(?:[ -]?(?:code|number|nummer))?|(?:karten|geräte|app|online|sim|handy)-?pin|geheimzahl|(?:cvv|cvc|csc)2?(?:[ -]?code)?|puk";
/** A German "Pass" is a passport. */
const WORDS = `(?:${PASSWORDS}|${KEYS}|(?<!(?:mein|dein|ihr|der|den|im|neuer)[ -])(?:${PINS}))`;
const IS =
  "is|was|iz|are|ist|war|lautet|lautete|heißt|heisst|est|c['’]est|était|es|era|è|to|auf|jest|to jest|will be|be|wird|wäre|sera|será|sarà|wordt|blijft|sind|'s";
/** After the word: "is", ":", "=", "lautet". */
const TELLS = `(?:[\\])"']{0,2} ?(?:[:=]|=>|->|→)[ \\n]?|,? ?(?:${IS})(?: now| jetzt| still| noch| dann| nun| ahora| ora| maintenant| nu| teraz| currently| simply| just| einfach)?:? |'s |: )`;
const VALUE = "[^\\s\"'`,;„“”<>]{3,200}[^\\s\"'`,;.?„“”<>)\\]}]";
const FOR =
  "(?: (?:for|of|für|vom|von|zum|to|at|on|in|im|beim|de|del|della|dello|du|des|do|voor|van|pour|per|para|is)(?: (?:the|my|our|mein\\p{L}*|d\\p{L}{2}|mi|la|le|el|il|ma|mon|mijn|het|moj\\p{L}*))? [\\p{L}\\p{N}.-]{1,30}){0,2}";
const SAID = new RegExp(
  `(?<!\\p{L})(?<label>${WORDS})(?:(?<tells>${FOR}${TELLS})|[ \\t]{1,2})["'\`*„“(]{0,2}(?<value>${VALUE})`,
  "giu",
);
/** Words in quotes are one too: `passphrase "correct horse battery staple"`. */
const QUOTED = new RegExp(
  `(?<!\\p{L})(?:${PASSWORDS})(?:${FOR}${TELLS}|[ \\t]{1,2})(?:["“„«](?<value>[^"“”„«»\\n]{4,80})["”“»]|'(?<single>[^'\\n]{4,80})')`,
  "giu",
);
/** In settings the word may be the end of another: "AccountKey=". */
const SET = new RegExp(`(?<=[A-Za-z])(?:Key|Secret|Token|Password|Pwd)["']?(?: ?[:=] ?)["']?(?<value>${VALUE})`, "gu");

/** "Recovery codes:" and codes below or beside. */
const LIST =
  /(?<!\p{L})(?:recovery|backup|wiederherstellungs|ersatz|notfall|scratch)[ -]?codes?(?: [\p{L}]{1,12}){0,3}[: \n-]{1,4}/giu;
const LISTED = /[A-Za-z0-9]{4,10}(?:-[A-Za-z0-9]{3,10}){0,4}/uy;
export const findSaidSecrets: Detector = function* findSaidSecrets(text): Generator<PersonalData> {
  if (!/\p{L}{2}/u.test(text)) return;
  if (HAS_WORD.test(text)) yield* passwordsOf(text);
  yield* matchesOf("secret", text, SET, ({ groups }) => isSecretLike(groups?.["value"] ?? ""));
  yield* findSaidCodes(text);
  yield* findSeedPhrases(text);
  for (const { 0: title, index } of text.matchAll(LIST)) yield* listedFrom(text, index + title.length);
};

/** Most texts have none of the words, and this tells it at once. */
const HAS_WORD = new RegExp(`(?<!\\p{L})${WORDS}(?!\\p{L})`, "iu");

function* passwordsOf(text: string): Generator<PersonalData> {
  yield* matchesOf("secret", text, SAID, (match) => isSaid(match, text));
  for (const match of text.matchAll(QUOTED)) yield* quotedOf(match);
}

/** Codes one after the other, each with a digit or a hyphen, apart by blanks, commas or lines. */
function* listedFrom(text: string, start: number): Generator<PersonalData> {
  for (let at = start; ;) {
    LISTED.lastIndex = at;
    const [code = ""] = LISTED.exec(text) ?? [];
    if (!/\d/u.test(code)) return;
    yield { kind: "secret", start: at, end: at + code.length };
    at += code.length;
    const gap = /^[ ,;\n\t*•-]{1,6}/u.exec(text.slice(at, at + 6))?.[0] ?? "";
    if (gap === "") return;
    at += gap.length;
  }
}

function isSaid({ groups, index, 0: whole }: RegExpExecArray, text: string): boolean {
  const value = groups?.["value"] ?? "";
  // Addresses of pages end their values by signs that a password may have: they are read by a rule of their own.
  if (/[?&][\w-]{0,30}$/u.test(text.slice(Math.max(0, index - 32), index))) return false;
  // With nothing between, the value has to look like none that is a word: "auth token 341d…", "PW geheim!123".
  const tells = groups?.["tells"];
  const isKey = KEY_ONLY.test(groups?.["label"] ?? "");
  if (tells === undefined) return isSurelySecret(value) && !(isKey && /^\d+$/u.test(value));
  return isSecretLike(value) || (/[:=] ?$/u.test(tells) && isAlone(value, text.slice(index + whole.length)));
}

const KEY_ONLY = new RegExp(`^(?:${KEYS}|pass)$`, "iu");

/** What an error message says of a password in quotes is none. */
function* quotedOf({ 0: whole, index, groups }: RegExpExecArray): Generator<PersonalData> {
  const value = groups?.["value"] ?? groups?.["single"] ?? "";
  if (
    /(?<!\p{L})(?:is|must|too|required|invalid|incorrect|wrong|forgot\p{L}*|vergessen|falsch|field|ist|short|weak|reset)(?!\p{L})/iu.test(
      value,
    )
  )
    return;
  if (!isSecretLike(value) && !/\p{L} \p{L}/u.test(value)) return;
  const start = index + whole.length - 1 - value.length;
  yield { kind: "secret", start, end: start + value.length };
}

/** "password: sunshine" at the end of a line: a word by itself. */
function isAlone(value: string, after: string): boolean {
  return /^\p{L}{6,40}$/u.test(value) && /^["'`]?[ \t]*(?:$|[\n,;}])/u.test(after);
}

/** "my password is wrong" tells none: a secret has a digit, a sign, or both cases; a decimal number is none. */
function isSecretLike(value: string): boolean {
  return (
    /\d|[^\p{L}\p{N}.…!-]|\p{Ll}\p{Lu}/u.test(value) &&
    !/^(?:\.{2,}|\*+|x+|•+|<.*|\[.*|\$\{.*|process\.env.*|os\.environ.*|env\(.*|-?\d+\.\d+)$/iu.test(value)
  );
}

/** Letters with digits or signs inside, or digits alone as codes have them. */
function isSurelySecret(value: string): boolean {
  const isMixed = /\p{L}/u.test(value) && /\d/u.test(value) && value.length >= 7;
  return isSecretLike(value) && (isMixed || /^\d{4,10}$/u.test(value)) && !/[()/]/u.test(value);
}
