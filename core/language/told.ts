/**
 * Which words of a text order nothing, because they only tell or ask something: what somebody else said or wants, what is
 * to be translated, who is to be kept from it, what is. Values in them fill no field, neither of a new order nor of one
 * that is asked about or waits. In English and German. Pure.
 */
import type { Span } from "./span.ts";

type Place = Pick<Span, "start" | "end">;

const anyOf = (words: string): string => `(?:${words.trim().replaceAll(/\s*\n\s*/gu, "|")})`;
const shape = (pattern: string): RegExp => new RegExp(pattern, "iu");

const OPENERS = String.raw`(?:(?:please|and|but|so|oh|well|ah|hey|ok|okay|wait|also|bitte|und|aber|ach|na|hm|moment|warte)[\s,]+){0,3}`;
/** Not the person: somebody else in up to four words, "my boss", "the caller from my bank". */
const NOT_OWN = String.raw`(?!(?:i|we|you|ich|wir|du|he|she|they|er|it|es|this|that|das|please|bitte|send|pay|transfer|make|give|move)(?!\p{L}))`;
const OTHER = String.raw`${NOT_OWN}(?:\p{L}[\p{L}'’.-]*\s+){1,5}?`;
const END = String.raw`(?!\p{L})`;

const SAYS =
  anyOf(`says|said|tells|told|writes|wrote|wants|wanted|demands|demanded|asks|asked|claims|claimed|insists|insisted
  sagt|sagte|meint|meinte|schreibt|schrieb|verlangt|verlangte|fordert|forderte|will|wollte|behauptet|behauptete
  (?:hat|haben) [^.!?]*(?:gesagt|geschrieben|gemeint|verlangt|gefordert)`);
const WRITTEN = String.raw`(?:in|auf|on)\s+(?:\p{L}+\s+){1,3}(?:steht|stand|stood)`;
/** "…, my boss says", "…, hat er gesagt", "… is what the mail says", at the end of a sentence. */
const BEHIND = shape(
  String.raw`(?:\s+(?:is|was|ist|war)\s+(?:what|was)\s+|\s*[,–—-]+\s*(?:(?:that['’]?s|that is|this is|das ist)\s+(?:what|was)\s+)?(?:(?:so|according to)\s+)?)(?:(?!(?:i|we|ich|wir)${END})(?:\p{L}[\p{L}'’-]*\s+){1,4}${SAYS}(?:\s+(?:me|us|mir|uns|so))?|(?:says?|said|wrote|writes|sagt|sagte|schreibt|schrieb|meint|meinte)\s+(?!(?:i|we|ich|wir)${END})(?:\p{L}[\p{L}'’-]*\s*){1,4}|hat\s+(?:\p{L}+\s+){1,3}(?:gesagt|geschrieben|gemeint)|(?:so\s+)?steht\s+(?:in|auf)\s+(?:\p{L}+\s*){1,3})\s*$`,
);

/** What is done with the words behind it, other than carrying them out; and lines of a mail or a table. */
const TASK = shape(
  String.raw`^\s*${OPENERS}(?:(?:can|could|would|will|kannst|könntest|würdest) (?:you|du) )?(?:(?:translate|correct|proofread|summari[sz]e|rephrase|spell|compose|explain|write (?:me )?(?:an?|the)|remind (?:me|us)|übersetze?|korrigiere?|fasse?|formuliere?|erkläre?|schreib (?:mir )?ein\p{L}*|erinnere? (?:mich|uns))${END}|(?:(?:for )?example|subject|re|(?:zum )?beispiel|betreff)\s*:)`,
);

const KEPT_FROM =
  anyOf(`block|prevent|refuse|reject|deny|disallow|avoid|blockiere?|sperre?|verhindere?|unterbinde?|verbiete?
  lehn\\p{L}* [^.!?]* ab
  (?:don['’]?t|do not|never) \\p{L}+`);
/** "Tell Jana to send …", "ask Emre to …", "sag Jana, sie soll …". */
const PASSED_ON = String.raw`(?:tell|ask|remind|get|want)\s+\p{L}+\s+(?:\p{L}+\s+)?to${END}|(?:sage?|frage?|richte?)\s+\p{L}+`;
/** "Emre should send me 20", "can Emre send it to me?": the money would come. */
const TO_ME = String.raw`(?:(?:can|could|will|would|kann|könnte|wird|würde)\s+(?!(?:you|i|we|u|du|ich|wir|sie|ihr|man)${END})\p{L}+|${NOT_OWN}\p{L}+\s+(?:should|shall|can|could|must|will|has to|needs to|soll|sollte|kann|könnte|muss|wird))${END}[^.!?]*(?<!(?:from|by|von|bei|for|für)\s)(?<!\p{L})(?:me|us|mir|uns)${END}`;
const ASKED = String.raw`(?:is|are|was|were|did|does|has|have|ist|sind|war|hast|hat)\s+(?!(?:it|there|es)${END})\p{L}[^.!?]*\?`;
const ELSE = String.raw`(?:call|ring|phone|text|message|remember|forget that|vergiss,? dass|ruf|merk dir)\s+(?!it${END})\p{L}`;
const OF_ME = String.raw`(?:i(?:['’]m)?|ich|my|mein\p{L}*|our|unser\p{L}*)\s+(?:\p{L}+(?:['’]t)?\s+){0,3}?(?:trust|like|love|hate|doubt|know|traue|mag|kenne|liebe|hasse)${END}`;

/** What is told: who has, did or is something. */
const STATES =
  anyOf(`got|won|paid|lost|bought|spent|earn(?:s|ed)|has|had|is|was|borrowed|lent|sent|gave|owes?|knows|knew|came|went|needs|lives
  bezahlte|zahlte|gewann|hat|hatte|verdient\\p{L}*|findet|braucht|bekam|ist|war|schuldet|weiß|lässt|kommt|wohnt|bekam`);
const STATED = String.raw`${OTHER}${STATES}${END}(?!\s+(?:to|zu)${END})`;
const OWED = String.raw`(?:i|we|ich|wir)\s+(?:\p{L}+\s+)?(?:owe|schulde\p{L}*|have (?:\p{L}+ )?[\d.,]+|hab\p{L}* (?:\p{L}+ )?[\d.,]+)`;
const JUDGED = String.raw`[^.!?]*\d[^.!?]*\s(?:is|are|was|sounds|seems|ist|sind|wäre|war|klingt)\s+(?:\p{L}+\s+)?(?:much|lot|lots|expensive|crazy|wrong|fraud|scam|outside|viel|teuer|verrückt|falsch|betrug)${END}`;

const NO_ORDER = [PASSED_ON, TO_ME, ASKED, ELSE, OF_ME, JUDGED].map((words) =>
  shape(String.raw`^\s*${OPENERS}(?:${words})`),
);
const REFUSAL = shape(String.raw`^\s*${OPENERS}${KEPT_FROM}${END}`);
const REPORTED = shape(String.raw`^\s*${OPENERS}(?:${OTHER}${SAYS}|${WRITTEN})${END}`);
/** "She is 40 today" */
const AGED = String.raw`(?:she|he|they|er|sie)(?:['’]s| is| turns| turned| are| wird| ist)\s+\d+${END}`;
const WISH = String.raw`(?<!\p{L})(?:send|pay|transfer|give|schick\p{L}*|überweis\p{L}*|zahl(?:en|e)?)${END}`;
const STATEMENT = shape(String.raw`^\s*${OPENERS}(?:${STATED}|${OWED}|${AGED})(?![^]*${WISH})`);
/** "Emre: send 90 euros": whose words they are, where it is no word to somebody. */
const SPEAKER = shape(
  String.raw`^\s*(?!(?:please|bitte|hi|hello|hallo|hey|ok|today|heute|now|jetzt|next|first|also|order|auftrag|payment|zahlung|transfer|überweisung)\s*:)\p{L}+(?:\s\p{L}+)?:\s+(?=${WISH})`,
);
/** "Once the salary is there", "but only if she has paid": what an order depends on is part of it. */
const DEPENDS = shape(
  String.raw`^\s*${OPENERS}(?:(?:only|just|not|then|even|nur|erst|aber|dann|auch)\s+){0,2}(?:if|when|whenever|once|unless|until|till|after|before|provided|providing|assuming|supposing|given that|as (?:soon|long) as|so long as|in case|on condition|the (?:moment|minute|day)|wenn|falls|sobald|sofern|solange|nachdem|bevor|ehe|bis|es sei denn|vorausgesetzt|angenommen|unter der bedingung|für den fall|ist(?=\s[^.!?]*,$)|hat(?=\s[^.!?]*,$)|sollte(?=\s[^.!?]*,$))${END}`,
);
/** "30 euros to Emre? No way!" */
const REFUSED = shape(
  String.raw`^\s*(?:${OPENERS}(?:no|nope|never|not|nein|nie|niemals|nö|auf keinen fall|vergiss|forget|kommt nicht)${END}|(?:fraud|scam|betrug)\s*[?!.]*$)`,
);
/** "Send it to him": what was told before says what. */
const POINTS = /(?<!\p{L})(?:it|that|es|das|them|her|him|ihm|ihr|sie)(?!\p{L})/iu;
const SHARED = /(?<!\p{L})(?:share|part|half|rest|hälfte|teil|anteil)(?!\p{L})/iu;
const ORDERS = shape(
  String.raw`^\s*${OPENERS}(?:(?:can|could|would|will|kannst|könntest|würdest) (?:you|du) )?(?:please |bitte )?(?:send|pay|transfer|give|move|wire|schick\p{L}*|überweis\p{L}*|zahl\p{L}*|gib|sende?|i (?:want|need|would like|['’]d like)|ich (?:will|möchte|muss))${END}`,
);

/** The places, and whether nothing else is said. */
export interface Told {
  readonly places: readonly Place[];
  readonly isAll: boolean;
  /** What the person wants to be kept from happening. */
  readonly refused?: Span;
}

/** Finds them. */
export function toldIn(text: string): Told {
  if (text.length > LONGEST) return { places: [], isAll: false };
  if (TASK.test(text) || SPEAKER.test(text)) return { places: [{ start: 0, end: text.length }], isAll: true };
  const clauses = clausesIn(text);
  const kinds = clauses.map((clause, at) => kindOf(clause, clauses[at - 1], clauses[at + 1]));
  const isPointedAt = clauses.some(
    ({ text: words }, at) => kinds[at] === undefined && POINTS.test(words) && !SHARED.test(words),
  );
  const isTold = (kind: Kind | undefined): boolean =>
    kind === "none" || kind === "refused" || (kind === "states" && !isPointedAt);
  const places = clauses.filter((_, at) => isTold(kinds[at]));
  const isAll = places.length > 0 && places.length === clauses.length;
  const refused = isAll ? clauses[kinds.indexOf("refused")] : undefined;
  return { places, isAll, ...(refused && { refused: { ...refused, literal: refused.text } }) };
}

const LONGEST = 2_000;

interface Clause extends Place {
  readonly text: string;
}

/** `states`: it may say what is meant by "it" in an order beside it. */
type Kind = "none" | "refused" | "states";

/** Sentences, and their parts behind a comma that begin anew; what is attributed at its end stays one. */
function clausesIn(text: string): readonly Clause[] {
  const clauses: Clause[] = [];
  for (const { index, 0: sentence } of text.matchAll(/(?:[^.!?;\n]|[.](?=\S)|(?<=\p{Lu}r|\bdr|\bst)\.)+[.!?;\n]*/giu)) {
    const behind = BEHIND.test(sentence.replace(/[\s.!?;]+$/u, ""));
    const parts = behind
      ? [sentence]
      : sentence.split(
          /(?<=,|:|\s[–—-])\s+(?!(?:dass|that|ob|if|sie soll|er soll)\s)|\s+(?=(?:and|und|but|aber|so)\s)/u,
        );
    let start = index;
    for (const part of parts) {
      const at = text.indexOf(part, start);
      clauses.push({ start: at, end: at + part.length, text: part });
      start = at + part.length;
    }
  }
  return clauses.filter((clause) => /[\p{L}\p{N}]/u.test(clause.text));
}

const isRefused = (text: string, next: Pick<Clause, "text"> | undefined): boolean =>
  /[?:]\s*$/u.test(text) && next !== undefined && REFUSED.test(next.text);

function kindOf({ text }: Clause, before: Clause | undefined, next: Clause | undefined): Kind | undefined {
  const words = text.replace(/[\s.!;,]+$/u, "");
  if (isRefused(text, next) || (before !== undefined && isRefused(before.text, { text }))) return "none";
  if (BEHIND.test(words.replace(/\?$/u, ""))) return "none";
  if (ORDERS.test(words) || DEPENDS.test(text)) return undefined;
  if (REFUSAL.test(words)) return "refused";
  if (REPORTED.test(words) || NO_ORDER.some((pattern) => pattern.test(words))) return "none";
  return STATEMENT.test(words) ? "states" : undefined;
}
