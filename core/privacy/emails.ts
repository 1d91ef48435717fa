import type { Detector } from "./finding.ts";
import { matchesOf } from "./finding.ts";

const NAME = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}._%+'-]{0,62}[\\p{L}\\p{N}_+-])?";
const DOMAIN = "(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?\\.){1,6}\\p{L}{2,24}";
/** Also as pages and addresses of pages write it. */
const SIGN = "(?: ?@ ?|%40|&#64;|&#x40;|&commat;)";
const EMAIL = new RegExp(`(?<![\\p{L}\\p{N}._%+-])${NAME}${SIGN}${DOMAIN}(?![\\p{L}\\p{N}]|-[\\p{L}\\p{N}])`, "giu");
const QUOTED_EMAIL = new RegExp(`"[^"\\n@]{1,60}"@${DOMAIN}`, "gu");
/** Mean nothing else between two words. */
const SIGN_NAMES = "klammeraffe|arroba|arobase|chiocciola|apenstaartje|małpa|malpa";
const DOT_NAMES = "dot|punkt|punt|punto|point|kropka|ponto";
const AT = `(?: ?[([{<] ?(?:at|ät|@|${SIGN_NAMES}) ?[)\\]}>] ?| (?:at|ät|${SIGN_NAMES}) |_at_)`;
const DOT = `(?: ?[([{<] ?(?:\\.|${DOT_NAMES}) ?[)\\]}>] ?| (?:${DOT_NAMES}) |_(?:${DOT_NAMES})_|\\.)`;
const SPELLED = new RegExp(
  `(?<![\\p{L}\\p{N}._%+-])[\\p{L}\\p{N}](?:[\\p{L}\\p{N}+-]|_(?!at_)|${DOT}(?=[\\p{L}\\p{N}])){0,40}${AT}[\\p{L}\\p{N}-]{1,63}(?:${DOT}[\\p{L}\\p{N}-]{1,63}){1,4}(?![\\p{L}\\p{N}])`,
  "giu",
);
/** "a n n a @ f i r m . d e": letter by letter. */
const SPACED = /(?<![\p{L}\p{N}])(?:[\p{L}\p{N}._-] ){2,40}@(?: [\p{L}\p{N}._-]){4,60}(?![\p{L}\p{N}])/gu;
const HAS_SIGN = new RegExp(AT, "iu");
const SURE = new RegExp(`[([{<]|_at_|(?<!\\p{L})(?:${SIGN_NAMES})(?!\\p{L})`, "iu");
const ALOUD = new RegExp(`(?:at|ät) \\S+ (?:${DOT_NAMES}) \\p{L}{2,10}$`, "iu");
/** "logo@2x.png" is a picture. */
/** "git@host:folder/repository.git" is where a repository lies. */
const REPOSITORY = /^git@/iu;
const FILE = /@\d(?:\.\d+)?x\.[a-z]{3,4}$/iu;

/** E-mail addresses, also with "(at)" and "(dot)" or letter by letter. */
export const findEmails: Detector = function* findEmails(text) {
  if (/@|%40|&#|&commat/iu.test(text)) {
    yield* matchesOf(
      "email",
      text,
      EMAIL,
      ({ 0: literal }) => !/\d @ /u.test(literal) && !FILE.test(literal) && !REPOSITORY.test(literal),
    );
    yield* matchesOf("email", text, QUOTED_EMAIL);
    yield* matchesOf("email", text, SPACED);
  }
  // "meet me at home dot" is a sentence: without brackets both words have to be spelled.
  if (!HAS_SIGN.test(text)) return;
  yield* matchesOf("email", text, SPELLED, ({ 0: literal }) => SURE.test(literal) || ALOUD.test(literal));
};
