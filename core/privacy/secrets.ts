import type { Detector, PersonalData } from "./finding.ts";
import { matchesOf } from "./finding.ts";
import { findSaidSecrets } from "./said-secrets.ts";

const edge = (body: string, flags = "gu"): RegExp => new RegExp(`(?<![A-Za-z0-9_])${body}(?![A-Za-z0-9_])`, flags);

/** Forms that their issuers published, so that scanners find them. */
const ISSUED: readonly RegExp[] = [
  edge("sk-(?:[a-z]{2,12}\\d{0,2}-)?[A-Za-z0-9_-]{16,200}"),
  edge("(?:sk|pk|rk|whsec)_(?:(?:live|test)_)?[A-Za-z0-9]{16,200}"),
  edge("(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{30,255}|glpat-[A-Za-z0-9_-]{18,64})"),
  edge("gh[pousr]_[A-Za-z0-9]{10,30} ?[+\\n] ?[A-Za-z0-9]{10,30}"),
  edge("xox[abeoprs]-[A-Za-z0-9-]{10,250}"),
  edge("xapp-[A-Za-z0-9-]{20,250}"),
  edge("(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}"),
  edge("AIza[A-Za-z0-9_-]{35}"),
  edge("ya29\\.[A-Za-z0-9_-]{20,300}"),
  edge("npm_[A-Za-z0-9]{30,60}"),
  edge("(?:hf|gsk|r8|dop_v1|shpat|shpss|sq0csp|EAA)_?[A-Za-z0-9]{30,250}"),
  edge("pypi-[A-Za-z0-9_-]{30,250}"),
  edge("AGE-SECRET-KEY-1[A-Z0-9]{40,80}"),
  edge("SG\\.[A-Za-z0-9_-]{16,40}\\.[A-Za-z0-9_-]{20,60}"),
  edge("SK[0-9a-f]{32}"),
  edge("\\d{8,10}:[A-Za-z0-9_-]{35}"),
  edge("[MNO][A-Za-z0-9_-]{22,28}\\.[A-Za-z0-9_-]{6,7}\\.[A-Za-z0-9_-]{27,45}"),
  edge("eyJ[A-Za-z0-9_-]{8,2000}\\.[A-Za-z0-9_-]{8,8000}(?:\\.[A-Za-z0-9_-]{0,2000})?"),
  /https:\/\/hooks\.slack\.com\/services\/(?<value>[A-Z0-9]{6,12}\/[A-Z0-9]{6,12}\/[A-Za-z0-9]{16,30})/gu,
  /discord(?:app)?\.com\/api\/webhooks\/\d{15,21}\/(?<value>[A-Za-z0-9_-]{40,90})/gu,
];
const KEY_BEGINS = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----/gu;
const KEY_ENDS = /-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----/gu;
const IN_ADDRESS = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@?#]{0,200}:(?<value>[^\s/@?#]{1,200})@(?=[\w.[-])/giu;
const IN_QUERY =
  /[?&#;](?:[\w-]{0,30}[_-])?(?:access_?token|id_?token|refresh_?token|token|api_?key|apikey|key|secret|client_?secret|sig|signature|password|passwd|pwd|pass|auth|code|otp|session(?:_?id)?|sid|jwt|credential|x-amz-signature|x-amz-credential|x-amz-security-token)=(?<value>[^\s&#"'<>)\]]{4,2000})/giu;
const BEARER = /\b(?:bearer|basic)[ :]+(?<value>[A-Za-z0-9._~+/=-]{12,2000})/giu;
const COOKIE = /\b(?:set-)?cookie: ?[\w.-]{1,60}=(?<value>[^\s;]{8,2000})/giu;
/** Passwords given to programs: "mysql -psecret", "curl -u name:secret". */
const ON_A_LINE: readonly RegExp[] = [
  /\b(?:mysql|mysqldump|mariadb|sshpass)\b[^\n]{0,120}? -p ?(?<value>[^\s'"-][^\s'"]{3,80})/gu,
  /\b(?:curl|wget|http)\b[^\n]{0,120}? (?:-u|--user) ?['"]?[^\s:'"]{1,60}:(?<value>[^\s'"]{3,80})/gu,
];

/** What lets whoever reads it act as somebody: keys, tokens, passwords, one-time codes, secrets in addresses. */
export const findSecrets: Detector = function* findSecrets(text): Generator<PersonalData> {
  for (const form of ISSUED) yield* matchesOf("secret", text, form);
  if (text.includes("-----BEGIN")) yield* privateKeysIn(text);
  if (text.includes("://")) yield* matchesOf("secret", text, IN_ADDRESS);
  if (text.includes("=")) yield* matchesOf("secret", text, IN_QUERY);
  yield* matchesOf("secret", text, BEARER);
  yield* matchesOf("secret", text, COOKIE);
  for (const command of ON_A_LINE) yield* matchesOf("secret", text, command);
  yield* findSaidSecrets(text);
};

/** From a beginning to the next end; one that is cut off goes to the end of the text. */
function* privateKeysIn(text: string): Generator<PersonalData> {
  const ends = [...text.matchAll(KEY_ENDS)].map(({ 0: literal, index }) => index + literal.length);
  let covered = 0;
  for (const { index } of text.matchAll(KEY_BEGINS)) {
    if (index < covered) continue;
    covered = ends.find((end) => end > index) ?? text.length;
    yield { kind: "secret", start: index, end: covered };
  }
}
