/**
 * Whether words that a request is made of are only mentioned: told of others, read or seen somewhere, asked about in
 * general, denied. "My neighbour complained", "can a person live on 1000 euros?". In English and German. Pure.
 */
const anyOf = (words: string): string => `(?:${words.trim().replaceAll(/\s*\n\s*/gu, "|")})`;
const shape = (pattern: string): RegExp => new RegExp(pattern, "iu");
const END = String.raw`(?!\p{L})`;

const OPENERS = String.raw`(?:(?:and|but|so|oh|well|ah|hey|hi|hello|ok|okay|btw|yesterday|today|again|sometimes|und|aber|ach|na|hm|also|hallo|gestern|heute|übrigens)[\s,]+){0,3}`;
const WE = "(?:i|we|ich|wir)";

/** What the person wants, or asks somebody to do: beside it all else is told of. */
const WISH = shape(
  String.raw`(?<!\p{L})(?:please|pls|plz|bitte|kindly|instead|lieber|endlich|hiermit|hereby|${WE}(?:['’]d| would| really| just| hereby| also| now)* (?:need|want|wanna|like|love|prefer|wish|require|demand|expect|insist|request|object|protest|have to|gotta|must|should|will|möcht\p{L}*|mecht|brauch\p{L}*|hätt\p{L}*|verlang\p{L}*|fordere|besteh\p{L}*|muss|müss\p{L}*|wollen?|wünsch\p{L}*|würd\p{L}*)|(?:and|und|but|aber) (?:want|would like|will|möchte)|(?:i['’]d|i['’]ll|i am complaining|i['’]m complaining|wanna|let (?:me|us)|give (?:me|us)|get (?:me|us)|make (?:me|it)|(?:can|could|may|might|would|will) (?:i|we|you|u)|(?:kann|könnte|darf|dürfte|würde|möchte|will|muss) (?:ich|mir|mich|wir)|kannst|könntest|würdest|(?:können|könnten|würden|dürfen|dürften|wollen|möchten) (?:sie|wir)|gib|geben sie|hol|mach|nimm|nehmen sie|schreib|verbinde?n?|soll|sollen))${END}`,
);

const PERCEIVED =
  anyOf(`read|reads|saw|see|seen|heard|hear|watched|noticed|met|meet|know|knew|remember|dreamt|dreamed|wonder|lost|misplaced|found|find|cannot|can['’]t|couldn['’]t|was|were|am not|['’]m not|learned|learnt|studied
  have (?:read|seen|heard|met|noticed|known|lost|found|no|never|nothing|not)|haven['’]t|ha(?:ve|d) no
  kenne|kannte|weiß|wusste|las|lasen|sah|hörte|traf|finde|fand|verlor|erinnere|war|waren
  (?:habe?n?|hatten?)(?! gern)[^.!?]*(?:gelesen|gesehen|gehört|getroffen|bemerkt|verloren|gefunden|gelernt|geträumt|mitbekommen|erfahren|getrennt)
  (?:habe?n?|hatten?) (?:kein\\p{L}*|nichts|nie)`);
const SEEN = shape(
  String.raw`^\s*${OPENERS}(?:${WE}(?:['’]ve)? (?:(?:just|only|once|also|already|even|gerade|nur|mal|schon|auch) )*${PERCEIVED}|(?:in|im|on|auf)(?: \p{L}+){1,3} (?:kam|kommt|stand|steht|lief|läuft|habe ich|hab ich|war)|there (?:was|is|were|are)(?: \p{L}+){1,3} (?:about|on|against)|da war(?: \p{L}+){1,3} über)${END}`,
);

const WANTS = anyOf("wants?|wanted|needs?|needed|asks?|asked|demands?|will|wollen|möchten?|braucht|brauchen|verlangt");
/** Somebody or something else that a sentence tells of. */
const OTHER = String.raw`(?:(?:my|our|his|her|their|the|an?|some|many|most|one of your|these|those|mein\p{L}*|unser\p{L}*|sein\p{L}*|d(?:er|ie|as)|ein\p{L}*|viele|manche|your|dein\p{L}*|eure?\p{L}*|ihre?)(?: \p{L}[\p{L}'’-]*){1,5}?|(?!${WE} )(?:he|she|they|people|everyone|everybody|somebody|someone|er|leute|man|jemand|alle|jeder))`;
const NAME = String.raw`\p{Lu}[\p{L}'’-]+`;
const TELLS = String.raw`(?!${WANTS}${END})(?:is|are|was|were|has|have|had|does|do|did|doesn['’]t|don['’]t|didn['’]t|can['’]t|cannot|won['’]t|always|often|never|keeps?|lives?|works?|told|tells?|says?|said|sent|gave|got|came|goes|went|wrote|writes|made|makes|thinks?|knows?|likes?|loves?|hates?|complains?|forgets?|crashes|ist|sind|war|waren|hat|haben|hatten?|wird|wurde|lässt|kommt|kam|geht|ging|sagt\p{L}*|gab|schrieb|fand|\p{L}{2,}ed|\p{L}{3,}en sich|(?!(?:about|that|what|without|next|most|last|past|first|account|against|amount|least|right|left|bitte|heute|letzte|erste|zweite)${END})[\p{Ll}ßäöü]{3,}(?:t|te|ten))`;
const TOLD = String.raw`^\s*${OPENERS}${OTHER}(?: \p{L}+ly| auch| noch| nie| ja)? `;
const OF_OTHERS = shape(`${TOLD}${TELLS}${END}`);
const OF_NAME = new RegExp(String.raw`^\s*${NAME}(?: ${NAME})? ${TELLS}(?!\p{L})`, "u");
const OTHERS_WANT = shape(`${TOLD}(?:${WANTS})${END}`);
const NAME_WANTS = new RegExp(String.raw`^\s*${NAME} ${WANTS}(?!\p{L})`, "u");

/** "Can a person live on 1000 euros?": about nobody here. */
const GENERAL = shape(
  String.raw`^\s*${OPENERS}(?:(?:can|could|does|do|is|are|was|were|did|has|have|will|would|should|may|kann|könnten?|können|ist|sind|war|hat|haben|wird|darf|soll|gibt es|\p{L}{3,}en) (?!(?:i|we|you|ich|wir|du|ihr|it|this|that|es|das|dies\p{L}*)${END})\p{L}[^?]*\?|(?:do you|does anyone|weißt du|wissen sie) (?:know|wo|was|wer|wie|ob)?\s*(?:what|who|how|wo|was|wer|wie|ob)?${END}[^?]*\?|(?:what|who|was|wer) (?:is|are|does|ist|sind|heißt|bedeutet|macht)${END})`,
);
const HERE =
  /(?<!\p{L})(?:me|us|i|we|mir|mich|uns|ich|wir|here|this|it|hier|over|available|free|around|there|now|today|hand|da|erreichbar|frei|übernehmen|weitermachen|antworten|verfügbar|unterhalten|chat\p{L}*)(?!\p{L})/iu;
const MY_CASE = /\S+\s+\S+\s+\S+.*(?<!\p{L})(?:my|our|mein\p{L}*|unser\p{L}*)(?!\p{L})/iu;
const NOT = String.raw`(?:not|no|never|n['’]t|nothing|nicht|nichts|nie|kein\p{L}*)(?: (?:an?|any|more|to|zu|really|here to|mich|uns|sich|wirklich))*`;

/** Words of a request, and whether others may want it made for them: "my mother wants to talk to somebody". */
export interface Mentioning {
  /** What such words begin with, in small letters. */
  readonly stems: readonly string[];
  readonly isForOthers: boolean;
}

/** Whether the words are only mentioned in the text; not where they do not stand in it, or something is asked for beside. */
export function isOnlyMentioned(text: string, { stems, isForOthers }: Mentioning): boolean {
  if (stems.length === 0 || text.length > LONGEST) return false;
  const clauses = text.split(/(?<=[.!?;:\n])\s+|,\s+|\s+(?=(?:and|but|und|aber) (?:i|we|ich|wir)(?!\p{L}))/u);
  const holding = clauses.filter((clause) => stems.some((stem) => startsWord(clause, stem)));
  if (holding.length === 0) return false;
  const isDenied = (clause: string): boolean =>
    stems.some((stem) => shape(String.raw`(?<!\p{L})${NOT} ${stem}`).test(clause));
  if (holding.every(isDenied) && !isForOthers) return true;
  if (clauses.some((clause) => WISH.test(clause) && !isDenied(clause))) return false;
  return holding.every((clause) => isTold(clause, stems, isForOthers));
}

const LONGEST = 2_000;

const startsWord = (text: string, stem: string): boolean => shape(String.raw`(?<!\p{L})${stem}`).test(text);

/** "Open the file": something else is to be done with it. */
const HANDLES = String.raw`^\s*${OPENERS}(?:open|close|delete|rename|read|find|upload|öffn|schlie|lösch|lies|such|lade? hoch)\p{L}* (?:the|this|that|my|d(?:ie|as|en)|diese\p{L}*|mein\p{L}*) `;

function isTold(clause: string, stems: readonly string[], isForOthers: boolean): boolean {
  if (SEEN.test(clause) || OF_OTHERS.test(clause) || OF_NAME.test(clause)) return true;
  if (stems.some((stem) => shape(String.raw`^\s*${stem}\p{L}* ${TELLS}${END}`).test(clause))) return true;
  if (stems.some((stem) => shape(`${HANDLES}${stem}\\P{L}*$`).test(clause))) return true;
  if (!isForOthers && (OTHERS_WANT.test(clause) || NAME_WANTS.test(clause))) return true;
  return GENERAL.test(clause) && !HERE.test(clause) && !MY_CASE.test(clause);
}
