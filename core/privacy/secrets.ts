import type { Detector, PersonalData } from "./finding.ts";
import { matchesOf } from "./finding.ts";
import { findIssuedSecrets } from "./issued-secrets.ts";
import { findSaidSecrets } from "./said-secrets.ts";

const KEY_BEGINS = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----/gu;
const KEY_ENDS = /-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----/gu;
const IN_ADDRESS = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@?#]{0,200}:(?<value>[^\s/@?#]{1,200})@(?=[\w.[-])/giu;
const IN_QUERY =
  /[?&#;](?:[\w-]{0,30}[_-])?(?:access_?token|id_?token|refresh_?token|token|api_?key|apikey|key|secret|client_?secret|sig|signature|password|passwd|pwd|pass|auth|code|otp|session(?:_?id)?|sid|jwt|credential|x-amz-signature|x-amz-credential|x-amz-security-token)=(?<value>[^\s&#"'<>)\]]{4,2000})/giu;
const BEARER = /\b(?:bearer|basic)[ :]+(?<value>[A-Za-z0-9._~+/=-]{12,2000})/giu;
const COOKIE = /\b(?:set-)?cookie: ?[\w.-]{1,60}=(?<value>[^\s;]{8,2000})/giu;
/** "X-Auth-Token: …", "Authorization: ApiKey …" */
const HEADER =
  /\b(?:x-[a-z-]{0,30}(?:token|key|secret|auth)|authorization): ?(?:[A-Za-z-]{2,20}[ =])?(?<value>[A-Za-z0-9._~+/=-]{12,2000})/giu;
/** "DB_PASS=…", "PGPASSWORD=…", `<password>…</password>`, "spring.datasource.password: …", "machine x login y password z". */
const ASSIGNED: readonly RegExp[] = [
  /[A-Z_]{0,30}(?:PASSWORD|PASSWD|PASS|SECRET|TOKEN|APIKEY|API_KEY|PWD)[A-Z_]{0,10}["']?[ ]?[:=][ ]?["']?(?<value>[^\s"',;<>]{5,200})/gu,
  /<(?:[\w:-]{0,30})(?:password|passwd|secret|token|api-?key|privatekey)(?:[ ][^<>]{0,100})?>(?<value>[^\s<>]{4,400})<\//giu,
  /\b(?:login|account) \S{1,80} password (?<value>\S{4,100})/gu,
  /\bPrivateKey ?= ?(?<value>[A-Za-z0-9+/]{42,43}=)/gu,
];
/** Passwords given to programs: "mysql -psecret", "curl -u name:secret". */
const ON_A_LINE: readonly RegExp[] = [
  /\b(?:docker|podman|helm|az|mongosh?|redis-cli|ldapsearch|sqlcmd|sshpass|smbclient|psql)\b[^\n]{0,120}? (?:-p|-a|-w|-P|--pass(?:word)?)[ =]?['"]?(?<value>[^\s'"-][^\s'"]{3,80})/gu,
  /(?:^|\s)--?(?:password|passwd|pass|token|api-?key|secret)[ =]['"]?(?<value>[^\s'"<$-][^\s'"]{3,200})/gu,
  /\/user:\S{1,60} (?<value>(?=\S*[\d\W])[^\s/]{4,80})/gu,
  /\b(?:mysql|mysqldump|mariadb|sshpass)\b[^\n]{0,120}? -p ?(?<value>[^\s'"-][^\s'"]{3,80})/gu,
  /\b(?:curl|wget|http)\b[^\n]{0,120}? (?:-u|--user) ?['"]?[^\s:'"]{1,60}:(?<value>[^\s'"]{3,80})/gu,
];

/** What lets whoever reads it act as somebody: keys, tokens, passwords, one-time codes, secrets in addresses. */
export const findSecrets: Detector = function* findSecrets(text): Generator<PersonalData> {
  yield* findIssuedSecrets(text);
  if (text.includes("-----BEGIN")) yield* privateKeysIn(text);
  if (text.includes("://")) yield* matchesOf("secret", text, IN_ADDRESS);
  if (text.includes("=")) yield* matchesOf("secret", text, IN_QUERY);
  yield* matchesOf("secret", text, BEARER);
  yield* matchesOf("secret", text, COOKIE);
  yield* matchesOf("secret", text, HEADER);
  for (const form of ASSIGNED) yield* matchesOf("secret", text, form, ({ groups }) => isGiven(groups?.["value"] ?? ""));
  for (const command of ON_A_LINE)
    yield* matchesOf("secret", text, command, ({ groups }) => isGiven(groups?.["value"] ?? ""));
  yield* findSaidSecrets(text);
};

/** No place for a value, such as "${TOKEN}", "***" or "<password>". */
function isGiven(value: string): boolean {
  return !/^(?:[<$%{(*.]|x+$|env|process|os\.|null|none|true|false|undefined|your|change_?me|redacted)/iu.test(value);
}

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
