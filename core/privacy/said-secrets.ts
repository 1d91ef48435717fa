/** Secrets that only the words before them tell: "my password is …", "PIN 8351", "Uw inlogcode is …". */
import type { Detector, PersonalData } from "./finding.ts";
import { matchesOf } from "./finding.ts";

const WORDS = [
  "p[a4][s5][s5](?:w[o0]rd|phrase|code|wd|wort|wörter)?",
  "pwd|passwd|pw",
  "kennwort|geheimzahl|zugangscode|zugangsdaten|(?:wlan|router|app|online|konto)-?passwort",
  "(?:wi-?fi|wlan)[ -]?(?:password|passwort|key|schlüssel)",
  "mot de passe|mdp|(?:clé|code|clave|chiave|sleutel) wi-?fi|passcode|parola|contraseña|clave|wachtwoord|hasł[oa]|senha",
  "(?:api|secret|access|private|encryption|license|signing|auth|client|account)[ _-]?(?:key|token|secret)",
  "secret|token|api_?key|pass|key",
  "api-?(?:schlüssel|key)",
  "(?:2fa|totp|mfa)(?:[ -]?(?:seed|secret|key))?|(?:recovery|backup)[ -]?key",
  "pin(?:[ -]?(?:code|number|nummer))?|(?:karten|geräte|app|online|sim|handy)-?pin",
  "(?:cvv|cvc|csc)2?(?:[ -]?code)?",
  "puk",
].join("|");
const IS = "is|was|iz|ist|war|lautet|lautete|est|es|è|to|auf|jest|will be|be|wird|wäre|sera|será|sarà|wordt|'s";
/** After the word: "is", ":", "=", "lautet". */
const TELLS = `(?:[\\])"']{0,2} ?(?:[:=]|=>|->|→) ?|,? ?(?:${IS})(?: now| jetzt| still| noch)?:? |'s |: )`;
const VALUE = "[^\\s\"'`,;„“”<>]{3,200}[^\\s\"'`,;.?„“”<>)\\]}]";
const FOR =
  "(?: (?:for|of|für|vom|von|zum|to|at|on|de|del|della|is)(?: the| my| our| mein\\p{L}*| d\\p{L}{2})? [\\p{L}\\p{N}.-]{1,30}){0,2}";
const SAID = new RegExp(
  `(?<!\\p{L})(?:${WORDS})(?:(?<tells>${FOR}${TELLS})|[ \\t]{1,2})["'\`*„“]{0,2}(?<value>${VALUE})`,
  "giu",
);
/** "Robin-55 is my new password". */
const SAID_FIRST = new RegExp(
  `(?<![^\\s"'\`(„“])(?<value>${VALUE})["'\`“”]? (?:${IS}) (?:\\p{L}{1,10} ){0,3}(?:p[a4]ss(?:w[o0]rd|phrase|code|wort)|kennwort|pwd|pin|mot de passe|contraseña|wachtwoord|hasło|senha)(?!\\p{L})`,
  "giu",
);
/** In settings the word may be the end of another: "AccountKey=". */
const SET = new RegExp(`(?<=[A-Za-z])(?:Key|Secret|Token|Password|Pwd)["']?(?: ?[:=] ?)["']?(?<value>${VALUE})`, "gu");
/** "login: admin / x9!k": a name and what opens. */
const PAIR =
  /(?<!\p{L})(?:login|log-in|credentials?|creds|zugang|anmeldung|identifiants?|credenciales|inloggegevens)[: ]{1,3}[^\s/|,:]{2,40} ?[/|:] ?(?<value>[^\s"',;<>]{5,63})/giu;
const NETWORK = /(?<!\p{L})(?:wi-?fi|wlan)[: ]{1,3}[^\s/|,]{1,32} ?[/|,] ?(?<value>[^\s"',;<>]{6,63})/giu;

/** A one-time code, however its digits are grouped. */
const CODE =
  "(?:[A-Z]{1,2}-)?(?:\\d{3}[ -]?\\d{3,5}|\\d{2}(?:[ -]\\d{2}){2,3}|\\d{4}[ -]?\\d{4}|\\d{4,8})(?![\\p{L}\\p{N}]|[.,/-]\\d)";
/** Codes that open nothing. */
const NO_SECRET =
  "zip|postal|post|error|area|country|promo|promotion|discount|voucher|coupon|product|status|exit|http|sort|dress|source|qr|bar|fehler|gutschein|rabatt|aktions|vorwahl|länder|artikel|return|reason|branch|swift|currency|tax|airport|color|colour|item|building|penal|civil|giftcard|gift";
const CODE_WORDS =
  "(?:log-?in|inlog|einmal|bestätigungs?|sicherheits|anmelde|verifi(?:zierungs|catie|cation)|freigabe|zugangs|aktivierungs|pass|sms|security|auth|access|confirmation|door|gate|alarm|tür|haustür|m|push|i)?-?(?:code|kod|tan)|otp|codice|código|token|einmalpasswort|pin|puk";
const FROM = `(?: (?!(?:${IS})(?!\\p{L}))\\p{L}[\\p{L}.]{0,14}){0,4}?`;
const ONE_TIME = new RegExp(
  `(?<![\\p{L}-])(?<!(?:${NO_SECRET})[ -])(?!(?:${NO_SECRET})-?code)(?:${CODE_WORDS})(?:'s)?${FROM}(?: ?[:=] ?| (?:${IS})(?: now| jetzt)?:? | )["'\`*]{0,2}(?<value>${CODE})`,
  "giu",
);
const ONE_TIME_FIRST = new RegExp(
  `(?<![\\p{L}\\p{N}.,-])(?<value>${CODE}) (?:is|ist|est|es|è|jest) (?:your|the|my|dein|ihr|mein|der|votre|tu|su|il|twój|uw|je)(?!\\p{L})[^\\n.]{0,40}(?:code|passcode|otp|tan|pin|código|codice|kod)`,
  "giu",
);
/** "Recovery codes:" and codes below or beside. */
const LIST =
  /(?<!\p{L})(?:recovery|backup|wiederherstellungs|ersatz|notfall|scratch)[ -]?codes?(?: [\p{L}]{1,12}){0,3}[: \n-]{1,4}/giu;
const LISTED = /[A-Za-z0-9]{4,10}(?:-[A-Za-z0-9]{3,10}){0,4}/uy;
/** Words that open a wallet. */
const PHRASE =
  /(?<!\p{L})(?:words|seed|seed phrase|mnemonic|passphrase|(?:recovery|wallet|secret) phrase|wörter|merkwörter|mots|palabras|parole|woorden)(?: is| are| lauten| sind)?[ :=\n]{1,3}["'`]?(?<value>[a-z]{3,8}(?:[ ,\n]{1,2}[a-z]{3,8}){11,23})(?!\p{L})/gu;

export const findSaidSecrets: Detector = function* findSaidSecrets(text) {
  yield* matchesOf("secret", text, SAID, (match) => isSaid(match, text));
  yield* matchesOf("secret", text, SAID_FIRST, ({ groups }) => isSurelySecret(groups?.["value"] ?? ""));
  yield* matchesOf("secret", text, SET, ({ groups }) => isSecretLike(groups?.["value"] ?? ""));
  yield* matchesOf("secret", text, NETWORK);
  yield* matchesOf("secret", text, PAIR, ({ groups }) => isSecretLike(groups?.["value"] ?? ""));
  yield* matchesOf("secret", text, ONE_TIME);
  yield* matchesOf("secret", text, ONE_TIME_FIRST);
  yield* matchesOf("secret", text, PHRASE);
  for (const { 0: title, index } of text.matchAll(LIST)) yield* listedFrom(text, index + title.length);
};

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
  if (tells === undefined) return isSurelySecret(value);
  return isSecretLike(value) || (/[:=] ?$/u.test(tells) && isAlone(value, text.slice(index + whole.length)));
}

/** "password: sunshine" at the end of a line: a word by itself. */
function isAlone(value: string, after: string): boolean {
  return /^\p{L}{6,40}$/u.test(value) && /^["'`]?[ \t]*(?:$|[\n,;}])/u.test(after);
}

/** "my password is wrong" tells none: a secret has a digit, a sign, or both cases; a decimal number is none. */
function isSecretLike(value: string): boolean {
  return (
    /\d|[^\p{L}\p{N}.…!-]|\p{Ll}\p{Lu}/u.test(value) &&
    !/^(?:\.{2,}|\*+|x+|•+|<.*|\$\{.*|process\.env.*|os\.environ.*|env\(.*|-?\d+\.\d+)$/iu.test(value)
  );
}

/** Letters with digits or signs inside, or digits alone as codes have them. */
function isSurelySecret(value: string): boolean {
  const isMixed = /\p{L}/u.test(value) && /\d/u.test(value) && value.length >= 7;
  return isSecretLike(value) && (isMixed || /^\d{4,10}$/u.test(value)) && !/[()/]/u.test(value);
}
