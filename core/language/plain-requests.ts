/**
 * Whether somebody plainly asks for something now. Questions, negations, doubts and things others said are none: who is
 * misread here loses a link or a consent, who is not heard is asked to confirm.
 */
import { ownWords } from "./segments.ts";

const NEGATION =
  /\b(?:not|dont|cant|wont|(?:do|does|did|can|ca|could|wo|would|should|must)n?['’]t|cannot|never|maybe|perhaps|someday|nicht|nichts|kein\w*|niemals|nie|ohne|vielleicht|irgendwann)\b/iu;
const SAYING =
  "tell|tells|told|say|says|said|saying|ask|asks|asked|write|writes|wrote|written|type|types|typed|wants? (?:me|you|us)|suggests|suggested|advises|advised|sag|sagt|sagte|gesagt|meint\\w*|schreib\\w*|schrieb\\w*|geschrieben|tipp\\w*|fragt\\w*|rät|riet|empfiehlt|empfohlen|steht|stand";
const OTHERS_SAY = new RegExp(`(?<!\\p{L})(?:${SAYING})(?!\\p{L})`, "iu");
/** "The things I told you", "was ich dir gesagt habe", "what I write here": their own words. */
const I_SAY = new RegExp(
  `(?<!\\p{L})(?:i|we|ich|wir)(?: (?:have|had|ever|already|just|do|not|don['’]t|really|habe|dir|ihnen|hier))* (?:${SAYING})(?!\\p{L})`,
  "giu",
);
/** "Jana should forget me": nobody here is asked to. */
const OTHERS_SHOULD = /(?<!\b(?:you|du|sie)\s)\b(?:should|shall|must|ought|soll|sollte|muss)\b/iu;
/** "Jana: …", "[10:02] Emre: …". */
const LABEL = /^\s*(?:\[[^\]\n]{1,30}\]\s*)?\p{L}[^:\n]{0,40}:(?!\/\/)/u;
/** "One thing for later: …" names nobody. */
const NO_NAME =
  /(?<!\p{L})(?:one|quick|small|little|last|note|memo|info|thing|point|for|the|later|next|time|future|and|also|please|btw|ps|fyi|eins|kurz|noch|info|notiz|sache|für|fürs|das|nächste|mal|später|zukunft|und|bitte|übrigens|merken|punkt)(?!\p{L})/iu;
/** "Could you …" asks politely; every other question asks to know. */
const POLITE =
  /^(?:(?:please|bitte|hi|hello|hallo|ok|okay|so)[\s,]+)*(?:(?:can|could|would|will) you|(?:kannst|könntest|würdest|wirst) du|(?:können|könnten|würden) sie)\b/iu;
const QUESTION =
  /^(?:(?:and|so|but|und|aber|also|hi|hello|hallo|ok|okay|hey)[\s,]+)*(?:what|how|where|when|who|why|which|is|are|am|do(?! not\b)|does|did|can|could|should|would|will|may|was|were|if|wie|was|wo|wann|wer|warum|wieso|weshalb|welche\w*|ist|sind|bin|kann|kannst|könnte|soll|sollte|darf|muss|hat|habe|lernst|wirst|ob|wenn|falls)\b/iu;

/** "Ich will nicht, dass du alles löschst": what stands behind the comma says nothing by itself. */
const SUBORDINATE = /^(?:dass|that|damit|so that|ob|whether|(?:du|ich|wir|ihr|sie) soll\w*|(?:you|i|we) should)\b/iu;

/** "Unlink? No!", "delete all … wait, don't", "… just kidding": taken back in the same message. */
const TAKEN_BACK =
  /(?:^|[.!?,;:–—-])\s*(?:(?:oh|ah|but|aber|ach|just|nur|war)\s+)*(?:no|nope|nah|never|not|don['’]?t|wait|stop|kidding|joking|forget it|never ?mind|nein|nee|ne|nö|nie|niemals|nicht|halt|warte|quatsch|scherz|spaß|spass|doch nicht|lieber nicht)(?=\s*(?:[.!?,;:–—-]|$)|\s+(?:thanks|thank|danke|way|wait|don['’]?t|not|stop|really|please|bitte|no|nein|that)(?!\p{L}))/iu;

/** "…, ok?" asks for nothing more. */
const withoutTag = (text: string): string =>
  text.replace(/[\s,]+(?:ok(?:ay)?|alright|please|ja|gell|bitte)\s*\?\s*$/iu, "");

/** Whether one clause of the person's own words plainly asks for it, and `unless` does not stand in it. */
export function asksPlainly(text: string, asks: RegExp, unless = NEGATION): boolean {
  const own = withoutTag(ownWords(text.slice(0, 2_000))).replaceAll(/["“”„«»][^"“”„«»]*["“”„«»]/gu, " … ");
  if (own.includes("…")) return false;
  const sentences = own.split(/(?<=[.!?])\s+|[;\n]\s*/u);
  const clauses = sentences.flatMap((sentence) => sentence.split(/,\s*/u));
  return [...sentences, ...clauses.filter((clause) => !SUBORDINATE.test(clause))].some(
    (clause) =>
      asks.test(clause) &&
      !unless.test(clause) &&
      !isOthers(clause, asks) &&
      !isQuestion(clause, own) &&
      !isTakenBack(own, asks),
  );
}

/** Whether what asks for it last is taken back behind: "unlink? no!"; by default a question asks. */
export function isTakenBack(own: string, asks = /\?\s*$/u): boolean {
  const parts = own.split(/(?<=[.!?;,:\n]|\s[-–—]\s)/u);
  const last = parts.findLastIndex((part) => asks.test(part));
  return last !== -1 && TAKEN_BACK.test(parts.slice(last + 1).join(""));
}

/** "Could you …?", which asks for something and not to know something. */
export const asksPolitely = (text: string): boolean => POLITE.test(text);

/** Whether others are said to say or want it. */
export const isHearsay = (text: string): boolean =>
  OTHERS_SAY.test(text.replaceAll(I_SAY, "")) || OTHERS_SHOULD.test(text);

/** Whether somebody else says it, or is to do it: what stands behind a name and a colon, or in "he told me to …". */
function isOthers(clause: string, asks: RegExp): boolean {
  const [label] = LABEL.exec(clause) ?? [];
  const isLabelled =
    label !== undefined && !NO_NAME.test(label) && !asks.test(label) && asks.test(clause.slice(label.length));
  return isLabelled || OTHERS_SAY.test(clause.replaceAll(I_SAY, "").replace(asks, "")) || OTHERS_SHOULD.test(clause);
}

function isQuestion(clause: string, whole: string): boolean {
  if (POLITE.test(clause)) return false;
  // "…, should I?" asks about what stands before it.
  return (
    QUESTION.test(clause.trim()) ||
    [clause, whole].some((words) => /\?\s*$/u.test(words)) ||
    (QUESTION.test(whole.trim()) && !POLITE.test(whole))
  );
}
