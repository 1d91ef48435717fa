import type { Detector } from "./finding.ts";
import { matchesOf } from "./finding.ts";

const edge = (body: string, flags = "gu"): RegExp => new RegExp(`(?<![A-Za-z0-9_])${body}(?![A-Za-z0-9_])`, flags);

/** Forms that their issuers published, so that scanners find them. */
const ISSUED: readonly RegExp[] = [
  edge("sk-(?:[a-z]{2,12}\\d{0,2}-)?[A-Za-z0-9_-]{16,200}"),
  edge("(?:sk|pk|rk|whsec)_(?:(?:live|test)_)?[A-Za-z0-9]{16,200}"),
  edge("(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{30,255}|glpat-[A-Za-z0-9_-]{18,64})"),
  edge("xox[abeoprs]-[A-Za-z0-9-]{10,250}"),
  edge("xapp-[A-Za-z0-9-]{20,250}"),
  edge("(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}"),
  edge("AIza[A-Za-z0-9_-]{35}"),
  edge("ya29\\.[A-Za-z0-9_-]{20,300}"),
  edge("npm_[A-Za-z0-9]{30,60}"),
  edge("(?:hf|gsk|r8|dop_v1|shpat|shpss|sq0csp|EAA)_?[A-Za-z0-9]{30,250}"),
  edge("SG\\.[A-Za-z0-9_-]{16,40}\\.[A-Za-z0-9_-]{20,60}"),
  edge("SK[0-9a-f]{32}"),
  edge("\\d{8,10}:[A-Za-z0-9_-]{35}"),
  edge("[MNO][A-Za-z0-9_-]{22,28}\\.[A-Za-z0-9_-]{6,7}\\.[A-Za-z0-9_-]{27,45}"),
  edge("eyJ[A-Za-z0-9_-]{8,2000}\\.[A-Za-z0-9_-]{8,8000}(?:\\.[A-Za-z0-9_-]{0,2000})?"),
  /https:\/\/hooks\.slack\.com\/services\/(?<value>[A-Z0-9]{6,12}\/[A-Z0-9]{6,12}\/[A-Za-z0-9]{16,30})/gu,
  /discord(?:app)?\.com\/api\/webhooks\/\d{15,21}\/(?<value>[A-Za-z0-9_-]{40,90})/gu,
];
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,8000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|$)/gu;
const IN_ADDRESS = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@?#]{0,200}:(?<value>[^\s/@?#]{1,200})@(?=[\w.[-])/giu;
const IN_QUERY =
  /[?&#;](?:[\w-]{0,30}[_-])?(?:access_?token|id_?token|refresh_?token|token|api_?key|apikey|key|secret|client_?secret|sig|signature|password|passwd|pwd|pass|auth|code|otp|session(?:_?id)?|sid|jwt|credential|x-amz-signature|x-amz-credential|x-amz-security-token)=(?<value>[^\s&#"'<>)\]]{4,2000})/giu;
const BEARER = /\b(?:bearer|basic)[ :]+(?<value>[A-Za-z0-9._~+/=-]{12,2000})/giu;
const COOKIE = /\b(?:set-)?cookie: ?[\w.-]{1,60}=(?<value>[^\s;]{8,2000})/giu;

const WORDS = [
  "pass(?:word|phrase|code|wd|wort|wörter)?",
  "pwd|passwd|pw",
  "kennwort|geheimzahl|zugangscode|zugangsdaten",
  "(?:wifi|wlan)[ -]?(?:password|passwort|key|schlüssel)",
  "mot de passe|mdp|contraseña|clave|wachtwoord|hasło",
  "(?:api|secret|access|private|encryption|license|signing|auth|client)[ _-]?(?:key|token|secret)",
  "(?:[a-z]{1,20}[_-]){0,4}(?:secret|token|api_?key|password|passwd|key)",
  "api-?(?:schlüssel|key)",
  "secret|token",
  "pin(?:[ -]?(?:code|number|nummer))?",
  "(?:cvv|cvc|csc)2?(?:[ -]?code)?",
  "puk",
].join("|");
/** After the word: "is", ":", "=", "lautet". */
const TELLS =
  "(?:[\"']? ?(?:[:=]|=>) ?|,? (?:is|was|ist|war|lautet|lautete|est|es|è|to|auf|jest)(?: now| jetzt| still| noch)?:? |: )";
const SAID = new RegExp(
  `(?<![\\p{L}])(?:${WORDS})(?: (?:for|of|für|vom|von|zum|to|at|on|de|del|is)(?: the| my| our| mein\\w*| d\\w{2})? [\\p{L}\\p{N}.-]{1,30}){0,2}${TELLS}["'\`*„“]{0,2}(?<value>[^\\s"'\`,;„“”<>]{3,200}[^\\s"'\`,;.!?„“”<>)\\]}*])`,
  "giu",
);
const ONE_TIME =
  /(?<![\p{L}])(?:(?:one[- ]time|verification|security|login|log[- ]?in|confirmation|auth(?:entication)?|2fa|otp|sms|access|einmal|bestätigungs?|sicherheits|anmelde|verifizierungs|freigabe|recovery)[ -]?(?:code|passcode|password|pin|tan|passwort)|otp|(?:m|push|sms|i)?tan|codice|código|code|c\u00F3digo de verificación)(?: (?:for|für|de|from|von|to) [\p{L}\p{N}' .-]{1,30})?(?: ?[:=] ?| (?:is|was|ist|lautet|war|est|es|è)(?: now| jetzt)?:? | )["'`*]{0,2}(?<value>(?:[A-Z]{1,2}-)?\d{3}[ -]?\d{3,5}|\d{4,8})(?![\p{L}\p{N}]|[.,]\d)/giu;
const ONE_TIME_FIRST =
  /(?<![\p{L}\p{N}.,-])(?<value>(?:[A-Z]-)?\d{3}[ -]?\d{3}|\d{4,8}) (?:is|ist|est|es) (?:your|the|my|dein|ihr|mein|der|votre|tu|su)\b[^\n.]{0,40}(?:code|passcode|otp|tan|pin|código)/giu;

/** What lets whoever reads it act as somebody: keys, tokens, passwords, one-time codes, secrets in addresses. */
export const findSecrets: Detector = function* findSecrets(text) {
  for (const form of ISSUED) yield* matchesOf("secret", text, form);
  if (text.includes("-----BEGIN")) yield* matchesOf("secret", text, PRIVATE_KEY);
  if (text.includes("://")) yield* matchesOf("secret", text, IN_ADDRESS);
  if (text.includes("=")) yield* matchesOf("secret", text, IN_QUERY);
  yield* matchesOf("secret", text, BEARER);
  yield* matchesOf("secret", text, COOKIE);
  yield* matchesOf("secret", text, SAID, ({ groups }) => isSecretLike(groups?.["value"] ?? ""));
  yield* matchesOf("secret", text, ONE_TIME);
  yield* matchesOf("secret", text, ONE_TIME_FIRST);
};

/** "my password is wrong" tells none: a secret has a digit, a sign, or both cases. */
function isSecretLike(value: string): boolean {
  return (
    /\d|[^\p{L}\p{N}.…-]|\p{Ll}\p{Lu}/u.test(value) &&
    !/^(?:\.{2,}|\*+|x+|•+|<.*|\$\{.*|process\.env.*|env\(.*)$/iu.test(value)
  );
}
