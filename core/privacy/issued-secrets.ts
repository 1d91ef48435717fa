/** Forms of keys and tokens that their issuers published, so that scanners find them. */
import type { PersonalData } from "./finding.ts";
import { matchesOf } from "./finding.ts";

const edge = (body: string): RegExp => new RegExp(`(?<![A-Za-z0-9_])(?:${body})(?![A-Za-z0-9_])`, "gu");
const HEX = "[0-9a-f]";

/** Beginnings of the issuers' own; a long rest stands behind each. */
const BEGINNINGS = [
  // Language models
  "sk-|pplx-|xai-|gsk_|hf_|api_org_|r8_|nvapi-|tgp_v1_|csk-",
  // Code, packages, builds, notes
  "gh[pousr]_|github_pat_|gl(?:pat|ptt|dt|rt|cbt|ft|oas|imt|agent|soat|ffct)-|npm_|pypi-|rubygems_|CLOJARS_|dckr_(?:pat|oat)_|ATATT3|ATCTT3|ATBB|CCIPAT_|bkua_|sq[pua]_|pul-|tfp_|nfp_|sgp_|lin_(?:api|oauth)_|fig[do]_|ntn_|PMAK-|rdme_|sntry[a-z]_",
  // Clouds and what runs there
  "ya29\\.|GOCSPX-|1//0|do[opr]_v1_|hv[sbr]\\.|dp\\.(?:pt|st|ct|sa|scim|audit)\\.|tskey-(?:auth|api|client|scim|webhook)-|fo1_|pscale_(?:tkn|pw|oauth)_|sb[p]_|sb_secret_|HRKU-|tr_(?:dev|prod)_|AQVN|sha256~|rnd_|xkeysib-|xsmtpsib-|NRAK-|NRJS-|NRII-|glc_|glsa_|ph[xs]_|dt0[a-z]\\d\\d\\.|ops_eyJ|pat-(?:na|eu)\\d-",
  // Payments and shops
  "[srp]k_(?:live|test)_|[srp]k_|whsec_|shp(?:at|ca|pa|ss)_|sq0(?:atp|csp|idp)-|rzp_(?:live|test)_|FLW(?:SECK|PUBK)(?:_TEST)?-|access_token\\$production\\$|EZ[AT]K|sl\\.",
  // Chats
  "xox[abeoprs](?:\\.xox[bp])?-|x(?:app|wfp)-|SG\\.|mfa\\.",
  // Any issuer's that says what it is: "duffel_live_", "lob_test_"
  "[a-z][a-z0-9]{1,11}[_-](?:live|test|prod|pat|api|secret|tok|token|sk)[_-]",
].join("|");
const BEGUN = edge(`(?:${BEGINNINGS})[A-Za-z0-9_$.~=+/-]{14,400}`);

/** Forms that are told by their length or signs. */
const SHAPES: readonly RegExp[] = [
  edge("gh[pousr]_[A-Za-z0-9]{10,30} ?[+\\n] ?[A-Za-z0-9]{10,30}"),
  edge(
    "(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{16}|LTAI[A-Za-z0-9]{12,24}|AKID[A-Za-z0-9]{32}|AIza[A-Za-z0-9_-]{35}",
  ),
  edge(`(?:SK|AC)${HEX}{32}|(?:key|pubkey)-${HEX}{32}|${HEX}{32}-us\\d{1,2}|dapi${HEX}{32}(?:-\\d)?`),
  edge("secret_[A-Za-z0-9]{40,50}|oy2[a-z0-9]{43}|AKCp[A-Za-z0-9]{60,80}|EAA[A-Za-z0-9]{30,250}"),
  edge(`pat[A-Za-z0-9]{14}\\.${HEX}{64}|\\d/\\d{14,18}:${HEX}{32}|\\d{13,17}\\|[A-Za-z0-9_-]{27,40}`),
  edge("[A-Za-z0-9_~.]{3}8Q~[A-Za-z0-9_~.-]{31,34}"),
  edge("AGE-SECRET-KEY-1[A-Z0-9]{40,80}|nsec1[02-9ac-hj-np-z]{50,60}"),
  edge("\\d{8,10}:[A-Za-z0-9_-]{35}"),
  edge("[MNO][A-Za-z0-9_-]{22,28}\\.[A-Za-z0-9_-]{6,7}\\.[A-Za-z0-9_-]{27,45}"),
  edge("(?:[ps]k\\.)?eyJ[A-Za-z0-9_-]{8,2000}\\.[A-Za-z0-9_-]{8,8000}(?:\\.[A-Za-z0-9_-]{0,2000})?"),
  edge("\\d+-[a-z0-9]{32}\\.apps\\.googleusercontent\\.com"),
  // Keys of wallets and passwords that were hashed
  edge("[xyztuv]prv[1-9A-HJ-NP-Za-km-z]{95,112}"),
  edge("(?:5[HJK]|[KLc9])[1-9A-HJ-NP-Za-km-z]{49,51}|S(?=[A-Z2-7]{0,54}\\d)[A-Z2-7]{55}"),
  /\$(?:2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}|(?:1|5|6|y|7|argon2(?:id|i|d)|scrypt|pbkdf2-sha\d+)\$[^\s:"']{12,200})/gu,
  // Addresses that let whoever knows them write
  /https:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<value>[A-Z0-9]{6,12}\/[A-Z0-9]{6,14}\/[A-Za-z0-9/]{16,60})/gu,
  /discord(?:app)?\.com\/api\/webhooks\/\d{15,21}\/(?<value>[A-Za-z0-9_-]{40,90})/gu,
  /\.webhook\.office\.com\/webhookb2\/(?<value>[\w@-]{36,80}\/IncomingWebhook\/[\w/-]{32,90})/gu,
];

export function* findIssuedSecrets(text: string): Generator<PersonalData> {
  yield* matchesOf("secret", text, BEGUN, ({ 0: token }) => isRandom(token));
  for (const shape of SHAPES) yield* matchesOf("secret", text, shape, ({ 0: token }) => /\d/u.test(token));
}

/** No name that a person made up: "sk-learn-contrib-packages" has neither digits nor capitals. */
function isRandom(token: string): boolean {
  return /\d|[a-z][A-Z]/u.test(token) && /[A-Za-z0-9]{10}/u.test(token.slice(3));
}
