/** Codes that only the words around them tell: PINs, one-time codes, check numbers of cards, codes of doors and locks. */
import type { Detector, PersonalData } from "./finding.ts";
import { matchesOf } from "./finding.ts";

const IS =
  "is|was|iz|are|ist|war|lautet|lautete|wäre|sind|est|c['’]est|était|es|era|è|sono|era|to|jest|będzie|will be|wird|sera|será|sarà|wordt|'s|auf|shows?|says|zeigt|stands for";
/** A one-time code, however its digits are grouped. */
const DIGITS =
  "(?:[A-Z]{1,2}-)?(?:\\d{3}[ -]?\\d{3,5}|\\d{2}(?:[ -]\\d{2}){1,3}|\\d{4}[ -]?\\d{4}|\\d(?:[ -]\\d){3,7}|\\d{4,10})[#*]?(?![\\p{L}\\p{N}]|[.,/-]\\d)";
/** Also letters: "K7PQ-99X2", "12A47", "C2580#". */
const MIXED = "(?=[A-Z0-9-]{0,12}\\d)[A-Z0-9]{3,12}(?:-[A-Z0-9]{2,12}){0,5}[#*]?(?![\\p{L}\\p{N}]|[.,/-]\\d)";
/** Codes that open nothing. */
const NO_SECRET = [
  "zip|postal|post|plz|error|area|country|promo|promotion|promotional|discount|voucher|coupon|referral|product|status|exit|http|response|sort|dress|source|qr|bar|fehler|gutschein|rabatt|aktions|vorwahl|länder|artikel|return|reason|branch|swift|bic|currency|tax|airport|color|colour|item|building|penal|civil|giftcard|gift|farb|strich|quell|produkt|tarif|kampagnen|zahlungs",
  "banque|guichet|client|cliente|utente|fiscale|fiscal|article|erreur|produit|promotionnel|barre|couleur|insee|naf|ape|artículo|producto|descuento|barras|sconto|prodotto|articolo|iban|pod|pdr|abi|cab|rabatowy|pocztowy|błędu|produktu|kreskowy|korting|kortings|fout|artikel|land|kleur|tracking|booking|buchungs|order|bestell|abhol|morse|genetic|building|state|machine|byte|open|legacy|dead",
].join("|");
/** What stands behind the word and makes it another one. */
const NO_CODE =
  "in|line|lines|zeile|ligne|línea|riga|page|count|budget|limit|length|size|number of|review|base|red|style|block|snippet|has|have|must|between|muss|with|mit|contains|civil|pénal|penal|postal|fiscal|promo|error|coverage|freeze|price|pro|expires|used|per";

/** Their own word: whatever stands between does not matter much. */
const OPENING = [
  "(?:log-?in|sign-?in|inlog|einmal|one-?time|bestätigungs?|sicherheits|anmelde|verifi(?:zierungs|catie|cation|kacyjny)|überprüfungs|prüf|freigabe|freischalt|zugangs|zutritts|aktivierungs?|activation|entsperr|unlock|unblock|wiederherstellungs|reset|rücksetz|pass|sms|security|auth(?:entication|orization)?|2fa|mfa|access|confirmation|authenticator|email|mail|app|m|push|photo|foto|chip|i|qr|kopplungs|pairing|device|geräte|beveiligings|toegangs|bevestigings|activerings|herstel)[ -]?(?:code|kod|tan)(?:[ -]?(?:nummer|number|nr))?",
  "(?:door|gate|alarm|entry|garage|lift|key ?safe|key ?box|lock ?box|locker|safe|vault|building|house|office|tür|haustür|tor|hoftor|tresor|schlüssel(?:box|tresor)|schließfach|garagen|deur|poort|kluis)[ -]?(?:code|kod|pin|combination|kombination|combo|combinatie)(?:[ -]?(?:nummer|number|nr))?|digicode|visiophone|domofon|kod do (?:\\p{L}+)",
  "code (?:de |d['’]|du |de la )?(?:porte|portail|accès|acces|sécurité|securite|vérification|confirmation|connexion|validation|sms|activation|déverrouillage|alarme|immeuble)|code (?:secret|confidentiel|personnel|reçu|pin)|mot de passe à usage unique",
  "c[óo]digo (?:de |del? |pin )?(?:seguridad|acceso|verificaci[óo]n|confirmaci[óo]n|activaci[óo]n|sms|alarma|puerta|portal)|código secreto|clave (?:sms|de un solo uso|dinámica)",
  "codice (?:di |d['’]|del |della )?(?:sicurezza|accesso|verifica|conferma|attivazione|sblocco|allarme|cancello|porta)|codice (?:segreto|otp|sms|pin)",
  "kod (?:sms|pin|dostępu|weryfikacyjny|autoryzacyjny|aktywacyjny|jednorazowy|do \\p{L}+)",
  "otp|totp|einmalpasswort|tan(?:-?(?:nummer|nr))?|\\p{L}{0,6}-?tan|2fa|m?token(?:code)?|authenticator(?: app)?|one-?time (?:password|passcode|pin)|passcode|eenmalig wachtwoord|hasło jednorazowe",
].join("|");
const PIN =
  "(?:\\p{L}{1,12}-)?pin(?:[ -]?(?:code|number|nummer|nr))?|\\p{L}{0,10}(?<=karten|geräte|super|app|sim|handy|tele|online|banking|konto)pin|geheim(?:zahl|nummer|code)|puk(?:[ -]?(?:code|nummer))?|pincode";
const CHECK_OF_CARD =
  "(?:cvv|cvc|csc|cvn|cid)2?(?:[ -]?(?:code|number|nummer|nr))?|security (?:code|number|digits)|sicherheits(?:code|nummer)|prüf(?:nummer|ziffer|zahl)|kartenprüfnummer|kpn|cryptogramme(?: visuel)?|c[óo]digo de seguridad|codice di sicurezza|beveiligingscode|kod (?:cvv|cvc|bezpieczeństwa)|(?:the )?(?:last )?(?:three|3) digits|(?:die )?(?:drei|3) ziffern";
const BARE = "code|kod|codice|c[óo]digo|kode|combination|kombination";

const AROUND = "[\"'`*(„“]{0,2}";
const BETWEEN = `(?: (?!(?:${IS}|${NO_CODE}|${NO_SECRET})(?!\\p{L}))\\p{L}[\\p{L}.'’]{0,14})`;
const TELLS = `(?:["'’)]{0,2},? ?(?:[:=–-]|=>|->|→)[ \\n]?| ?,? (?:${IS})(?: now| jetzt| still| ja| nochmal)?:? |: |,? |\\? ?(?:[-–] ?)?(?:\\n ?)?(?:\\p{L}{2,14}: ?)?(?:\\p{L}{1,8}[ ,.]{1,2}){0,3})`;
const START = "(?<![\\p{L}\\p{N}-])";

const patternOf = (words: string, between: string, value: string, start = START): RegExp =>
  new RegExp(`${start}(?:${words})(?:'s)?${between}${TELLS}${AROUND}(?<value>${value})`, "giu");
const NOT_BEHIND = `${START}(?<!(?:${NO_SECRET})[ -])`;
const PATTERNS: readonly RegExp[] = [
  patternOf(OPENING, `${BETWEEN}{0,5}?`, DIGITS),
  patternOf(PIN, `${BETWEEN}{0,5}?`, DIGITS),
  patternOf(CHECK_OF_CARD, `${BETWEEN}{0,5}?`, "\\d{3,4}(?![\\p{L}\\p{N}]|[.,/-]\\d)"),
  patternOf(BARE, `${BETWEEN}{0,4}?`, DIGITS, NOT_BEHIND),
];
/** With letters in capitals: no `i`, but any case of the words. */
const WITH_LETTERS = new RegExp(
  `${NOT_BEHIND}(?:${OPENING}|${PIN}|${BARE})(?:'s)?${BETWEEN}{0,2}?${TELLS}${AROUND}(?<value>${MIXED})`,
  "giu",
);

/** A year, a date, a sum of money or a port, behind a word as plain as "code". */
const isDate = (value: string): boolean => /^(?:\d{1,2}-\d{1,2}-\d{2,4}|\d{4}-\d\d)$/u.test(value);

export const findSaidCodes: Detector = function* findSaidCodes(text): Generator<PersonalData> {
  if (!/\d{2}|\d[ -]\d/u.test(text) || !/\p{L}{2}/u.test(text)) return;
  for (const pattern of PATTERNS)
    yield* matchesOf("secret", text, pattern, ({ groups }) => !isDate(groups?.["value"] ?? ""));
  yield* matchesOf("secret", text, WITH_LETTERS, ({ groups }) => isCode(groups?.["value"] ?? ""));
};

/** Digits among capitals: "v2", "AC04" and "step3" are none. */
function isCode(value: string): boolean {
  const isLong = value.length >= 5 || /[#*]$/u.test(value);
  return isLong && /[A-Z#*]/u.test(value) && /\d.*\d/u.test(value) && !/\p{Ll}/u.test(value) && !isDate(value);
}
