/**
 * What a person says to a request that waits, read by code before any model: a refusal, a yes, another value, or something
 * else. In doubt between "something else" and "another value" the latter: a void request costs a question, a wrong one money.
 */
import { phrasesOf, type Phrases, wordsOfText } from "../../core/language/phrases.ts";
import { type ReplyWords, replyWords } from "./words/replies.ts";

export type ReplyReading = "cancel" | "confirm" | "other-value" | "unrelated";

/** What is known of the request. */
export interface Waiting {
  /** Texts that it consists of: saying them again changes nothing. */
  readonly own: readonly string[];
  /** Names that would be another value in it: payees, accounts. */
  readonly others: readonly string[];
}

/** Longer messages are talk; only their beginning is read for a refusal. */
const LONGEST = 600;
const SHORT = 6;

const tables: Readonly<Record<keyof ReplyWords, Phrases>> = {
  courtesies: table("courtesies"),
  refusals: table("refusals"),
  affirmations: table("affirmations"),
  changes: table("changes"),
  times: table("times"),
  numbers: table("numbers"),
  fillers: table("fillers"),
  questions: table("questions"),
  inquiries: table("inquiries"),
  additions: table("additions"),
  repetitions: table("repetitions"),
};
const KINDS = ["courtesies", "refusals", "affirmations", "changes", "times", "numbers", "fillers"] as const;
type Kind = (typeof KINDS)[number] | "own" | "names" | "words";

/** "No" itself: what follows is said beside it, not its object. */
const bareNo = phrasesOf("no nope nah nein nee nö nix non nie não hayır нет ні لا".split(" "));
/** "Yes" itself, as "no". */
const bareYes = phrasesOf(
  "yes y yeah yep ok okay sure ja jo jep jup jawohl klar sí si oui sì sim evet tak oké oke да так نعم".split(" "),
);
/** Asks for a change even in the form of a question. */
const strongChanges = phrasesOf(
  "instead;stattdessen;i meant;ich meinte;change the payee;change the amount;change the recipient;change the account;change the sum;change it;betrag ändern;empfänger ändern;konto ändern".split(
    ";",
  ),
);
const directions = phrasesOf(
  "to from an vom von zum zur auf für into onto over at alla allo dal dalla au du à para desde naar van do z na к на з от від".split(
    " ",
  ),
);
/** "I want to complain": what stands behind these and "to" is wished, and gets nothing. */
const wishing: ReadonlySet<string> = new Set(
  "want wants wanted wanna need needs needed like love wish have has had going try trying able about ready how prefer".split(
    " ",
  ),
);
/** Waits, and says no only where no question follows. */
const pausing = phrasesOf(
  "wait a moment;wait a minute;wait a second;wait a sec;wait;hold on;hang on;one moment;just a moment;one second;moment mal;moment bitte;moment;warte mal;warte kurz;warte;einen moment;augenblick;sekunde".split(
    ";",
  ),
);
const asking = phrasesOf(
  "what whats which how when where who whom whose why wie welche welcher welches welchen wann wo wer wem wen warum wieso".split(
    " ",
  ),
);
/** Begins a question that wants to know something. */
const informing = phrasesOf(
  "what whats which how when where who whom whose why did was were is are do does wie was welche welcher welches welchen wann wo wer wem wen warum wieso habe hab hat hatte ist sind".split(
    " ",
  ),
);
/** Looks like a question and says what should be. */
const demanding = phrasesOf("should must ought soll sollte muss müsste".split(" "));
/** Looks like such a question and proposes something. */
const proposing = phrasesOf(
  "what about;how about;why not;wie wäre es;wie wäre es mit;warum nicht;was ist mit".split(";"),
);
/** Carries on what was said, at the beginning of a message. */
const linking = phrasesOf("and und y et e i ve en и і та و".split(" "));
/** Takes one of several off a list. */
const leaving = phrasesOf(
  "cancel;drop;remove;delete;skip;forget;scrap;bin;strike;take out;leave out;without;streich;streiche;streichen;lösch;lösche;löschen;stornier;storniere;weglassen;lass weg;raus;brich;brech;breche;kill;abort;stop;entferne;entfernen;abbrechen;ohne".split(
    ";",
  ),
);
const each = phrasesOf("both all everything each beide beides alle alles".split(" "));
const negations: ReadonlySet<string> = new Set("not dont nicht kein keine keinen keiner keins".split(" "));
const unknowing: ReadonlySet<string> = new Set(
  "know sure understand see find work works working get idea weiss sicher verstehe kapiere sehe finde funktioniert geht klar ahnung hurry rush problem problems worry eile bad forget vergessen yet".split(
    " ",
  ),
);
const GERMAN_NUMBER = /(?:zwanzig|dreissig|vierzig|funfzig|sechzig|siebzig|achtzig|neunzig|hundert|tausend|zehn)$/u;

/** "Don't cancel it", "ich will nicht abbrechen", "brich das nicht ab": what waits is to stay. */
const KEEPS =
  /(?<!\p{L})(?:don['’`]?t|do not|never|not|no longer) (?:(?:want|to|please|you|just|yet|ever) )*cancel(?!\p{L})|(?<!\p{L})nicht (?:(?:mehr|doch|bitte|gleich) )*(?:abbrechen|abgebrochen|stornieren|storniert)(?!\p{L})|(?<!\p{L})(?:brich|brechen|storniere?)(?!\p{L})[^.,;!?]{0,30} nicht(?!\p{L})/iu;

/** Reads one message of the requester. */
export function readReply(text: string, waiting: Waiting): ReplyReading {
  if (KEEPS.test(text.slice(0, LONGEST))) return "unrelated";
  const { own, names } = knownWords(waiting);
  const clauses = text
    .slice(0, LONGEST)
    .split(/[.,;:!?¿¡،؟…\n–—]+/u)
    .map((clause) => wordsOfText(clause).map(shortened))
    .filter((words) => words.length > 0)
    .map((words) => scan(words, { own, names }));
  return judge(clauses, /[?؟]/u.test(text));
}

/** Whether something besides what waits is asked for: the same "again", or something "too" and nothing changed. */
export function asksInAddition(text: string): "again" | "too" | undefined {
  const words = wordsOfText(text.slice(0, LONGEST)).map(shortened);
  const has = (phrases: Phrases): boolean => words.some((_word, place) => phrases.at(words, place) > 0);
  const isDenied = bareNo.at(words, 0) > 0 || words.some((word) => negations.has(word));
  if (isDenied || tables.refusals.at(words, 0) > 0) return undefined;
  // "Another 15" is more, "another account" a change.
  const isAnother = words.some((word, at) => word === "another" && /^\p{N}/u.test(words[at + 1] ?? ""));
  if (!isAnother && has(tables.changes)) return undefined;
  if (has(tables.repetitions)) return "again";
  return linking.at(words, 0) > 0 || has(tables.additions) ? "too" : undefined;
}

/** Whether what is named is to be left out: "not the one to Emre", "cancel Emre's", "Emre doch nicht". Nothing is put in its place. */
export function leavesOut(text: string, waiting: Waiting): "named" | "all" | undefined {
  const words = wordsOfText(text.slice(0, LONGEST)).map(shortened);
  const has = (phrases: Phrases): boolean => words.some((_word, place) => phrases.at(words, place) > 0);
  const { own, names } = knownWords(waiting);
  const namesOther = words.some((word) => names.has(word) || (/\p{N}/u.test(word) && !own.has(word)));
  // "No, from everyday to savings" says another way.
  const tellsWay = words.filter((_word, at) => isDirection(words, at)).length > 1;
  if (/[?؟]/u.test(text) || namesOther || tellsWay || has(strongChanges) || has(tables.numbers)) return undefined;
  if (has(each) && (has(leaving) || tables.refusals.at(words, 0) > 0)) return "all";
  return has(tables.refusals) || has(leaving) || words.some((word) => negations.has(word)) ? "named" : undefined;
}

const LONGEST_INQUIRY = 12;

/** "How do I cancel it?", "wie breche ich das ab?" */
const ASKS_HOW =
  /(?:^| )(?:how (?:(?:do|can|could|would|should) (?:i|we|you)|to) (?:cancel|stop|abort|undo|confirm|call off)(?: (?:it|this|that|them|the (?:transfer|payment|order)))?|wie (?:kann|konnte|soll|muss) (?:ich|man|wir) (?:(?:das|es|die|den|sie) )?(?:(?:uberweisung|zahlung|auftrag) )?(?:abbrechen|stornieren|stoppen|bestatigen)|wie (?:breche?|storniere|stoppe|bestatige) (?:ich|man|wir)(?: (?:das|es|die|den|sie))?(?: (?:uberweisung|zahlung|auftrag))?(?: (?:wieder )?ab)?)(?: (?:now|again|please|jetzt|wieder|bitte|denn))?$/u;

/** Whether it asks for what the waiting request itself says: from where, to whom, how much, what waits, how it ends. */
export function inquires(text: string): boolean {
  const words = wordsOfText(text.slice(0, LONGEST));
  if (words.length > LONGEST_INQUIRY) return false;
  return ASKS_HOW.test(words.join(" ")) || words.some((_word, place) => tables.inquiries.at(words, place) > 0);
}

function knownWords({ own: texts, others }: Waiting) {
  const own = new Set(texts.flatMap((one) => wordsOfText(one)));
  const names = new Set(others.flatMap((one) => wordsOfText(one)).filter((one) => one.length > 2 && !own.has(one)));
  return { own, names };
}

/** "Nooo" is "no". */
function shortened(word: string): string {
  return word.replaceAll(/(\p{L})\1{2,}/gu, "$1");
}

interface Item {
  readonly kind: Kind;
  readonly words: readonly string[];
}

type Clause = readonly Item[];

function scan(
  words: readonly string[],
  known: { readonly own: ReadonlySet<string>; readonly names: ReadonlySet<string> },
): Clause {
  const items: Item[] = [];
  for (let place = 0; place < words.length;) {
    const { kind, length } = kindAt(words, place, known);
    items.push({ kind, words: words.slice(place, place + length) });
    place += length;
  }
  return items;
}

function kindAt(
  words: readonly string[],
  place: number,
  { own, names }: { readonly own: ReadonlySet<string>; readonly names: ReadonlySet<string> },
): { readonly kind: Kind; readonly length: number } {
  const word = words[place] ?? "";
  if (names.has(word)) return { kind: "names", length: 1 };
  const found = KINDS.map((kind) => ({ kind, length: tables[kind].at(words, place) }));
  const longest = found.reduce((best, one) => (one.length > best.length ? one : best));
  if (own.has(word) && longest.length < 2) return { kind: "own", length: 1 };
  if (longest.length > 0) return longest;
  // "MARE-4T9W": a code, and no sum.
  if (/\p{N}\p{L}+\p{N}/u.test(word)) return { kind: "words", length: 1 };
  if (/\p{N}/u.test(word) || GERMAN_NUMBER.test(word)) return { kind: "numbers", length: 1 };
  return { kind: "words", length: 1 };
}

const SILENT: ReadonlySet<Kind> = new Set(["fillers", "own", "courtesies"]);

function judge(clauses: readonly Clause[], hasQuestionMark: boolean): ReplyReading {
  const items = clauses.flat();
  const first = items.find(({ kind }) => !SILENT.has(kind));
  if (first === undefined) return "unrelated";
  if (asksMeanwhile(items)) return "unrelated";
  const isQuestion = hasQuestionMark || beginsQuestion(items);
  const refuses =
    clauses.some((clause) => isOnly(clause, "refusals")) ||
    bareNo.at(first.words, 0) > 0 ||
    bareNo.at(first.words.slice(-1), 0) > 0 ||
    (!isQuestion && endsInNo(clauses));
  const affirms = bareYes.at(first.words, 0) > 0 || clauses.some((clause) => isOnly(clause, "affirmations"));
  if (refuses) return refused(clauses);
  if (affirms) return afterYes(clauses, isQuestion);
  return otherwise(clauses, { isQuestion, hasQuestionMark });
}

/** "Wait, how do I cancel?" */
function asksMeanwhile(items: Clause): boolean {
  const words = items.flatMap((item) => item.words);
  if (ASKS_HOW.test(words.join(" "))) return true;
  let at = 0;
  for (let paused = pausing.at(words, 0); paused > 0; paused = pausing.at(words, at)) at += paused;
  return at > 0 && asking.at(words, at) > 0 && proposing.at(words, at) === 0;
}

/** "Scrap it, I'm seeing her tonight": beside plain words of refusal a time puts nothing off, as it does in "no, tomorrow". */
function refused(clauses: readonly Clause[]): ReplyReading {
  const isPlain = clauses.some(
    (clause) =>
      isOnly(clause, "refusals") && clause.some(({ words }) => words.some((_, at) => bareNo.at(words, at) === 0)),
  );
  const namesOther = isPlain ? clauses.some(isOther) : namesValue(clauses);
  return namesOther || replacesOwn(clauses) || clauses.some(isWay) ? "other-value" : "cancel";
}

/** "No, from everyday to savings": both stand in the request, and the other way round. */
function isWay(clause: Clause): boolean {
  const said = clause.filter(({ kind, words }) => kind !== "fillers" || isDirection(words, 0));
  const words = said.map((item) => item.words[0] ?? "");
  const ways = said.filter((item, at) => item.kind === "own" && isDirection(words, at - 1) && !isDirection(words, at));
  return ways.length > 1 && words.every((word) => !negations.has(word));
}

/** A value, or nothing but a time. */
const isOther = (clause: Clause): boolean =>
  clause.some(({ kind }) => kind === "numbers" || kind === "names" || kind === "changes") ||
  (clause.some(({ kind }) => kind === "times") && clause.every(({ kind }) => kind !== "words"));

/** "God, please no", "um Gottes willen nein". */
function endsInNo(clauses: readonly Clause[]): boolean {
  const words = clauses.flat().flatMap((item) => item.words);
  return words.length <= SHORT && bareNo.at(words, words.length - 1) > 0;
}

function afterYes(clauses: readonly Clause[], isQuestion: boolean): ReplyReading {
  if (namesValue(clauses)) return "other-value";
  const more = clauses.flat().flatMap(({ kind, words }) => (kind === "words" ? words : []));
  // "Ok, please don't send it" takes back; "ok, my card was stolen" is about something else.
  if (clauses.flat().some(({ kind }) => kind === "refusals") || (more.length <= SHORT && denies(more))) return "cancel";
  return more.length >= (isQuestion ? 1 : 2) ? "unrelated" : "confirm";
}

interface Form {
  readonly isQuestion: boolean;
  readonly hasQuestionMark: boolean;
}

function otherwise(clauses: readonly Clause[], { isQuestion, hasQuestionMark }: Form): ReplyReading {
  const items = clauses.flat();
  const words = items.flatMap((item) => (item.kind === "courtesies" ? [] : item.words));
  const isShort = words.length <= SHORT;
  const wantsChange = words.some((_word, place) => strongChanges.at(words, place) > 0);
  if (isQuestion) return wantsChange || proposes(items, words, hasQuestionMark) ? "other-value" : "unrelated";
  const hasOther = items.some(({ kind }) => kind === "names" || kind === "numbers") || replacesOwn(clauses);
  if (hasOther || wantsChange) return "other-value";
  if (!isShort) return "unrelated";
  if (namesValue(clauses)) return "other-value";
  return denies(words) ? "cancel" : "unrelated";
}

/** "Should come off the business account": what names another value and is no question for anything. */
function proposes(items: readonly Item[], words: readonly string[], hasQuestionMark: boolean): boolean {
  if (items.every(({ kind }) => kind !== "names") || asksToKnow(words)) return false;
  return words.length <= SHORT || (!hasQuestionMark && demanding.at(words, 0) > 0);
}

/** "Not Deniz, his sister": a value of the request is taken back, and something else said in its place. */
function replacesOwn(clauses: readonly Clause[]): boolean {
  const at = clauses.findIndex(
    (clause) =>
      clause.some(({ kind }) => kind === "own") &&
      clause.some(({ words }) => words.some((word) => negations.has(word))),
  );
  return at >= 0 && clauses.slice(at + 1).some((clause) => clause.some(({ kind }) => kind === "words"));
}

function asksToKnow(words: readonly string[]): boolean {
  return informing.at(words, 0) > 0 && proposing.at(words, 0) === 0;
}

/** "I am not happy with that": a short denial refuses, unless it tells only what the person does not know or see. */
function denies(words: readonly string[]): boolean {
  return words.some((word) => negations.has(word)) && !words.some((word) => unknowing.has(word));
}

/** Whether anything is said that would change the request. */
function namesValue(clauses: readonly Clause[]): boolean {
  const items = clauses.flat();
  return items.some(({ kind }) => ["numbers", "names", "changes", "times"].includes(kind)) || leads(clauses);
}

/** "… to my mum": a direction, and somebody or something behind it. */
function leads(clauses: readonly Clause[]): boolean {
  return clauses.some((clause) => {
    const words = clause.flatMap((item) => item.words);
    const place = words.findIndex((_word, at) => isDirection(words, at));
    const behind = new Set(words.slice(place + 1));
    const isNamed = clause.some((item) => item.kind === "words" && item.words.some((word) => behind.has(word)));
    const before = clause
      .flatMap((item) => (item.kind === "words" ? item.words : []))
      .filter((word) => !behind.has(word));
    return place >= 0 && isNamed && before.every((word) => directions.at([word], 0) > 0);
  });
}

/** "This is a scam": what leads somewhere in one language is a small word of another. */
function isDirection(words: readonly string[], at: number): boolean {
  if (words[at] === "a" && at > 0) return false;
  return directions.at(words, at) > 0 && !(words[at] === "to" && wishing.has(words[at - 1] ?? ""));
}

function isOnly(clause: Clause, kind: Kind): boolean {
  return (
    clause.some((item) => item.kind === kind) && clause.every((item) => item.kind === kind || SILENT.has(item.kind))
  );
}

function beginsQuestion(items: readonly Item[]): boolean {
  const words = items.filter(({ kind }) => kind !== "courtesies").flatMap((item) => item.words);
  return tables.questions.at(words, 0) > 0;
}

function table(kind: keyof ReplyWords): Phrases {
  const texts = replyWords.flatMap((words) => (words[kind] ?? "").split(";").map((text) => text.trim()));
  return phrasesOf(texts.filter((text) => text !== ""));
}
